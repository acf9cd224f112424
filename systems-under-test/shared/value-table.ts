import type { Json } from '../../harness/contract/index.ts';

export type Key = string | number;

/** Where a store keeps its current values. */
export interface ValueTable {
  /** The value, or null for a key that was never written. @throws DamagedMemory */
  get(key: Key): Json;
  /** @throws ValueTooLarge if the table has no room for a value of this size. */
  set(key: Key, value: Json): void;
  /** @throws ValueTooLarge as `set` would. */
  admit(value: Json): void;
  /** All keys with their values, in the order of first writing. */
  entries(): (readonly [key: Key, value: Json])[];
  clear(): void;
}

/** A table in plain variables, which no fault reaches. */
export function plainTable(): ValueTable {
  const values = new Map<Key, Json>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    admit: () => {},
    entries: () => [...values],
    clear: () => values.clear(),
  };
}
