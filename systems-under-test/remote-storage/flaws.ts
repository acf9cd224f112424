import type { Flaw } from '../../harness/contract/index.ts';
import { ABORTED_READ, LOST_WRITE, NONLINEARIZABLE } from '../shared/signs.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'acknowledges-from-write-cache',
    summary: 'the appliance acknowledges what is in its volatile cache: the power fails, and it is gone',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'writes-without-condition',
    summary:
      'writes whatever is there now: two servers that compared the same value both set theirs, and a late copy of a write undoes a newer one',
    caughtBy: [NONLINEARIZABLE],
  },
  {
    name: 'ignores-the-writer',
    summary:
      'does not look whether the block is its own already: a cas that happened is reported as failed, and a write is done twice',
    caughtBy: [ABORTED_READ, NONLINEARIZABLE],
  },
];
