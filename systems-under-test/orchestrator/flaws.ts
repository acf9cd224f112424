import { type Flaw, MILLISECOND } from '../../harness/contract/index.ts';
import { ASSERTION, LOST_WRITE, MANY_READS, NONLINEARIZABLE } from '../shared/signs.ts';

/** Bugs to switch on. Each is a few lines, found by the name in `flaw('...')`. */
export const flaws: readonly Flaw[] = [
  {
    name: 'resource-ignores-tokens',
    summary:
      'The resource serves whoever asks. An instance that was paused, and does not know that it was replaced, overwrites what its successor has written.',
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE],
    // The shorter the lease, the more pauses outlast it.
    options: { lease: 200 * MILLISECOND, agents: 2 },
  },
  {
    name: 'token-not-durable',
    summary:
      'The control plane counts tokens in the memory of its processes. After a restart it gives lower ones, which resources refuse; or the same one twice.',
    caughtBy: [ASSERTION, NONLINEARIZABLE],
  },
  {
    name: 'runs-after-lease',
    summary:
      'An agent goes on running its instances when its lease is over. One that is cut off answers reads from its memory while another instance writes.',
    caughtBy: [NONLINEARIZABLE],
    options: { reads: 'leased' },
    workload: MANY_READS,
  },
];
