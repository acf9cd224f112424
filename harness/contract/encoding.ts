import type { Json } from '../../histories/index.ts';
import { Undecodable } from './errors.ts';

/**
 * The canonical encoding: one byte string for each JSON value, object keys sorted by code unit. Used wherever bytes are
 * real: a message on the wire when a bit of it flips, records on disk, regions of memory.
 *
 * A tag byte, then: null, false, true nothing; integer a 4-byte int32; float 8 bytes IEEE 754; string a length and UTF-8;
 * array a length and items; object a length and alternating keys (as strings without tag) and values. Lengths are 4 bytes,
 * all numbers little-endian.
 */
const NULL = 0x10;
const FALSE = 0x11;
const TRUE = 0x12;
const INT32 = 0x13;
const FLOAT = 0x14;
const STRING = 0x15;
const ARRAY = 0x16;
const OBJECT = 0x17;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Writer {
  bytes = new Uint8Array(256);
  length = 0;
  private view = new DataView(this.bytes.buffer);

  private room(extra: number): number {
    const at = this.length;
    if (at + extra > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, at + extra));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    this.length = at + extra;
    return at;
  }
  byte(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }
  int32(value: number): void {
    const at = this.room(4);
    this.view.setInt32(at, value, true);
  }
  float(value: number): void {
    const at = this.room(8);
    this.view.setFloat64(at, value, true);
  }
  text(value: string): void {
    const lengthAt = this.room(4);
    const most = value.length * 3;
    const at = this.room(most);
    const { written } = utf8.encodeInto(value, this.bytes.subarray(at, at + most));
    this.length = at + written;
    this.view.setInt32(lengthAt, written, true);
  }
}

function write(value: Json, to: Writer): void {
  if (value === null) to.byte(NULL);
  else if (value === false) to.byte(FALSE);
  else if (value === true) to.byte(TRUE);
  else if (typeof value === 'number') {
    if ((value | 0) === value && !Object.is(value, -0)) {
      to.byte(INT32);
      to.int32(value);
    } else {
      to.byte(FLOAT);
      to.float(value);
    }
  } else if (typeof value === 'string') {
    to.byte(STRING);
    to.text(value);
  } else if (Array.isArray(value)) {
    to.byte(ARRAY);
    to.int32(value.length);
    for (const item of value) write(item, to);
  } else {
    const object = value as { readonly [key: string]: Json };
    const keys = sortedKeys(object);
    to.byte(OBJECT);
    to.int32(keys.length);
    for (const key of keys) {
      to.text(key);
      write(object[key]!, to);
    }
  }
}

/** Objects with more keys are rare, and left to the general sort. */
const FEW_KEYS = 16;

/** Keys of the properties that are there, by code unit. */
function sortedKeys(object: { readonly [key: string]: Json | undefined }): string[] {
  const keys = Object.keys(object);
  let count = 0;
  for (const key of keys) if (object[key] !== undefined) keys[count++] = key;
  keys.length = count;
  if (count > FEW_KEYS) return keys.sort();
  for (let i = 1; i < count; i++) {
    const key = keys[i]!;
    let at = i;
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

/** Reused by all calls: encoding is synchronous and calls nothing else. */
const writer = new Writer();

/**
 * Encodes a JSON value; properties that are `undefined` are left out. Cost: linear in the size.
 * @param room Zeroed bytes to leave before it, for a header.
 */
export function encode(value: Json, room = 0): Uint8Array {
  writer.length = 0;
  write(value, writer);
  const bytes = new Uint8Array(room + writer.length);
  bytes.set(writer.bytes.subarray(0, writer.length), room);
  return bytes;
}

class Reader {
  at = 0;
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  private take(length: number): number {
    const at = this.at;
    if (length < 0 || at + length > this.bytes.length) {
      throw new Undecodable(`expected ${length} bytes at offset ${at} of ${this.bytes.length}`);
    }
    this.at = at + length;
    return at;
  }
  text(): string {
    const length = this.view.getInt32(this.take(4), true);
    const at = this.take(length);
    try {
      return strictUtf8.decode(this.bytes.subarray(at, at + length));
    } catch {
      throw new Undecodable(`expected UTF-8 at offset ${at}`);
    }
  }
  count(): number {
    const at = this.at;
    const count = this.view.getInt32(this.take(4), true);
    // Each item takes at least one byte, so a damaged count cannot make us allocate.
    if (count < 0 || count > this.bytes.length - this.at)
      throw new Undecodable(`impossible count ${count} at offset ${at}`);
    return count;
  }
  value(depth: number): Json {
    if (depth > 100) throw new Undecodable('nested deeper than 100');
    const at = this.take(1);
    const tag = this.bytes[at];
    switch (tag) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case INT32:
        return this.view.getInt32(this.take(4), true);
      case FLOAT: {
        const value = this.view.getFloat64(this.take(8), true);
        if (!Number.isFinite(value)) throw new Undecodable(`not a finite number at offset ${at}`);
        return value;
      }
      case STRING:
        return this.text();
      case ARRAY: {
        const items: Json[] = [];
        for (let left = this.count(); left > 0; left--) items.push(this.value(depth + 1));
        return items;
      }
      case OBJECT: {
        const object: { [key: string]: Json } = {};
        for (let left = this.count(); left > 0; left--) {
          const key = this.text();
          const value = this.value(depth + 1);
          // Defining, not assigning: a damaged key may read `__proto__`.
          Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
        }
        return object;
      }
      default:
        throw new Undecodable(`unknown tag ${tag} at offset ${at}`);
    }
  }
}

/** Decodes one value that fills the bytes exactly. @throws Undecodable saying where. */
export function decode(bytes: Uint8Array): Json {
  const reader = new Reader(bytes);
  let value: Json;
  try {
    value = reader.value(0);
  } catch (error) {
    if (error instanceof RangeError) throw new Undecodable(`cut off at offset ${reader.at}`);
    throw error;
  }
  if (reader.at !== bytes.length) throw new Undecodable(`${bytes.length - reader.at} bytes left over`);
  return value;
}
