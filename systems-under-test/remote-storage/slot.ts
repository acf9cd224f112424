import { crc32, decode, encode, HostError, type Json } from '../../harness/contract/index.ts';

/** CRC-32 over the rest, length of the content: 4 bytes each, little-endian. */
const HEADER = 8;

/** The content does not fit into a slot: certainly not written. */
export class BlockTooLarge extends HostError {
  constructor(bytes: number, most: number) {
    super('block-too-large', `expected at most ${most} encoded bytes, got ${bytes}`, true);
  }
}

/** A slot of exactly this length. @throws BlockTooLarge */
export function encodeSlot(content: Json, slotBytes: number): Uint8Array {
  const body = encode(content);
  if (HEADER + body.length > slotBytes) throw new BlockTooLarge(body.length, slotBytes - HEADER);
  const slot = new Uint8Array(slotBytes);
  slot.set(body, HEADER);
  const view = new DataView(slot.buffer);
  view.setUint32(4, body.length, true);
  view.setUint32(0, crc32(slot, 4), true);
  return slot;
}

/** Undefined for a slot that was never written, or not to its end. */
export function decodeSlot(slot: Uint8Array): Json | undefined {
  if (slot.length < HEADER) return undefined;
  const view = new DataView(slot.buffer, slot.byteOffset, slot.length);
  const length = view.getUint32(4, true);
  if (length === 0 || HEADER + length > slot.length || view.getUint32(0, true) !== crc32(slot, 4))
    return undefined;
  return decode(slot.subarray(HEADER, HEADER + length));
}
