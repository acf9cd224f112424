import type { Flaw } from '../../harness/contract/index.ts';
import { ASSERTION, GARBAGE_READ, LOST_WRITE, NO_RECOVERY, NONLINEARIZABLE } from '../shared/signs.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'accepts-stale-copies',
    summary:
      'does not compare versions: a server that was away while a file was written brings its old copy back, and it is read',
    caughtBy: [NONLINEARIZABLE, GARBAGE_READ, LOST_WRITE],
  },
  {
    name: 'acknowledges-before-sync',
    summary:
      'leaves it to the operating system when a copy reaches the disk: after a power failure all copies are gone',
    caughtBy: [ASSERTION, NO_RECOVERY],
  },
  {
    name: 'reads-unverified',
    summary: 'serves a copy without looking at its checksums: rotten bits are read',
    caughtBy: [GARBAGE_READ],
  },
  {
    name: 'copies-damaged',
    summary: 'takes a rotten copy for a source of new ones, and gives them fine checksums',
    caughtBy: [GARBAGE_READ],
  },
  {
    name: 'collects-unfinished',
    summary:
      'takes the copies of a file that is being written for garbage: the write is acknowledged, and its chunks are gone',
    caughtBy: [ASSERTION, NO_RECOVERY],
  },
];
