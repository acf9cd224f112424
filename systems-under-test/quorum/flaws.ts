import type { Flaw } from '../../harness/contract/index.ts';

const lost = { checker: 'siblings', anomaly: 'lost' } as const;
/** Registers that behave like one copy. */
export const ATOMIC = {
  resolution: 'last-write-wins',
  timestamps: 'quorum',
  quorum: 'strict',
  readRepair: 'before-reply',
} as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'dot-in-vector',
    summary:
      'a write takes the next entry of its coordinator in the version vector, which covers the one before: the second of two blind writes at one server replaces the first, which its writer never saw',
    caughtBy: [lost],
  },
  {
    name: 'counter-restarts',
    summary:
      'a restarted server numbers its writes from 1 again: copies that know the old ones take the new ones for old, and drop them',
    caughtBy: [lost, { checker: 'siblings', anomaly: 'diverged' }],
  },
  {
    name: 'replaces-copy',
    summary: 'a copy that is handed over or repaired replaces what is there, instead of being merged with it',
    caughtBy: [lost, { checker: 'siblings', anomaly: 'diverged' }],
  },
  {
    name: 'acknowledges-before-sync',
    summary: 'a copy is acknowledged before it is on the disk: power failures take it back',
    caughtBy: [lost],
  },
  {
    name: 'trusts-damaged-copy',
    summary:
      'a server whose disk lost something takes what is left for everything, and numbers its writes on from there',
    caughtBy: [lost, { checker: 'linearizable', anomaly: 'nonlinearizable' }],
  },
  {
    name: 'new-form-to-all',
    summary:
      'a server of version 2 sends copies in its own form to all. One of version 1 sees no copy in it and answers as ever, so that what is acknowledged by a quorum is on fewer disks',
    caughtBy: [
      lost,
      { checker: 'siblings', anomaly: 'diverged' },
      { checker: 'linearizable', anomaly: 'nonlinearizable' },
      { checker: 'staleness', anomaly: 'stale-read' },
    ],
    options: ATOMIC,
  },
  {
    name: 'reads-one-copy-less',
    summary:
      'a read answers one copy too early, so that it may have asked none of those that a write was acknowledged by',
    caughtBy: [
      { checker: 'linearizable', anomaly: 'nonlinearizable' },
      { checker: 'staleness', anomaly: 'stale-read' },
    ],
    options: ATOMIC,
  },
  {
    name: 'replies-before-write-back',
    summary:
      'a read answers while it still writes back what it found: the next one may miss it, and see the older value again',
    caughtBy: [{ checker: 'linearizable', anomaly: 'nonlinearizable' }],
    options: ATOMIC,
  },
];
