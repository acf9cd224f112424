import type { Flaw } from '../../harness/contract/index.ts';
import { LOST_WRITE, NONLINEARIZABLE } from '../shared/signs.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'reads-without-lease',
    summary: 'the tail answers reads without a lease: removed while it was cut off, it answers from the past',
    caughtBy: [NONLINEARIZABLE],
  },
  {
    name: 'new-tail-reads-at-once',
    summary:
      'a server that has just become the tail answers reads before it has everything that the tail before it had',
    caughtBy: [NONLINEARIZABLE],
  },
  {
    name: 'acknowledges-before-tail',
    summary: 'the head replies when its own disk has the record: the head dies, and the record with it',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'skips-silent-successor',
    summary:
      'a server whose successor is silent does without it, and does not wait for the master to say so: cut off, it goes on alone',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'reads-dirty-versions',
    summary:
      'a server answers with the newest version that it has, committed or not: others read older ones later',
    caughtBy: [NONLINEARIZABLE],
    options: { reads: 'any' },
  },
];
