import type { Flaw } from '../../harness/contract/index.ts';

const stale = { checker: 'linearizable', anomaly: 'nonlinearizable' } as const;
const lost = { checker: 'durability', anomaly: 'lost-write' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'reads-without-lease',
    summary: 'the tail answers reads without a lease: removed while it was cut off, it answers from the past',
    caughtBy: [stale],
  },
  {
    name: 'new-tail-reads-at-once',
    summary:
      'a server that has just become the tail answers reads before it has everything that the tail before it had',
    caughtBy: [stale],
  },
  {
    name: 'acknowledges-before-tail',
    summary: 'the head replies when its own disk has the record: the head dies, and the record with it',
    caughtBy: [lost, stale],
  },
  {
    name: 'skips-silent-successor',
    summary:
      'a server whose successor is silent does without it, and does not wait for the master to say so: cut off, it goes on alone',
    caughtBy: [lost, stale],
  },
  {
    name: 'reads-dirty-versions',
    summary:
      'a server answers with the newest version that it has, committed or not: others read older ones later',
    caughtBy: [stale],
    options: { reads: 'any' },
  },
];
