import type { Flaw } from '../../harness/contract/index.ts';
import { ABORTED_READ, GARBAGE_READ, LOST_WRITE, NO_RECOVERY, NONLINEARIZABLE } from '../shared/signs.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'acknowledges-before-sync',
    summary:
      'leaves it to the operating system when the log reaches the disk: the power fails first, and acknowledged writes are gone',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE, NO_RECOVERY],
  },
  {
    name: 'checkpoint-not-atomic',
    summary:
      'writes the checkpoint over the old one, unsynced, and cuts the log: a power failure leaves neither',
    caughtBy: [NO_RECOVERY, LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'acknowledges-on-full-disk',
    summary:
      'gives up the log when the disk is full and goes on in memory: the next restart forgets what it acknowledged',
    caughtBy: [LOST_WRITE, NONLINEARIZABLE],
  },
  {
    name: 'memory-not-checked',
    summary:
      'trusts the memory: flipped bits that error-correcting memory misses are served, and written to the next checkpoint',
    caughtBy: [GARBAGE_READ],
  },
  {
    name: 'retries-blindly',
    summary:
      'the client sends a write or cas again when no reply came: carried out twice, or reported as failed though it had happened',
    caughtBy: [ABORTED_READ, NONLINEARIZABLE],
  },
];
