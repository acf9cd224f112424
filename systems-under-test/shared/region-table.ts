import {
  decode,
  encode,
  HostError,
  type Json,
  type Memory,
  type MemoryRegion,
} from '../../harness/contract/index.ts';
import type { Key, ValueTable } from './value-table.ts';

/** The value does not fit into a slot of the table: certainly not stored. */
export class ValueTooLarge extends HostError {
  constructor(bytes: number, slotBytes: number) {
    super('value-too-large', `expected at most ${slotBytes - 2} encoded bytes, got ${bytes}`, true);
  }
}

const SLOTS_PER_REGION = 64;

/**
 * A table of values in memory that can be damaged: fixed-size slots in regions of the host, two bytes of length and the encoded value.
 * It has no checksum of its own; error-correcting memory is its only guard, as in most real servers. The index from key to slot
 * is in plain variables. Slots given up are used again, the last one first.
 */
export class RegionTable implements ValueTable {
  private readonly memory: Memory;
  private readonly name: string;
  private readonly slotBytes: number;
  private readonly regions: MemoryRegion[] = [];
  private readonly slots = new Map<Key, number>();
  private readonly free: number[] = [];
  private used = 0;

  constructor(memory: Memory, name: string, slotBytes: number) {
    this.memory = memory;
    this.name = name;
    this.slotBytes = slotBytes;
  }

  get(key: Key): Json {
    const slot = this.slots.get(key);
    if (slot === undefined) return null;
    const [region, offset] = this.place(slot);
    const head = region.read(offset, 2);
    // A flipped bit may have made the length larger than the slot: what lies beyond must not be read.
    const length = Math.min(head[0]! | (head[1]! << 8), this.slotBytes - 2);
    return decode(region.read(offset + 2, length));
  }

  set(key: Key, value: Json): void {
    const bytes = this.fitting(value);
    const slot = this.slots.get(key) ?? this.free.pop() ?? this.used++;
    this.slots.set(key, slot);
    const [region, offset] = this.place(slot);
    const stored = new Uint8Array(2 + bytes.length);
    stored.set([bytes.length & 0xff, bytes.length >>> 8]);
    stored.set(bytes, 2);
    region.write(offset, stored);
  }

  delete(key: Key): void {
    const slot = this.slots.get(key);
    if (slot === undefined) return;
    this.slots.delete(key);
    this.free.push(slot);
  }

  admit(value: Json): void {
    this.fitting(value);
  }

  entries(): (readonly [Key, Json])[] {
    return [...this.slots.keys()].map((key) => [key, this.get(key)]);
  }

  clear(): void {
    for (const key of [...this.slots.keys()]) this.delete(key);
  }

  private fitting(value: Json): Uint8Array {
    const bytes = encode(value);
    if (bytes.length > this.slotBytes - 2) throw new ValueTooLarge(bytes.length, this.slotBytes);
    return bytes;
  }

  private place(slot: number): readonly [MemoryRegion, number] {
    const number = Math.floor(slot / SLOTS_PER_REGION);
    this.regions[number] ??= this.memory.region(`${this.name}-${number}`, SLOTS_PER_REGION * this.slotBytes);
    return [this.regions[number], (slot % SLOTS_PER_REGION) * this.slotBytes];
  }
}
