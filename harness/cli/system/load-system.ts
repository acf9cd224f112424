import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SystemReference } from '../../campaign/index.ts';
import type { System } from '../../contract/index.ts';
import { oneOf } from '../../plan/index.ts';
import { AmbientAccess, trapped } from '../../simulator/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { UsageError } from '../usage-error.ts';
import { bundleSystem } from './bundle.ts';
import { checkShape, guarded } from './check-system.ts';
import { bundleLive } from './live-bundle.ts';
import { attach, usesHosted, withPrograms } from './programs.ts';
import { bundleServer, isServerFile } from './server-file.ts';
import { placeOfError } from './source-places.ts';

/** True if this is meant as a file rather than as a name of the registry. */
export function looksLikePath(name: string): boolean {
  return name.includes('/') || /\.([cm]?[jt]s|json)$/.test(name);
}

/** What a user's file is called where a path would be too much: `my-system` for `./src/my-system.ts`. */
export function labelOf(name: string): string {
  return basename(name).replace(/\.([cm]?[jt]s|json)$/, '');
}

/** Code of the live world may do what simulated code may not, and which of them a file is must be known before it is bundled, and before it is loaded. */
const SAYS_LIVE = /^\s*(readonly )?world\s*(: 'live' )?[:=]\s*['"]live['"]/m;

const realImmediate = setImmediate;

let bundles: string | undefined;

/**
 * Resolves what the user named. A file is bundled, with everything it imports, into a temporary folder.
 * @throws UsageError naming file, line and remedy.
 */
export async function resolveSystem(name: string, registered: readonly System[]): Promise<SystemReference> {
  const known = registered.find((system) => system.name === name);
  if (known !== undefined) return { name, digest: '', ...(known.world === 'live' && { live: true }) };
  if (!looksLikePath(name)) {
    const names = registered.map((system) => system.name);
    throw new UsageError(
      'unknown-system',
      `unknown system ${JSON.stringify(name)}: expected ${oneOf(names, name)}, or a path such as ./my-system.ts`,
    );
  }
  const entry = resolve(name);
  if (!existsSync(entry))
    throw new UsageError('no-such-file', `${name}: expected a file with a system, got no such file`);
  if (!statSync(entry).isFile())
    throw new UsageError('no-such-file', `${name}: expected a file with a system, got a directory`);
  const live = isServerFile(name) || SAYS_LIVE.test(readFileSync(entry, 'utf8'));
  const bundle = isServerFile(name) ? bundleServer : live ? bundleLive : bundleSystem;
  const { text, digest } = await bundle(name, entry);
  bundles ??= temporaryFolder();
  const module = join(bundles, `${labelOf(name)}-${digest}.mjs`);
  writeFileSync(module, text);
  const reference: SystemReference = { name, module, digest, ...(live && { live }) };
  if (!usesHosted(text)) return reference;
  return withPrograms(reference, entry, await loadSystem(reference, registered));
}

interface Exported {
  readonly default?: unknown;
  readonly system?: unknown;
}

/** Imports a module and throws, too, what it left behind as a rejected promise: that would end the whole process. */
async function importModule(module: string): Promise<Exported> {
  const before = process.listeners('unhandledRejection');
  const rejected: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => rejected.push(reason));
  try {
    const exported = (await import(pathToFileURL(module).href)) as Exported;
    await new Promise((turn) => realImmediate(turn));
    if (rejected.length > 0) throw rejected[0];
    return exported;
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of before) process.on('unhandledRejection', listener);
  }
}

/** Loads the system. @throws UsageError if the module does not load, or does not export one. */
export async function loadSystem(reference: SystemReference, registered: readonly System[]): Promise<System> {
  const { name, module } = reference;
  if (module === undefined) {
    const system = registered.find((candidate) => candidate.name === name);
    if (system === undefined)
      throw new UsageError('unknown-system', `unknown system ${JSON.stringify(name)}`);
    return system;
  }
  // Loaded before the traps are in place: it takes its own originals.
  if (reference.programs !== undefined) await import('../../hosted/index.ts');
  let exported: Exported;
  try {
    exported = await (reference.live === true
      ? importModule(module)
      : trapped(name, () => importModule(module)));
  } catch (error) {
    const at = placeOfError(error, module);
    if (error instanceof AmbientAccess)
      throw new UsageError(error.code, `${at || name}: while it loads, ${error.message}`);
    throw new UsageError(
      'does-not-load',
      `${name} does not load: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}${at && ` (${at})`}`,
    );
  }
  const system = exported.default ?? exported.system;
  checkShape(name, system);
  if (reference.programs !== undefined) await attach(system, reference.programs);
  if ((system.world === 'live') !== (reference.live === true))
    throw new UsageError(
      'world',
      `${name}: expected ${reference.live === true ? "the exported system to be what says world: 'live'" : "a line world: 'live', in this file, of a system of the live world"}, got ${system.world ?? 'a system of the simulator'}`,
    );
  return guarded(name, system, module);
}
