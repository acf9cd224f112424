import type { Json } from '../../harness/contract/index.ts';
import { encodeRecord } from '../shared/record.ts';
import type { Entry, Position } from './messages.ts';

const ORIGIN: Position = { index: 0, term: 0, chain: 0 };

/** Bytes of a record before the checksummed part, where the checksum stands. */
const CHECKSUM_AT = 4;

/** An entry as a record on disk: without the names of its parts, which would be most of its bytes. */
export function packed({ term, f, key, value, session, sequence }: Entry): Json {
  return [term, f, key, value, session, sequence];
}

/** The entry of a record; undefined if it is none. */
export function entryOf(record: Json | undefined): Entry | undefined {
  if (!Array.isArray(record) || record.length !== 6) return undefined;
  const [term, f, key, value, session, sequence] = record as [
    number,
    string,
    string | number,
    Json,
    number,
    number,
  ];
  return { term, f, key, value, session, sequence };
}

/** Digest of a log that goes on with this record. */
function link(chain: number, record: Uint8Array): number {
  const checksum = new DataView(record.buffer, record.byteOffset).getInt32(CHECKSUM_AT, true);
  return Math.imul(((chain << 5) | (chain >>> 27)) ^ checksum, 0x9e3779b1) | 0;
}

/**
 * The log in memory: entries from `base` (exclusive) on, each with its encoded record, made once for disk, and with a digest
 * of the whole log up to it. Equal (index, term) must mean equal digests: the Log Matching Property, made checkable in one comparison.
 */
export class Log {
  /** The last position that was compacted away; snapshots cover it. */
  private floor: Position = ORIGIN;
  private entries: Entry[] = [];
  private records: Uint8Array[] = [];
  private chains: number[] = [];

  get base(): Position {
    return this.floor;
  }
  get lastIndex(): number {
    return this.floor.index + this.entries.length;
  }
  get lastTerm(): number {
    return this.entries.length === 0 ? this.floor.term : this.entries[this.entries.length - 1]!.term;
  }

  /** True if the log still holds, or has as its base, this index. */
  knows(index: number): boolean {
    return index >= this.floor.index && index <= this.lastIndex;
  }

  /** @throws RangeError for an index that the log does not know. */
  at(index: number): Position {
    if (index === this.floor.index) return this.floor;
    const place = this.place(index);
    return { index, term: this.entries[place]!.term, chain: this.chains[place]! };
  }

  termAt(index: number): number {
    return index === this.floor.index ? this.floor.term : this.entries[this.place(index)]!.term;
  }
  chainAt(index: number): number {
    return index === this.floor.index ? this.floor.chain : this.chains[this.place(index)]!;
  }
  entry(index: number): Entry {
    return this.entries[this.place(index)]!;
  }
  /** The entry as it stands on disk. */
  record(index: number): Uint8Array {
    return this.records[this.place(index)]!;
  }

  /** Up to `most` entries from this index on. */
  from(index: number, most: number): Entry[] {
    const start = index - this.floor.index - 1;
    return this.entries.slice(start, start + most);
  }

  /** The first index of the run of entries that have the term of this one. */
  firstOfTerm(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first - 1 > this.floor.index && this.termAt(first - 1) === term) first--;
    return first;
  }

  append(entry: Entry): void {
    const record = encodeRecord(this.lastIndex + 1, packed(entry));
    this.chains.push(link(this.chainAt(this.lastIndex), record));
    this.entries.push(entry);
    this.records.push(record);
  }

  /** Removes this entry and all after it. */
  truncate(from: number): void {
    const keep = this.place(from);
    this.entries.length = keep;
    this.records.length = keep;
    this.chains.length = keep;
  }

  /** Forgets entries up to and including this index. */
  compact(through: number): void {
    if (through <= this.floor.index) return;
    const floor = this.at(through);
    const gone = through - this.floor.index;
    this.entries.splice(0, gone);
    this.records.splice(0, gone);
    this.chains.splice(0, gone);
    this.floor = floor;
  }

  /** Empties the log, which continues after this position. */
  reset(base: Position): void {
    this.floor = base;
    this.entries = [];
    this.records = [];
    this.chains = [];
  }

  private place(index: number): number {
    const place = index - this.floor.index - 1;
    if (place < 0 || place >= this.entries.length) {
      throw new RangeError(`expected an index of ${this.floor.index + 1}..${this.lastIndex}, got ${index}`);
    }
    return place;
  }
}
