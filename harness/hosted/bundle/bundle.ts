import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, type BuildOptions, build, type Message } from 'esbuild';
import { HostedMistake } from '../mistake.ts';
import type { ProgramCode } from '../realm/script.ts';
import { type Edit, Edits } from './edits.ts';
import { projectOf, simulatedName } from './project.ts';
import { isOfPackage, resolving } from './resolve.ts';
import { type Guess, sources } from './sources.ts';

/** A program with all that it imports, ready to run. Plain data: it is made once, and sent to every worker. */
export interface BundledProgram extends ProgramCode {
  /** Source map, as JSON. */
  readonly map: string;
  /** Real folder of the project, which the program sees read only. */
  readonly project: string;
  /** Of the code alone, the same wherever it is run from. */
  readonly digest: string;
  /** Which edits of the mutation, by their place in the list, met their file. */
  readonly edited: readonly number[];
}

export interface BundleRequest {
  /** Absolute path of the program's first file. */
  readonly entry: string;
  /** What the user wrote, for messages. */
  readonly shown: string;
  /** Packages with native addons that the user declares pure: no clock, no randomness, no I/O. */
  readonly allowNative?: readonly string[];
  /** Functions and classes are called as in their sources, even where two of them are called the same; costs a little at each start. Default: true. */
  readonly keepNames?: boolean;
  /** A planted bug: changes of sources, in memory alone. */
  readonly mutation?: { readonly name: string; readonly edits: readonly Edit[] };
}

/**
 * Bundles a program. @throws HostedMistake naming file, line and remedy.
 */
export async function bundleProgram(request: BundleRequest): Promise<BundledProgram> {
  const project = projectOf(request.entry);
  const { name: mutation, edits: wanted = [] } = request.mutation ?? {};
  const edits = new Edits(wanted);
  const guesses: Guess[] = [];
  const end = `${mutation === undefined ? '' : `.${mutation}`}.bundle.js`;
  const common: BuildOptions = {
    entryPoints: [request.entry],
    absWorkingDir: project,
    sourceRoot: project,
    outfile: join(project, `${basename(request.entry)}${end}`),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // An import at run time is a promise of what was bundled.
    supported: { 'dynamic-import': false },
    sourcemap: 'external',
    sourcesContent: false,
    keepNames: request.keepNames ?? true,
    logLevel: 'silent',
    loader: { '.node': 'empty' },
    plugins: [resolving(request.allowNative ?? []), sources(project, edits, guesses)],
  };
  let plain = await attempt({ ...common, format: 'cjs' });
  if ('errors' in plain && addGuesses(guesses, plain.errors, project))
    plain = await attempt({ ...common, format: 'cjs' });
  const awaits = 'errors' in plain && plain.errors.every(({ text }) => /top-level await/i.test(text));
  const made = awaits
    ? await attempt({
        ...common,
        entryPoints: undefined,
        stdin: {
          contents: `import * as all from ${JSON.stringify(request.entry)}; __provide(all);`,
          resolveDir: dirname(request.entry),
          loader: 'js',
        },
        format: 'esm',
      })
    : plain;
  if ('errors' in made) {
    const lines = made.errors.map((message) => describe(message, project));
    throw new HostedMistake('does-not-build', `${request.shown} does not build:\n  ${lines.join('\n  ')}`);
  }
  return {
    file: `${simulatedName(project, request.entry)}${end}`,
    code: made.code,
    async: awaits,
    esm: isModule(request.entry, project, made.format),
    map: made.map,
    project,
    digest: createHash('sha256').update(made.code).digest('hex').slice(0, 16),
    edited: [...edits.used].map((edit) => wanted.indexOf(edit)),
  };
}

/** Whether Node would take this file for an ECMAScript module, rather than TypeScript's `import` for CommonJS. */
function isModule(entry: string, project: string, format: string | undefined): boolean {
  if (format !== 'esm' || /\.c[jt]s$/.test(entry)) return false;
  if (!/\.tsx?$/.test(entry)) return true;
  const file = join(project, 'package.json');
  return (
    existsSync(file) &&
    (JSON.parse(readFileSync(file, 'utf8')) as { readonly type?: string }).type === 'module'
  );
}

type Attempt =
  | { readonly code: string; readonly map: string; readonly format: string | undefined }
  | { readonly errors: readonly Message[] };

async function attempt(options: BuildOptions): Promise<Attempt> {
  try {
    const { outputFiles, metafile } = await build({ ...options, write: false, metafile: true });
    const text = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))!.text;
    const { entryPoint } = Object.values(metafile.outputs).find((output) => output.entryPoint !== undefined)!;
    return { code: text('.js'), map: text('.js.map'), format: metafile.inputs[entryPoint!]?.format };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    return { errors };
  }
}

/**
 * Adds the `require` of packages that try one name after the other (`'./build/' + kind + '/addon'`) where there is not even a folder.
 * @returns Whether there are any.
 */
function addGuesses(guesses: Guess[], errors: readonly Message[], project: string): boolean {
  for (const { text, location } of errors) {
    if (!/^Could not resolve require\("\.[^"]*\*/.test(text) || location === null) continue;
    const file = resolve(project, location.file);
    if (isOfPackage(file)) guesses.push({ file, line: location.line });
  }
  return guesses.length > 0;
}

function describe({ text, location, detail }: Message, folder: string): string {
  if (detail instanceof HostedMistake) return detail.message;
  if (location === null) return text;
  const file = resolve(folder, location.file);
  const shown = relative(process.cwd(), file);
  return `${shown.startsWith('..') ? file : shown}:${location.line}: ${text}`;
}

let web: Promise<BundledProgram> | undefined;

/** What `fetch`, `WebSocket` and their like are made of: the package undici, in the program's own realm. */
export function bundleWeb(): Promise<BundledProgram> {
  web ??= bundleProgram({
    entry: fileURLToPath(new URL('./index-fetch.js', import.meta.resolve('undici'))),
    shown: 'undici',
  });
  return web;
}
