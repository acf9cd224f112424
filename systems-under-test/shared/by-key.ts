import type { Json } from '../../harness/contract/index.ts';

/** Entries as an object: equal for equal entries, in whatever order they come. */
export function byKey(entries: Iterable<readonly [key: string | number, value: Json]>): {
  readonly [key: string]: Json;
} {
  return Object.fromEntries(entries);
}
