import { bank } from './bank.ts';
import { queue, set, stack } from './collections.ts';
import { counter, uniqueIds } from './numbers.ts';
import { g2, rows } from './predicates.ts';
import { register } from './register.ts';
import type { Structure } from './structure.ts';
import { transactions } from './transactions.ts';

/** What the operations of each workload mean. Those of any other are transactions, or registers. */
const BY_WORKLOAD: { readonly [workload: string]: Structure } = {
  bank,
  'causal-reverse': rows,
  counter,
  'fifo-queue': queue,
  g2,
  'pn-counter': counter,
  queue,
  register,
  set,
  'set-full': set,
  stack,
  'total-queue': queue,
  'unique-ids': uniqueIds,
};

export const OPERATIONS: readonly string[] = [
  ...new Set([transactions, ...Object.values(BY_WORKLOAD)].flatMap(({ operations }) => operations)),
];

export function structureOf(workload: string, f: string): Structure {
  if (f === 'txn') return transactions;
  return BY_WORKLOAD[workload] ?? register;
}
