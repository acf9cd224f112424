import { type Claims, SECOND } from '../../harness/contract/index.ts';

/** What systems have in common that promise linearizable, durable registers: claims, operations, workload, and who judges. */
export const linearizableRegisters = {
  claims: (): Claims => ({ consistency: 'linearizable', durability: true, recoveryWithin: 10 * SECOND }),
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 5 } }),
  checkers: () => [
    { name: 'linearizable' },
    { name: 'durability' },
    { name: 'corruption' },
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    { name: 'stats' },
  ],
} as const;
