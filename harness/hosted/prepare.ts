import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BundledProgram } from './bundle/bundle.ts';
import { placesOf } from './bundle/places.ts';
import { mountOf } from './bundle/project.ts';
import { bundlingOf } from './hosted.ts';
import type { LoadedPrograms } from './hosted-host.ts';
import { HostedMistake } from './mistake.ts';

/** All programs of a system, as plain data: bundled once, then sent to every worker. */
export interface BundledPrograms {
  readonly byEntry: readonly (readonly [entry: string, program: BundledProgram])[];
  readonly web: BundledProgram;
}

/**
 * Bundles the programs of a hosted system, whose entries are relative to this folder; undefined for a system that is not hosted.
 * @throws HostedMistake naming file, line and remedy.
 */
export async function bundlePrograms(system: object, folder: string): Promise<BundledPrograms | undefined> {
  const bundling = bundlingOf(system);
  if (bundling === undefined) return undefined;
  // Loaded when it is needed: workers, which only run what was bundled, start without the bundler.
  const { bundleProgram, bundleWeb } = await import('./bundle/bundle.ts');
  const byEntry = await Promise.all(
    bundling.entries.map(async ({ entry, allowNative }) => {
      const file = resolve(folder, entry);
      if (!existsSync(file) || !statSync(file).isFile())
        throw new HostedMistake(
          'no-such-file',
          `expected a program's first file at ${entry}, got no such file`,
        );
      return [entry, await bundleProgram({ entry: file, shown: entry, allowNative })] as const;
    }),
  );
  return { byEntry, web: await bundleWeb() };
}

/** Gives a hosted system its programs: from now on it can be run in this thread. */
export function attachPrograms(system: object, { byEntry, web }: BundledPrograms): void {
  const mounts = new Map<string, ReturnType<typeof mountOf>>();
  const loaded: LoadedPrograms = {
    byEntry: new Map(byEntry),
    web,
    mountOf(project) {
      const mount = mounts.get(project) ?? mountOf(project);
      mounts.set(project, mount);
      return mount;
    },
    places: placesOf([...byEntry.map(([, program]) => program), web]),
  };
  bundlingOf(system)?.attach(loaded);
}
export { HostedMistake } from './mistake.ts';
