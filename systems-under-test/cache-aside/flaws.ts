import type { Flaw } from '../../harness/contract/index.ts';

const stale = { checker: 'staleness', anomaly: 'stale-read' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'no-expiry',
    summary: 'entries never expire: one that missed its invalidation is served for ever',
    caughtBy: [stale],
  },
  {
    name: 'hit-renews-expiry',
    summary: 'each hit renews an entry: one that missed its invalidation and is popular is served for ever',
    caughtBy: [stale],
  },
  {
    name: 'wrong-key',
    summary:
      'finds entries by hash and does not compare the key: two keys that collide get each other’s values',
    caughtBy: [{ checker: 'corruption', anomaly: 'garbage-read' }],
  },
  {
    name: 'acknowledges-before-store',
    summary: 'acknowledges a write before the store has it: when the request is lost, so is the write',
    caughtBy: [{ checker: 'durability', anomaly: 'lost-write' }, stale],
  },
];
