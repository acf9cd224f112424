import type { Flaw } from '../../harness/contract/index.ts';
import { LOST_WRITE, MANY_READS, NONLINEARIZABLE } from '../shared/signs.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'acknowledges-before-other-sites',
    summary:
      'synchronous in name only: a write is acknowledged when it is on the disk of the site that leads',
    caughtBy: [NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'reads-unconfirmed',
    summary:
      'the site that leads answers reads without asking the others whether it still does: cut off, it answers from the past',
    caughtBy: [NONLINEARIZABLE],
    workload: MANY_READS,
  },
  {
    name: 'votes-for-anybody',
    summary:
      'a site votes for one whose copy is older than its own: what is acknowledged is given up with the old leader',
    caughtBy: [NONLINEARIZABLE, LOST_WRITE],
  },
];
