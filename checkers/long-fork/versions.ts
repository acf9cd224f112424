import { type Identity, identityOf } from '../shared/identity.ts';
import { inWords } from '../shared/words.ts';
import { OK, type TransactionTable } from '../transactions/transaction-table.ts';
import type { MicroOperations, Write } from './micro-operations.ts';
import type { LongForkOptions } from './options.ts';

/** The versions of all keys one after the other, each key's in the order of writing. */
export interface Versions {
  readonly writes: readonly Write[];
  /** Where a key's versions begin and end. Keys whose order is not known are left out. */
  readonly range: ReadonlyMap<Identity, readonly [from: number, end: number]>;
  /** The version of a key and value. */
  readonly at: ReadonlyMap<Identity, number>;
  /** Why the order of some keys is not known, the first in words. */
  readonly unordered: { readonly keys: number; readonly reason?: string };
}

/**
 * Which versions a key had, and in which order. An indeterminate write that no read shows is taken not to have happened: it may, but then nothing follows from
 * it, as it may be later than everything else.
 */
export function versionsOf(
  table: TransactionTable,
  micros: MicroOperations,
  { versions: how = 'once' }: LongForkOptions,
): Versions {
  const seen = new Set(micros.reads.map(({ identity }) => identity));
  // A transaction that was seen anywhere has happened everywhere.
  const happened = table.outcome.map((outcome) => (outcome === OK ? 1 : 0));
  for (const ofKey of micros.writes.values()) {
    for (const { transaction, key, value } of ofKey)
      if (seen.has(identityOf([key, value]))) happened[transaction] = 1;
  }
  const writes: Write[] = [];
  const range = new Map<Identity, readonly [number, number]>();
  const at = new Map<Identity, number>();
  let keys = 0;
  let reason: string | undefined;
  for (const [id, ofKey] of micros.writes) {
    const problem = disorder(ofKey, how);
    if (problem !== undefined) {
      keys++;
      reason ??= problem;
      continue;
    }
    const from = writes.length;
    const those = ofKey.filter(({ transaction }) => happened[transaction] === 1);
    if (how === 'ascending') those.sort((a, b) => Number(a.value) - Number(b.value));
    for (const write of those) at.set(identityOf([write.key, write.value]), writes.push(write) - 1);
    range.set(id, [from, writes.length]);
  }
  return { writes, range, at, unordered: reason === undefined ? { keys } : { keys, reason } };
}

function disorder(writes: readonly Write[], how: 'once' | 'ascending'): string | undefined {
  const { key } = writes[0]!;
  if (writes.some(({ value }) => value === null))
    return `null was written to key ${inWords(key)}, and is what an unwritten key shows`;
  if (how === 'once') {
    if (writes.length === 1) return undefined;
    return `key ${inWords(key)} was written ${writes.length} times, so the order of its versions is not known (option "versions": "ascending" takes it from the values)`;
  }
  if (writes.some(({ value }) => typeof value !== 'number'))
    return `what was written to key ${inWords(key)} is not all numbers, so the order of its versions is not known`;
  if (new Set(writes.map(({ value }) => value)).size < writes.length)
    return `a value was written to key ${inWords(key)} more than once, so the order of its versions is not known`;
  return undefined;
}
