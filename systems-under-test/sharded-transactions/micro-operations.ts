import type { Json } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';
import type { Micro } from './messages.ts';

/** What a part of a transaction does where it may have all its locks. */
export interface Effects {
  /** One for each micro-operation. */
  readonly results: readonly Json[];
  readonly writes: readonly (readonly [key: Key, value: Json])[];
}

/** Carries micro-operations out one after the other; each sees what those before it wrote. @returns the reason, where a condition does not hold. */
export function evaluate(micros: readonly Micro[], latest: (key: Key) => Json): Effects | string {
  const written = new Map<Key, Json>();
  const results: Json[] = [];
  for (const [f, key, value] of micros) {
    const present = written.get(key) ?? latest(key);
    const step = carryOut(f, present, value);
    if (typeof step === 'string') return step;
    results.push(f === 'r' ? present : value);
    if (step.next !== undefined) written.set(key, step.next);
  }
  return { results, writes: [...written] };
}

/** @returns the value that is written, if one is; or why the transaction cannot be carried out. */
function carryOut(f: string, present: Json, value: Json): { readonly next?: Json } | string {
  switch (f) {
    case 'r':
      return {};
    case 'w':
      return { next: value };
    case 'append':
      return { next: [...(Array.isArray(present) ? present : []), value] };
    case 'cas': {
      const [expected, next] = value as readonly [Json, Json];
      return JSON.stringify(present) === JSON.stringify(expected) ? { next } : 'cas-mismatch';
    }
    case 'add': {
      const [amount, opening, least] = value as readonly [number, number, number | null];
      const next = (typeof present === 'number' ? present : opening) + amount;
      return least === null || next >= least ? { next } : 'insufficient-funds';
    }
    default:
      return 'unknown-micro-operation';
  }
}

/** Keys to be locked: those that are changed, for oneself; those that are only read, with other readers. */
export interface Locks {
  readonly read: readonly Key[];
  readonly write: readonly Key[];
}

export function exclude(some: Locks, others: Locks): boolean {
  return (
    some.write.some((key) => others.read.includes(key) || others.write.includes(key)) ||
    some.read.some((key) => others.write.includes(key))
  );
}

export function locksOf(micros: readonly Micro[]): Locks {
  const write = [...new Set(micros.filter(([f]) => f !== 'r').map(([, key]) => key))];
  const read = [...new Set(micros.map(([, key]) => key))].filter((key) => !write.includes(key));
  return { read, write };
}
