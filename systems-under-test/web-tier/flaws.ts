import type { Flaw } from '../../harness/contract/index.ts';

const twice = [
  { checker: 'linearizable', anomaly: 'nonlinearizable' },
  { checker: 'corruption', anomaly: 'aborted-read' },
] as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'state-in-front-end',
    summary:
      'a front end answers reads with what it saw last: right only as long as all requests go to the same one',
    caughtBy: [twice[0], { checker: 'durability', anomaly: 'lost-write' }],
  },
  {
    name: 'forgets-earlier-attempts',
    summary:
      'reports what became of the last attempt: that a request failed, though an earlier attempt without an answer was carried out',
    caughtBy: [twice[1], twice[0]],
  },
  {
    name: 'new-number-for-a-retry',
    summary: 'sends a request again under a new number: the store carries it out twice',
    caughtBy: twice,
  },
  {
    name: 'ejects-for-good',
    summary:
      'a balancer never takes a front end back that once did not answer, and refuses when none is left: a cluster that is well again serves nobody',
    caughtBy: [{ checker: 'availability', anomaly: 'no-recovery' }],
  },
];
