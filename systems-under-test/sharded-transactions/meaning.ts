import type { Json, Request } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';
import type { Micro } from './messages.ts';

/** An operation as a transaction, and what its results are to the client. */
export interface Meaning {
  readonly micros: readonly Micro[];
  value(results: readonly Json[]): Json;
}

type BankOptions = { readonly accounts: number; readonly total: number; readonly negativeBalances: boolean };
type Transfer = { readonly from: number; readonly to: number; readonly amount: number };

export const OPERATIONS = [
  'txn',
  'txn/r',
  'txn/w',
  'txn/append',
  'read',
  'write',
  'cas',
  'transfer',
] as const;

/** `read` of no key is one of all accounts of the workload `bank`. Undefined for what it does not know. */
export function meaningOf({ f, key, value }: Request, workload: Json): Meaning | undefined {
  if (f === 'txn') {
    const micros = value as unknown as readonly Micro[];
    return { micros, value: (results) => micros.map(([name, on], nth) => [name, on, results[nth]!]) };
  }
  if (f === 'transfer') return transfer(value as Transfer, workload as BankOptions);
  if (f === 'read' && key === undefined) return balances(workload as BankOptions);
  const micro = { read: 'r', write: 'w', cas: 'cas' }[f];
  if (micro === undefined || key === undefined) return undefined;
  return { micros: [[micro, key, value]], value: ([result]) => result ?? null };
}

/** Before anything is moved, everybody has the same, and the first ones one more where it does not come out even. */
function opening({ accounts, total }: BankOptions, account: number): number {
  return Math.floor(total / accounts) + (account < total % accounts ? 1 : 0);
}

const placeOf = (account: number): Key => `account ${account}`;

function transfer(moved: Transfer, options: BankOptions): Meaning {
  const least = options.negativeBalances ? null : 0;
  const add = (account: number, amount: number): Micro => [
    'add',
    placeOf(account),
    [amount, opening(options, account), least],
  ];
  return { micros: [add(moved.from, -moved.amount), add(moved.to, moved.amount)], value: () => moved };
}

function balances(options: BankOptions): Meaning {
  const accounts = Array.from({ length: options.accounts }, (_, account) => account);
  return {
    micros: accounts.map((account) => ['r', placeOf(account), null]),
    value: (results) =>
      Object.fromEntries(accounts.map((account) => [account, results[account] ?? opening(options, account)])),
  };
}
