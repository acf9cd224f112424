import type { Json } from '../../histories/index.ts';

/** What a read of a bank showed. */
export interface Balances {
  readonly entries: readonly (readonly [account: string, balance: Json])[];
  /** Sum of all balances that are numbers. */
  readonly total: number;
  /** Every balance is a number, so that the total means something. */
  readonly whole: boolean;
  /** What was shown instead of accounts. */
  readonly other?: Json;
}

/** Reads `{account: balance}`. */
export function balancesOf(value: Json): Balances {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { entries: [], total: 0, whole: false, other: value };
  const entries = Object.entries(value as { readonly [account: string]: Json });
  let total = 0;
  let whole = true;
  for (const [, balance] of entries) {
    if (typeof balance === 'number') total += balance;
    else whole = false;
  }
  return { entries, total, whole };
}
