import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BundledProgram } from './bundle/bundle.ts';
import { placesOf } from './bundle/places.ts';
import { mountOf } from './bundle/project.ts';
import { bundleKey, bundlingOf } from './hosted.ts';
import type { LoadedPrograms } from './hosted-host.ts';
import { HostedMistake } from './mistake.ts';

type Entry = NonNullable<ReturnType<typeof bundlingOf>>['entries'][number];
type Mutation = NonNullable<ReturnType<typeof bundlingOf>>['mutations'][number];

/** All programs of a system, as plain data: bundled once, then sent to every worker. */
export interface BundledPrograms {
  /** By `bundleKey`. */
  readonly byEntry: readonly (readonly [key: string, program: BundledProgram])[];
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
  const bundled = ({ entry, allowNative }: Entry, mutation?: Mutation) => {
    const file = resolve(folder, entry);
    if (!existsSync(file) || !statSync(file).isFile())
      throw new HostedMistake(
        'no-such-file',
        `expected a program's first file at ${entry}, got no such file`,
      );
    return bundleProgram({ entry: file, shown: entry, allowNative, ...(mutation && { mutation }) });
  };
  const { entries, mutations } = bundling;
  const plain = await Promise.all(
    entries.map(async (entry) => [bundleKey(entry.entry), await bundled(entry)] as const),
  );
  const mutated = mutations.map(async (mutation) => {
    const all = await Promise.all(
      entries.map(
        async (entry) => [bundleKey(entry.entry, mutation.name), await bundled(entry, mutation)] as const,
      ),
    );
    const met = new Set(all.flatMap(([, { edited }]) => edited));
    const missed = mutation.edits.find((_, nth) => !met.has(nth));
    if (missed !== undefined)
      throw new HostedMistake(
        'edit',
        `flaw ${mutation.name}: expected a program that loads ${missed.file}, found none`,
      );
    return all.filter(([, { edited }]) => edited.length > 0);
  });
  const byEntry = [...plain, ...(await Promise.all(mutated)).flat()];
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
