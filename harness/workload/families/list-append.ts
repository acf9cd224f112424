import { transactions } from './transactions.ts';

/** Elle's main workload: a list shows in which order it was appended to, so that its dependencies follow from reads alone. */
export const listAppend = transactions(
  'list-append',
  'append',
  'transactions that append unique elements to lists and read whole lists',
);
