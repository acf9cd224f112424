import type { Flaw } from '../../harness/contract/index.ts';

const stale = { checker: 'linearizable', anomaly: 'nonlinearizable' } as const;
const lost = { checker: 'durability', anomaly: 'lost-write' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'lease-read',
    summary:
      'the primary answers reads alone while it believes in its lease: paused between the check and the act, it answers from the past, while another one leads',
    caughtBy: [stale],
  },
  {
    name: 'backup-accepts-old-view',
    summary:
      'a server goes on serving as the backup of a primary that was replaced: that one then acknowledges and reads as before',
    caughtBy: [stale, lost],
  },
  {
    name: 'no-state-transfer',
    summary: 'a new backup joins without the state: when it becomes primary, what was written before is gone',
    caughtBy: [lost, stale],
  },
  {
    name: 'acknowledges-before-backup',
    summary: 'synchronous in name only: the primary does not wait for its backups',
    caughtBy: [lost, stale],
  },
  {
    name: 'view-not-persisted',
    summary:
      'the view service forgets the view when it restarts and founds a new one with whoever calls first, complete or not',
    caughtBy: [lost, stale, { checker: 'availability', anomaly: 'no-recovery' }],
  },
];
