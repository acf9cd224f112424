import { crc32, decode, encode, type Json, Undecodable } from '../../harness/contract/index.ts';

/**
 * A record in a log file: 4 bytes magic, 4 bytes CRC-32 over all that follows, 4 bytes length of the payload, 4 bytes sequence
 * number, the payload in the canonical encoding. All little-endian. An empty payload is a *mark* (see write-ahead-log.ts).
 */
const MAGIC = 0x6c617773;
const HEADER = 16;

export interface LogRecord {
  readonly sequence: number;
  /** Absent for a mark. */
  readonly payload?: Json;
  /** Offset of the first byte, and of the first byte after it. */
  readonly from: number;
  readonly to: number;
}

/** What a log file holds: the intact records from its beginning, and what stands after them. */
export interface Scan {
  readonly records: readonly LogRecord[];
  /**
   * - `torn`: the bytes after the last intact record are no record, and none follows: a write that was cut short;
   * - `corrupt`: an intact record stands *after* damaged bytes: something that had been written whole was damaged.
   */
  readonly damage?: { readonly kind: 'torn' | 'corrupt'; readonly at: number; readonly what: string };
}

/** Encodes one record; without payload, a mark. */
export function encodeRecord(sequence: number, payload?: Json): Uint8Array {
  const bytes = payload === undefined ? new Uint8Array(HEADER) : encode(payload, HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(8, bytes.length - HEADER, true);
  view.setUint32(12, sequence, true);
  view.setUint32(4, crc32(bytes, 8), true);
  return bytes;
}

/** The record at this offset, or why there is none. Without `verify`, the checksum is not looked at. */
function recordAt(bytes: Uint8Array, view: DataView, at: number, verify: boolean): LogRecord | string {
  if (at + HEADER > bytes.length) return 'cut off within a header';
  if (view.getUint32(at, true) !== MAGIC) return 'no record begins here';
  const to = at + HEADER + view.getUint32(at + 8, true);
  if (verify) {
    if (to > bytes.length) return 'cut off within a payload';
    if (view.getUint32(at + 4, true) !== crc32(bytes, at + 8, to)) return 'checksum mismatch';
  }
  const sequence = view.getUint32(at + 12, true);
  if (to === at + HEADER) return { sequence, from: at, to };
  try {
    return { sequence, payload: decode(bytes.subarray(at + HEADER, to)), from: at, to };
  } catch (error) {
    if (error instanceof Undecodable) return error.message;
    throw error;
  }
}

/**
 * Reads records from the beginning until the first damage, then searches for intact ones after it.
 * Cost: linear in the bytes, unless they are full of magic numbers.
 */
export function scanRecords(bytes: Uint8Array, verify = true): Scan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: LogRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const record = recordAt(bytes, view, at, verify);
    if (typeof record === 'string')
      return { records, damage: { ...judge(bytes, view, at, records), at, what: record } };
    const last = records.at(-1);
    const expected =
      last === undefined ? record.sequence : last.sequence + (record.payload === undefined ? 0 : 1);
    if (record.sequence !== expected) {
      const what = `expected sequence number ${expected}, got ${record.sequence}`;
      return { records, damage: { kind: 'corrupt', at, what } };
    }
    records.push(record);
    at = record.to;
  }
  return { records };
}

function judge(bytes: Uint8Array, view: DataView, damaged: number, before: readonly LogRecord[]) {
  const last = before.at(-1)?.sequence ?? -1;
  for (let at = damaged + 1; at + HEADER <= bytes.length; at++) {
    if (bytes[at] !== (MAGIC & 0xff)) continue;
    const record = recordAt(bytes, view, at, true);
    if (typeof record !== 'string' && record.sequence > last) return { kind: 'corrupt' } as const;
  }
  return { kind: 'torn' } as const;
}
