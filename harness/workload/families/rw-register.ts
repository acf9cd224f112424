import { transactions } from './transactions.ts';

/** For stores that have no lists: what was overwritten by what is known only where a transaction read what it overwrote. */
export const rwRegister = transactions(
  'rw-register',
  'w',
  'transactions that read registers and write unique values to them',
);
