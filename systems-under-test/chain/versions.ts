import type { Json } from '../../harness/contract/index.ts';
import type { Change } from '../shared/command.ts';
import type { Key } from '../shared/value-table.ts';

type Version = { readonly sequence: number; readonly value: Json };

/**
 * The versions of each key that may still be asked for: the last committed one and all after it, which are *dirty* (Terrace and Freedman 2009,
 * section 2.3). Where a copy began anew from a snapshot or a log, what came before is not known.
 */
export class Versions {
  /** Ascending; a key's first one may have been there before the copy began, and is then numbered with the beginning. */
  private readonly versions = new Map<Key, Version[]>();
  /** Number of the record with which this copy begins. */
  base = 0;

  /** Begins anew. Cost: O(keys). */
  reset(sequence: number, entries: readonly Change[]): void {
    this.versions.clear();
    this.base = sequence;
    for (const [key, value] of entries) this.versions.set(key, [{ sequence, value }]);
  }

  add(sequence: number, changes: readonly Change[]): void {
    for (const [key, value] of changes) {
      const known = this.versions.get(key);
      if (known === undefined) {
        this.versions.set(key, [
          { sequence: this.base, value: null },
          { sequence, value },
        ]);
      } else known.push({ sequence, value });
    }
  }

  /** Number of the record that wrote the newest version. */
  newest(key: Key): number {
    return this.versions.get(key)?.at(-1)?.sequence ?? this.base;
  }

  /** The value after the record of this number; undefined if it is not known (any more). */
  at(key: Key, sequence: number): Json | undefined {
    const known = this.versions.get(key);
    // Nothing is ever deleted: a key without a value now never had one.
    if (known === undefined) return null;
    return known.findLast((version) => version.sequence <= sequence)?.value;
  }

  /** Everything up to this number is committed: of these keys, what came before the last committed version is of no use any more. */
  forget(keys: readonly Key[], sequence: number): void {
    for (const key of keys) {
      const known = this.versions.get(key)!;
      known.splice(
        0,
        known.findLastIndex((version) => version.sequence <= sequence),
      );
    }
  }
}
