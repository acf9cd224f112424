import type { Flaw } from '../../harness/contract/index.ts';

type Sign = Flaw['caughtBy'][number];

/** Signs by which flaws of a store of registers show. */
export const LOST_WRITE: Sign = { checker: 'durability', anomaly: 'lost-write' };
export const NONLINEARIZABLE: Sign = { checker: 'linearizable', anomaly: 'nonlinearizable' };
export const ABORTED_READ: Sign = { checker: 'corruption', anomaly: 'aborted-read' };
export const GARBAGE_READ: Sign = { checker: 'corruption', anomaly: 'garbage-read' };
export const NO_RECOVERY: Sign = { checker: 'availability', anomaly: 'no-recovery' };
export const ASSERTION: Sign = { checker: 'assertions', anomaly: 'assertion' };

/** Few registers that are read far more than written: what makes reads wrong shows soon. */
export const MANY_READS: NonNullable<Flaw['workload']> = {
  name: 'register',
  options: { keys: 2, readShare: 16 },
};
