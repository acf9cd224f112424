import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Loader, Plugin } from 'esbuild';
import { HostedMistake } from '../mistake.ts';
import type { Edits } from './edits.ts';
import { simulatedName } from './project.ts';

/** Just enough of the project's own TypeScript. */
interface TypeScript {
  transpileModule(source: string, options: object): { readonly outputText: string };
}

/** Where a file asks for a name that is made at run time, of a folder that does not exist. */
export interface Guess {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Packages that have what express asks of an engine, `__express`. */
const VIEW_ENGINES = ['ejs', 'eta', 'hbs', 'jade', 'pug', 'twig'];
/** At least one, on a line that is no comment. */
const DECORATOR = /^(?!\s*(?:\*|\/[/*])).*(?<!['"`\w/.:-])@[A-Za-z_$]/m;
const OWN_REQUIRE =
  /\b(?:const|let|var)\s+require\s*=\s*(?:\w+\.)?createRequire\s*\(\s*import\.meta\.url\s*\)\s*;?/;
const PLACES = /\b__dirname\b|\b__filename\b|\bimport\.meta\b/;

/**
 * Each file is told its own name on the simulated machine (`__dirname`, `import.meta.url`), where it asks. Decorators with metadata, which esbuild does not write,
 * are compiled by the project's own TypeScript.
 */
export function sources(project: string, edits: Edits, guesses: readonly Guess[]): Plugin {
  const metadata = emitsMetadata(project);
  return {
    name: 'sixways-hosted-sources',
    setup(builder) {
      builder.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, ({ path }) => {
        const read = readFileSync(path, 'utf8');
        const source = withEngines(path, unguessed(path, edits.applied(path, read), guesses));
        const decorated = metadata && /\.[cm]?ts$/.test(path) && DECORATOR.test(source);
        if (!decorated && source === read && !PLACES.test(source)) return undefined;
        const code = decorated ? compile(project, path, source) : source;
        return { contents: withPlaces(project, path, code), loader: decorated ? 'js' : loaderOf(path) };
      });
    },
  };
}

/** Express loads view engines by the name that `app.set('view engine', ...)` gives: those that are installed are bundled with it. */
function withEngines(path: string, source: string): string {
  if (!/[\\/]express[\\/]lib[\\/]view\.js$/.test(path)) return source;
  const { resolve } = createRequire(path);
  const installed = VIEW_ENGINES.filter((name) => {
    try {
      return resolve(name) !== '';
    } catch {
      return false;
    }
  });
  const known = installed.map((name) => `mod === '${name}' ? require('${name}') : `).join('');
  return source.replace(/\brequire\(mod\)/, () => `(${known}require(mod))`);
}

/** Fails at run time, as in Node, where a name was guessed in vain. */
function unguessed(path: string, source: string, guesses: readonly Guess[]): string {
  const lines = new Set(guesses.filter(({ file }) => file === path).map(({ line }) => line));
  if (lines.size === 0) return source;
  const fails =
    "(id => { throw Object.assign(new Error('Cannot find module ' + id), { code: 'MODULE_NOT_FOUND' }); })(";
  return source
    .split('\n')
    .map((text, at) => (lines.has(at + 1) ? text.replace(/\brequire\s*\(/g, () => fails) : text))
    .join('\n');
}

function withPlaces(project: string, path: string, code: string): string {
  if (!PLACES.test(code)) return code;
  const file = simulatedName(project, path);
  const names = { __filename: file, __dirname: dirname(file) };
  // On the first line, so that all lines keep their numbers.
  const declared = Object.entries(names)
    .filter(
      ([name]) =>
        new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`(const|let|var)\\s+${name}\\b`).test(code),
    )
    .map(([name, value]) => `var ${name} = ${JSON.stringify(value)};`)
    .join('');
  const placed = code
    // What is required this way shall be bundled, as in a CommonJS module.
    .replace(OWN_REQUIRE, '')
    .replace(/\bimport\.meta\.url\b/g, JSON.stringify(`file://${file}`))
    .replace(/\bimport\.meta\.dirname\b/g, JSON.stringify(dirname(file)))
    .replace(/\bimport\.meta\.filename\b/g, JSON.stringify(file));
  const strict = /^(\s*['"]use strict['"];?)/.exec(placed)?.[1];
  const shebang = /^#!.*/.exec(placed)?.[0] ?? '';
  if (strict !== undefined) return `${strict};${declared}${placed.slice(strict.length)}`;
  return `${declared}${placed.slice(shebang.length)}`;
}

function loaderOf(path: string): Loader {
  const end = path.slice(path.lastIndexOf('.') + 1).replace(/^[cm]/, '');
  return end as Loader;
}

function emitsMetadata(project: string): boolean {
  try {
    const text = readFileSync(join(project, 'tsconfig.json'), 'utf8');
    return /"emitDecoratorMetadata"\s*:\s*true/.test(text);
  } catch {
    return false;
  }
}

function compile(project: string, path: string, source: string): string {
  let typescript: TypeScript;
  try {
    typescript = createRequire(join(project, 'package.json'))('typescript') as TypeScript;
  } catch {
    throw new HostedMistake(
      'no-typescript',
      `${path}: emitDecoratorMetadata is on, and needs the package typescript in the project: npm install --save-dev typescript`,
    );
  }
  return typescript.transpileModule(source, {
    fileName: path,
    compilerOptions: {
      target: 9,
      module: 99,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
      inlineSourceMap: true,
      inlineSources: false,
    },
  }).outputText;
}
