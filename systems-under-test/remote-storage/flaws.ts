import type { Flaw } from '../../harness/contract/index.ts';

export const flaws: readonly Flaw[] = [
  {
    name: 'acknowledges-from-write-cache',
    summary: 'the appliance acknowledges what is in its volatile cache: the power fails, and it is gone',
    caughtBy: [
      { checker: 'durability', anomaly: 'lost-write' },
      { checker: 'linearizable', anomaly: 'nonlinearizable' },
    ],
  },
  {
    name: 'writes-without-condition',
    summary:
      'writes whatever is there now: two servers that compared the same value both set theirs, and a late copy of a write undoes a newer one',
    caughtBy: [{ checker: 'linearizable', anomaly: 'nonlinearizable' }],
  },
  {
    name: 'ignores-the-writer',
    summary:
      'does not look whether the block is its own already: a cas that happened is reported as failed, and a write is done twice',
    caughtBy: [
      { checker: 'corruption', anomaly: 'aborted-read' },
      { checker: 'linearizable', anomaly: 'nonlinearizable' },
    ],
  },
];
