import type { Flaw } from '../../harness/contract/index.ts';

const lost = { checker: 'assertions', anomaly: 'assertion' } as const;
const unserved = { checker: 'availability', anomaly: 'no-recovery' } as const;
const garbage = { checker: 'corruption', anomaly: 'garbage-read' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'accepts-stale-copies',
    summary:
      'does not compare versions: a server that was away while a file was written brings its old copy back, and it is read',
    caughtBy: [
      { checker: 'linearizable', anomaly: 'nonlinearizable' },
      garbage,
      { checker: 'durability', anomaly: 'lost-write' },
    ],
  },
  {
    name: 'acknowledges-before-sync',
    summary:
      'leaves it to the operating system when a copy reaches the disk: after a power failure all copies are gone',
    caughtBy: [lost, unserved],
  },
  {
    name: 'reads-unverified',
    summary: 'serves a copy without looking at its checksums: rotten bits are read',
    caughtBy: [garbage],
  },
  {
    name: 'copies-damaged',
    summary: 'takes a rotten copy for a source of new ones, and gives them fine checksums',
    caughtBy: [garbage],
  },
  {
    name: 'collects-unfinished',
    summary:
      'takes the copies of a file that is being written for garbage: the write is acknowledged, and its chunks are gone',
    caughtBy: [lost, unserved],
  },
];
