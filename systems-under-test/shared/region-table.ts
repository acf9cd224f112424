import {
  crc32,
  decode,
  encode,
  HostError,
  type Json,
  type Memory,
  type MemoryRegion,
} from '../../harness/contract/index.ts';
import type { Key, ValueTable } from './value-table.ts';

/** Bytes before the value: CRC-32 over the rest, length of the value. */
const HEADER = 6;
const SLOTS_PER_REGION = 64;

/** The value does not fit into a slot of the table: certainly not stored. */
export class ValueTooLarge extends HostError {
  constructor(bytes: number, slotBytes: number) {
    super('value-too-large', `expected at most ${slotBytes - HEADER} encoded bytes, got ${bytes}`, true);
  }
}

/** Bits in memory flipped, more than the machine could correct or knew of. */
export class DamagedMemory extends HostError {
  constructor(what: string) {
    super('damaged-memory', what, true);
  }
}

/**
 * A table of values in memory that can be damaged: fixed-size slots in regions of the host. Error-correcting memory repairs one flipped
 * bit of a word and stops the machine at two, but it repairs only what is accessed: flips add up in words that nobody reads, and three may
 * pass for one. So each slot has a checksum. The index from key to slot is in plain variables. Slots given up are used again, the last one first.
 */
export class RegionTable implements ValueTable {
  private readonly memory: Memory;
  private readonly name: string;
  private readonly slotBytes: number;
  private readonly verify: boolean;
  private readonly regions: MemoryRegion[] = [];
  private readonly slots = new Map<Key, number>();
  private readonly free: number[] = [];
  private used = 0;

  constructor(memory: Memory, name: string, slotBytes: number, verify = true) {
    this.memory = memory;
    this.name = name;
    this.slotBytes = slotBytes;
    this.verify = verify;
  }

  /** @throws DamagedMemory */
  get(key: Key): Json {
    const slot = this.slots.get(key);
    if (slot === undefined) return null;
    const [region, offset] = this.place(slot);
    const header = region.read(offset, HEADER);
    const end = HEADER + (header[4]! | (header[5]! << 8));
    const bytes = region.read(offset, Math.min(end, this.slotBytes));
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (end > this.slotBytes || (this.verify && view.getUint32(0, true) !== crc32(bytes, 4))) {
      throw new DamagedMemory(`checksum mismatch in slot ${slot}`);
    }
    try {
      return decode(bytes.subarray(HEADER));
    } catch (error) {
      if (error instanceof HostError) throw new DamagedMemory(`slot ${slot}: ${error.message}`);
      throw error;
    }
  }

  set(key: Key, value: Json): void {
    const stored = this.fitting(value);
    const slot = this.slots.get(key) ?? this.free.pop() ?? this.used++;
    this.slots.set(key, slot);
    const view = new DataView(stored.buffer);
    view.setUint16(4, stored.length - HEADER, true);
    view.setUint32(0, crc32(stored, 4), true);
    const [region, offset] = this.place(slot);
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

  /** The value encoded, with room for the header. */
  private fitting(value: Json): Uint8Array {
    const stored = encode(value, HEADER);
    if (stored.length > this.slotBytes) throw new ValueTooLarge(stored.length - HEADER, this.slotBytes);
    return stored;
  }

  private place(slot: number): readonly [MemoryRegion, number] {
    const number = Math.floor(slot / SLOTS_PER_REGION);
    this.regions[number] ??= this.memory.region(`${this.name}-${number}`, SLOTS_PER_REGION * this.slotBytes);
    return [this.regions[number], (slot % SLOTS_PER_REGION) * this.slotBytes];
  }
}
