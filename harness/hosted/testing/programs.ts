import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../../histories/index.ts';
import type { Host } from '../../contract/index.ts';
import { testWorld } from '../../simulator/testing/world.ts';
import { bundleProgram, bundleWeb } from '../bundle/bundle.ts';
import { placesOf } from '../bundle/places.ts';
import { mountOf } from '../bundle/project.ts';
import { HostedHost, type LoadedPrograms } from '../hosted-host.ts';

// As the command line does it: programs ask for local times.
process.env.TZ = 'UTC';

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));

export interface RanPrograms {
  /** What each host printed, a line each, standard output and standard error. */
  readonly printed: { readonly [host: string]: readonly string[] };
  /** Uncaught errors, as observations tell them. */
  readonly uncaught: readonly string[];
  readonly notes: readonly { readonly host: string; readonly kind: string; readonly data: Json }[];
  readonly digest: string | undefined;
}

/**
 * Runs each of these programs on a host, `n1` and so on, for some seconds of virtual time. `files` are more files of the project, by name.
 * @throws what ends the run: a leak, say.
 */
export async function runPrograms(
  sources: readonly string[],
  {
    files = {},
    seconds = 5,
    seed = 1,
    env = {},
    extension = 'mjs',
    simulated = [],
    during,
  }: {
    readonly files?: { readonly [name: string]: string };
    readonly seconds?: number;
    readonly seed?: number;
    readonly env?: { readonly [name: string]: string };
    readonly extension?: string;
    /** Programs written against `Host`, on the hosts after those. */
    readonly simulated?: readonly ((host: Host) => void)[];
    readonly during?: (world: ReturnType<typeof testWorld>['world']) => void;
  } = {},
): Promise<RanPrograms> {
  return inFolder({ 'package.json': '{}', ...files }, async (folder) => {
    const bundles = await Promise.all(
      sources.map((source, nth) => {
        const entry = join(folder, `program${nth + 1}.${extension}`);
        writeFileSync(entry, source);
        return bundleProgram({ entry, shown: `program${nth + 1}.${extension}` });
      }),
    );
    const web = await bundleWeb();
    const loaded: LoadedPrograms = {
      byEntry: new Map(bundles.map((bundle) => [bundle.file, bundle])),
      web,
      mountOf,
      places: placesOf([...bundles, web]),
    };
    const { world, observations } = testWorld(Math.max(2, sources.length + simulated.length), {}, { seed });
    const hosts = {};
    bundles.forEach((bundle, nth) => {
      world.boot(`n${nth + 1}`, (host) => {
        const start = { bundle, env, arguments: [], boot: 0, perEvent: 0 };
        new HostedHost(host, hosts, loaded, start).start();
      });
    });
    simulated.forEach((start, nth) => {
      world.boot(`n${sources.length + nth + 1}`, start);
    });
    during?.(world);
    world.at(seconds * 1e9, () => world.stop());
    const { digest } = await world.run();
    const notes = observations.filter(({ type }) => type === 'note') as RanPrograms['notes'];
    const printed: { [host: string]: string[] } = {};
    for (const { host, kind, data } of notes) {
      if (kind !== 'out' && kind !== 'err') continue;
      printed[host] ??= [];
      printed[host].push(String(data));
    }
    return {
      printed,
      uncaught: observations
        .filter(({ type }) => type === 'uncaught')
        .map(({ host, kind, data }) => `${host} ${kind}: ${String(data)}`),
      notes,
      digest,
    };
  });
}

/** Does something in a folder with these files, which is below the packages: its programs can import them. */
export async function inFolder<T>(
  files: { readonly [name: string]: string },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'hosted-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
