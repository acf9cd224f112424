import { crc32, encode, type Json, Undecodable } from '../../harness/contract/index.ts';
import type { Key, ValueTable } from '../shared/value-table.ts';

/**
 * A table whose values carry a checksum over key and value, so that what memory made of them without telling (three flipped bits in a word
 * pass SEC-DED; without ECC one is enough) is noticed and not served.
 */
export class CheckedTable implements ValueTable {
  private readonly table: ValueTable;

  constructor(table: ValueTable) {
    this.table = table;
  }

  /** @throws Undecodable if the value is not what was set. */
  get(key: Key): Json {
    const stored = this.table.get(key);
    return stored === null ? null : open(key, stored);
  }
  set(key: Key, value: Json): void {
    this.table.set(key, [value, checksum(key, value)]);
  }
  admit(value: Json): void {
    this.table.admit([value, 0]);
  }
  entries(): (readonly [key: Key, value: Json])[] {
    return this.table.entries().map(([key, stored]) => [key, open(key, stored)]);
  }
  clear(): void {
    this.table.clear();
  }
}

function checksum(key: Key, value: Json): number {
  return crc32(encode([key, value])) | 0;
}

function open(key: Key, stored: Json): Json {
  if (Array.isArray(stored) && stored.length === 2 && stored[1] === checksum(key, stored[0] as Json)) {
    return stored[0] as Json;
  }
  throw new Undecodable(`the value of ${JSON.stringify(key)} was damaged in memory`);
}
