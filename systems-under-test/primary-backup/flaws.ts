import type { Flaw } from '../../harness/contract/index.ts';

const stale = { checker: 'linearizable', anomaly: 'nonlinearizable' } as const;
const lost = { checker: 'durability', anomaly: 'lost-write' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'lease-read',
    summary:
      'the primary answers reads alone for a while after the view service answered it: paused or cut off between that check and the act, it answers from the past, while another one leads',
    caughtBy: [stale],
  },
  {
    name: 'backup-accepts-old-view',
    summary:
      'a server goes on serving as the backup of a primary that was replaced: that one then acknowledges and reads as before',
    caughtBy: [stale, lost],
  },
  {
    name: 'acknowledges-before-backup',
    summary: 'synchronous in name only: the primary does not wait for its backups',
    caughtBy: [lost, stale],
  },
  {
    name: 'falls-back-to-asynchronous',
    summary: 'when the backups do not answer in time, the primary acknowledges without them and tells nobody',
    caughtBy: [lost, stale],
  },
  {
    name: 'view-not-persisted',
    summary:
      'the view service forgets the view when it restarts and founds a new one with whoever calls first, complete or not',
    caughtBy: [lost, stale, { checker: 'availability', anomaly: 'no-recovery' }],
  },
];
