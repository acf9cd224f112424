import type { Generator, Json, Workload } from '../../contract/index.ts';
import { limit } from '../limit.ts';
import { generate } from '../once.ts';

export type BankOptions = {
  /** Number of accounts, named 0, 1, ... */
  readonly accounts: number;
  /** Sum of all balances. */
  readonly total: number;
  /** Largest amount moved at once. */
  readonly maxTransfer: number;
  /** Balances may be below zero. */
  readonly negativeBalances: boolean;
  /** Relative frequencies. */
  readonly readShare: number;
  readonly transferShare: number;
};

const share = { type: 'number', minimum: 0, default: 1 } as const;

/** Reads at the end. */
const FINAL_READS = 3;

/**
 * Transfers between accounts, `{from, to, amount}`, and reads of all balances, `{account: balance}`. Whoever serves it opens the accounts with
 * balances that add up to the total.
 */
export const bank: Workload<BankOptions> = {
  name: 'bank',
  summary: 'transfers between accounts, and reads of all balances at once',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      accounts: { type: 'integer', minimum: 2, maximum: 10_000, default: 8 },
      total: { type: 'integer', minimum: 0, default: 100 },
      maxTransfer: { type: 'integer', minimum: 1, default: 5 },
      negativeBalances: { type: 'boolean', default: false },
      readShare: share,
      transferShare: share,
    },
  },
  operations: ['read', 'transfer'],
  main: traffic,
  final: () =>
    limit(
      FINAL_READS,
      generate(() => ({ f: 'read', value: null })),
    ),
  checkers: ({ accounts, total, negativeBalances }) => [
    { name: 'bank', options: { accounts: accountsOf(accounts), total, negativeBalances } },
  ],
};

function accountsOf(count: number): Json {
  return Array.from({ length: count }, (_, account) => account);
}

function traffic({ accounts, maxTransfer, readShare, transferShare }: BankOptions): Generator {
  const total = readShare + transferShare;
  if (!(total > 0))
    throw new RangeError(`bank: expected a positive share, got ${readShare}, ${transferShare}`);
  return generate((context) => {
    const thread = context.free[0]!;
    const random = context.draws(thread);
    if (random.fraction() * total < readShare) return { f: 'read', value: null, thread };
    const from = random.integer(0, accounts - 1);
    const other = random.integer(0, accounts - 2);
    const amount = random.integer(1, maxTransfer);
    // Never to the same account.
    return { f: 'transfer', value: { from, to: other < from ? other : other + 1, amount }, thread };
  });
}
