import type { Flaw } from '../../harness/contract/index.ts';
import { LOST_WRITE, NONLINEARIZABLE } from '../shared/signs.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'backup-deletes-along',
    summary:
      'the backup mirrors the server: one that starts with nothing on its disk is copied, nothing and all. A replica is no backup',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'restore-skips-tail',
    summary: 'a restore takes the snapshot and not the log that was shipped since',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'acknowledges-before-shipped',
    summary:
      'ships the log now and then, and acknowledges writes before: a deletion costs those of the last fifth of a second',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
];
