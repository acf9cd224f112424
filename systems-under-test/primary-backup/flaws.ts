import type { Flaw } from '../../harness/contract/index.ts';
import { ASSERTION, LOST_WRITE, NO_RECOVERY, NONLINEARIZABLE } from '../shared/signs.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'lease-read',
    summary:
      'the primary answers reads alone for a while after the view service answered it: paused or cut off between that check and the act, it answers from the past, while another one leads',
    caughtBy: [NONLINEARIZABLE],
  },
  {
    name: 'backup-accepts-old-view',
    summary:
      'a server goes on serving as the backup of a primary that was replaced: that one then acknowledges and reads as before',
    caughtBy: [NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'acknowledges-before-backup',
    summary: 'synchronous in name only: the primary does not wait for its backups',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'falls-back-to-asynchronous',
    summary: 'when the backups do not answer in time, the primary acknowledges without them and tells nobody',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'view-not-persisted',
    summary:
      'the view service forgets the view when it restarts and founds a new one with whoever calls first, complete or not',
    caughtBy: [ASSERTION, LOST_WRITE, NONLINEARIZABLE, NO_RECOVERY],
  },
];
