import type { Generation } from '../../harness/campaign/index.ts';
import { registries } from '../../harness/cli/registries.ts';
import type { Json, System } from '../../harness/contract/index.ts';
import { kindsDrawn } from '../../harness/plan/index.ts';

/** Plans that may notice a mutant: those of a system with these settings. */
export interface Trial {
  readonly system: string;
  readonly generation: Generation;
}

type Options = { readonly [option: string]: Json };

/** What makes a message late by a whole change of leader, or come twice. */
const LATE = [
  'packet-delay',
  'packet-duplicate',
  'packet-reorder',
  'pause-process',
  'kill',
  'restart',
  'partition-one',
  'partition-one-way',
  'partition-primary',
];

/** What takes unsynced writes away, and what makes a process read its disk again. */
const POWER = [
  'power-loss',
  'crash',
  'lost-writes',
  'torn-writes',
  'kill',
  'disk-destroyed',
  'disk-slow',
  'wrong-deletion',
];

/** Short logs and small messages, so that several checkpoints and transfers are in a run: for systems that have these options. */
const SHORT: Options = {
  checkpointBytes: 512,
  snapshotBytes: 512,
  snapshotEvery: 10,
  keepBehindSnapshot: 0,
  entriesPerAppend: 2,
  recordsKept: 2,
};

/**
 * Everything that a system tolerates, with its defaults and with the options that flaws of it need; and the faults that bring old messages,
 * and those that bring old disks, by themselves, so that they come close together.
 */
export function trialsOf(name: string): readonly Trial[] {
  const system = registries.systems.find((each) => each.name === name)!;
  const different = new Map<string, Options>([['{}', {}]]);
  for (const { options = {} } of system.flaws) different.set(JSON.stringify(options), options as Options);
  const only = (faults: readonly string[], options: Json): Generation => {
    const tolerated = kindsDrawn({ system, nemeses: registries.nemeses, options });
    return { options, faults: faults.filter((fault) => tolerated.includes(fault)) };
  };
  const short = shortLogs(system);
  const settings: readonly Generation[] = [
    ...[...different.values()].flatMap((options) => [{ options }, only(LATE, { ...options, ...short })]),
    only(POWER, short),
  ];
  return settings.map((generation) => ({ system: name, generation }));
}

function shortLogs({ options }: System): Options {
  const known = Object.keys((options.properties ?? {}) as { readonly [option: string]: Json });
  return Object.fromEntries(Object.entries(SHORT).filter(([option]) => known.includes(option)));
}
