import type { Flaw } from '../../harness/contract/index.ts';

const wrong = [{ checker: 'assertions', anomaly: 'assertion' }] as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'matches-block-alone',
    summary:
      'looks cached blocks up by their own text: keys and values that were computed behind another beginning are used',
    caughtBy: wrong,
  },
  {
    name: 'cache-not-checked',
    summary: 'trusts the memory of the cache: flipped bits go into the answers',
    caughtBy: wrong,
  },
  {
    name: 'ejects-for-good',
    summary: 'the router never asks a worker again that once did not answer, and in the end nobody',
    caughtBy: [{ checker: 'availability', anomaly: 'no-recovery' }],
  },
];
