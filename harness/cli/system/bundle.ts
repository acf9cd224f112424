import { createHash } from 'node:crypto';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, type BuildOptions, build, type Message, type Plugin } from 'esbuild';
import { LOADING } from '../../simulator/index.ts';
import { PACKAGE_ROOT } from '../code-digest.ts';
import { UsageError } from '../usage-error.ts';
import { findAmbientUses } from './ambient.ts';
import { findModuleState } from './module-state.ts';
import { SourcePlaces } from './source-places.ts';

const BUILTINS = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/** What replaces a builtin module inside the simulated world. */
function replacementOf(builtin: string): string {
  const name = builtin.replace(/^node:/, '');
  if (name.startsWith('fs')) return 'host.disk';
  if (/^(net|http|https|http2|dgram|tls|dns)/.test(name)) return 'host.network';
  if (name.startsWith('timers')) return 'host.after() or host.sleep()';
  if (name === 'crypto') return 'host.random (and crc32 of sixways for checksums)';
  if (name === 'perf_hooks' || name === 'process') return 'host.clock';
  if (name === 'events') return 'plain callbacks';
  return 'the facilities of host';
}

/** What systems may import of this package, by where it is compiled. */
const PUBLIC: Readonly<Record<string, string>> = {
  sixways: 'index.js',
  'sixways/hosted': 'harness/hosted/index.js',
  'sixways/redis': 'systems-under-test/hosted/resp/index.js',
};

const REQUIRED = 'sixways-required';

const simulatedImports: Plugin = {
  name: 'sixways-imports',
  setup(builder) {
    builder.onResolve({ filter: /^sixways(\/.*)?$/ }, ({ path, kind }) => {
      if (!(path in PUBLIC))
        return {
          errors: [{ text: `"${path}" cannot be imported by a system: what systems need is in "sixways"` }],
        };
      if (kind === 'require-call') return { path, namespace: REQUIRED };
      return { path: pathToFileURL(join(PACKAGE_ROOT, PUBLIC[path]!)).href, external: true };
    });
    // For CommonJS files, since the bundle is a module and has no require.
    builder.onLoad({ filter: /.*/, namespace: REQUIRED }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(path)};`,
    }));
    builder.onResolve({ filter: /.*/ }, ({ path }) => {
      if (!BUILTINS.has(path)) return undefined;
      const text = `"${path}" cannot be imported by code that runs inside the simulated world: use ${replacementOf(path)} instead`;
      return { errors: [{ text }] };
    });
  },
};

/** A user's file with everything it imports, as one module. */
export interface Bundle {
  /** With its source map in its last line. */
  readonly text: string;
  /** Of the code alone; the same wherever it is run from. */
  readonly digest: string;
}

/**
 * Bundles a user's file and looks it over for what would make runs depend on the machine, or on each other.
 * @throws UsageError naming file, line and remedy.
 */
export async function bundleSystem(name: string, entry: string): Promise<Bundle> {
  const { code, map } = await buildModule(name, dirname(entry), {
    entryPoints: [entry],
    // Its top level runs with the traps armed, in one go: nothing else of this process may run meanwhile.
    supported: { 'top-level-await': false },
    banner: { js: `globalThis[Symbol.for(${JSON.stringify(LOADING.description)})]?.(true);` },
    footer: { js: `globalThis[Symbol.for(${JSON.stringify(LOADING.description)})]?.(false);` },
    plugins: [simulatedImports],
  });
  const places = new SourcePlaces(map);
  const ambient = findAmbientUses(code).map(
    ({ at, what, instead }) =>
      `${places.ofOffset(code, at)}: ${what} differs between machines: use ${instead} instead`,
  );
  if (ambient.length > 0) throw new UsageError('ambient-access', `${name}:\n  ${ambient.join('\n  ')}`);
  const state = findModuleState(code).map(
    ({ name: variable, declaredAt, changedAt }) =>
      `${places.ofOffset(code, changedAt)}: changes "${variable}" (declared at ${places.ofOffset(code, declaredAt)})`,
  );
  if (state.length > 0) {
    throw new UsageError(
      'module-state',
      `${name}: module state outlives an incarnation, and is shared by all hosts and runs. Keep it inside start(): each incarnation of each host then has its own\n  ${state.join('\n  ')}`,
    );
  }
  return asBundle(code, map, code);
}

/** `digested`: the code as it is the same everywhere. */
export function asBundle(code: string, map: string, digested: string): Bundle {
  return {
    text: `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`,
    digest: createHash('sha256').update(digested).digest('hex').slice(0, 16),
  };
}

/** One module of what the user wrote. `folder`: from where it is. @throws UsageError naming file and line. */
export async function buildModule(
  name: string,
  folder: string,
  options: BuildOptions,
): Promise<{ readonly code: string; readonly map: string }> {
  try {
    const { outputFiles } = await build({
      absWorkingDir: folder,
      sourceRoot: folder,
      outfile: join(folder, 'bundle.js'),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
      ...options,
    });
    const text = (end: string): string => outputFiles!.find(({ path }) => path.endsWith(end))!.text;
    return { code: text('.js'), map: text('.js.map') };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    throw new UsageError(
      'does-not-build',
      `${name} does not build:\n  ${errors.map((message) => describe(message, folder)).join('\n  ')}`,
    );
  }
}

function describe({ text, location }: Message, folder: string): string {
  if (location === null) return text;
  const file = resolve(folder, location.file);
  const shown = relative(process.cwd(), file);
  return `${shown.startsWith('..') ? file : shown}:${location.line}: ${text}`;
}
