import type { Flaw } from '../../harness/contract/index.ts';

const lost = { checker: 'crdt-set', anomaly: 'lost' } as const;
const diverged = { checker: 'crdt-set', anomaly: 'diverged' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'removes-for-good',
    summary: 'a removal is remembered by its element: what is added again afterwards stays away',
    caughtBy: [lost, diverged],
  },
  {
    name: 'merges-by-union',
    summary:
      'two states are merged by the union of what is in them: removed elements come back from replicas that have not heard',
    caughtBy: [{ checker: 'crdt-set', anomaly: 'resurrected' }, diverged],
  },
  {
    name: 'merges-net-counts',
    summary:
      'of two entries of an actor the greater sum is taken for the newer one: what was taken away is not told',
    caughtBy: [{ checker: 'crdt-counter', anomaly: 'wrong-sum' }],
    options: { type: 'counter' },
  },
  {
    name: 'numbers-anew',
    summary:
      'a restarted replica numbers its additions from 1 again: whoever knows the old ones takes the new ones for removed',
    caughtBy: [diverged, lost],
  },
  {
    name: 'acknowledges-before-sync',
    summary:
      'an operation is acknowledged before it is on the disk: a power failure takes it back, unless it was told in time',
    caughtBy: [lost, diverged],
  },
];
