import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, build, type Plugin } from 'esbuild';
import type { SystemReference } from '../campaign/index.ts';
import type { System } from '../contract/index.ts';
import { PACKAGE_ROOT } from './code-digest.ts';
import { findModuleState } from './module-state.ts';
import { UsageError } from './usage-error.ts';

const BUILTINS = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
/** What replaces a builtin module inside the simulated world. */
function replacementOf(builtin: string): string {
  const name = builtin.replace(/^node:/, '');
  if (name.startsWith('fs')) return 'host.disk';
  if (/^(net|http|https|http2|dgram|tls|dns)/.test(name)) return 'host.network';
  if (name.startsWith('timers')) return 'host.after() or host.sleep()';
  if (name === 'crypto') return 'host.random (and crc32 of sixways for checksums)';
  if (name === 'perf_hooks' || name === 'process') return 'host.clock';
  return 'the facilities of host';
}

const simulatedImports: Plugin = {
  name: 'sixways-imports',
  setup(builder) {
    builder.onResolve({ filter: /^sixways(\/.*)?$/ }, (args) => {
      const file = {
        sixways: 'index.js',
        'sixways/checkers': 'checkers/index.js',
        'sixways/histories': 'histories/index.js',
      }[args.path];
      if (file === undefined) return { errors: [{ text: `sixways has no entry ${args.path}` }] };
      return { path: pathToFileURL(join(PACKAGE_ROOT, file)).href, external: true };
    });
    builder.onResolve({ filter: /.*/ }, (args) => {
      if (!BUILTINS.has(args.path)) return undefined;
      return {
        errors: [
          {
            text: `"${args.path}" cannot be imported by code that runs inside the simulated world: use ${replacementOf(args.path)} instead`,
          },
        ],
      };
    });
  },
};

/** Folder of this process's bundles. */
let bundles: string | undefined;

/** Removes what `resolveSystem` wrote. */
export function removeBundles(): void {
  if (bundles !== undefined) rmSync(bundles, { recursive: true, force: true });
  bundles = undefined;
}

/** True if this is meant as a file rather than as a name of the registry. */
export function looksLikePath(name: string): boolean {
  return name.includes('/') || /\.[cm]?[jt]s$/.test(name);
}

/**
 * Resolves what the user named. A file is bundled once, with everything it imports, and looked over for what would make runs depend on the
 * machine. @throws UsageError naming file, line and remedy.
 */
export async function resolveSystem(name: string, registered: readonly System[]): Promise<SystemReference> {
  if (registered.some((system) => system.name === name)) return { name, digest: '' };
  if (!looksLikePath(name)) {
    const known = registered.map((system) => system.name).join(', ');
    throw new UsageError(
      'unknown-system',
      `unknown system ${JSON.stringify(name)}: expected one of ${known}, or a path such as ./my-system.ts`,
    );
  }
  const entry = resolve(name);
  if (!existsSync(entry)) throw new UsageError('no-such-file', `${name}: no such file`);
  const code = await bundle(name, entry);
  const state = findModuleState(code);
  if (state.length > 0) {
    const places = state.map(({ name: variable }) => `"${variable}"${lineOf(entry, variable)}`).join(', ');
    throw new UsageError(
      'module-state',
      `${name}: module state that outlives an incarnation: ${places} is changed inside functions. Keep it inside start(): each incarnation of each host then has its own`,
    );
  }
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 16);
  bundles ??= mkdtempSync(join(tmpdir(), 'sixways-'));
  const module = join(bundles, `${basename(entry).replace(/\.[cm]?[jt]s$/, '')}-${digest}.mjs`);
  writeFileSync(module, code);
  return { name, module, digest };
}

async function bundle(name: string, entry: string): Promise<string> {
  try {
    const result = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
      plugins: [simulatedImports],
    });
    return result.outputFiles[0]!.text;
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (errors === undefined) throw error;
    const lines = errors.map(({ text, location }) =>
      location ? `${location.file}:${location.line}: ${text}` : text,
    );
    throw new UsageError('does-not-build', `${name} does not build:\n  ${lines.join('\n  ')}`);
  }
}

function lineOf(file: string, variable: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.findIndex((line) => new RegExp(`\\b(?:let|var|const)\\s+${variable}\\b`).test(line));
  return at < 0 ? '' : ` (line ${at + 1})`;
}

/** Loads the system. @throws UsageError if the module does not export one. */
export async function loadSystem(reference: SystemReference, registered: readonly System[]): Promise<System> {
  if (reference.module === undefined) {
    const system = registered.find(({ name }) => name === reference.name);
    if (system === undefined)
      throw new UsageError('unknown-system', `unknown system ${JSON.stringify(reference.name)}`);
    return system;
  }
  let exported: { readonly default?: unknown; readonly system?: unknown };
  try {
    exported = (await import(pathToFileURL(reference.module).href)) as typeof exported;
  } catch (error) {
    throw new UsageError(
      'does-not-load',
      `${reference.name} does not load: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const system = exported.default ?? exported.system;
  checkShape(reference.name, system);
  return system;
}

const REQUIRED: Readonly<Record<string, string>> = {
  name: 'string',
  summary: 'string',
  options: 'object',
  roles: 'function',
  start: 'function',
  client: 'function',
  claims: 'function',
  tolerance: 'function',
  flaws: 'object',
  workload: 'function',
  checkers: 'function',
};

function checkShape(file: string, system: unknown): asserts system is System {
  if (typeof system !== 'object' || system === null) {
    throw new UsageError(
      'no-system',
      `${file}: expected a default export of type System, got ${system === null ? 'null' : typeof system}`,
    );
  }
  for (const [property, type] of Object.entries(REQUIRED)) {
    const actual = typeof (system as Record<string, unknown>)[property];
    if (actual !== type) {
      throw new UsageError(
        'no-system',
        `${file}: expected the exported system to have ${property} (${type}), got ${actual}`,
      );
    }
  }
}
