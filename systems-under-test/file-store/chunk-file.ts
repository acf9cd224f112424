import { crc32, HostError } from '../../harness/contract/index.ts';

/** Bytes before the data: their number, and a CRC-32 of that number. Before each block of data: its CRC-32. */
const HEADER = 8;
const SUM = 4;

/** A copy is not what was put there. */
export class DamagedChunk extends HostError {
  constructor(what: string) {
    super('damaged-chunk', what, true);
  }
}

/** A chunk as it stands in a file: each block of data behind its own checksum (GFS, section 5.2). `data`: characters up to U+00FF. */
export function encodeChunk(data: string, blockBytes: number): Uint8Array {
  const blocks = Math.ceil(data.length / blockBytes);
  const bytes = new Uint8Array(HEADER + data.length + blocks * SUM);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(4, crc32(bytes, 0, 4), true);
  let at = HEADER;
  for (let from = 0; from < data.length; from += blockBytes) {
    const to = Math.min(from + blockBytes, data.length);
    for (let i = from; i < to; i++) bytes[at + SUM + i - from] = data.charCodeAt(i);
    view.setUint32(at, crc32(bytes, at + SUM, at + SUM + to - from), true);
    at += SUM + to - from;
  }
  return bytes;
}

/** @param verify False: takes the bytes as they are. @throws DamagedChunk */
export function decodeChunk(bytes: Uint8Array, blockBytes: number, verify = true): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (verify && (bytes.length < HEADER || view.getUint32(4, true) !== crc32(bytes, 0, 4)))
    throw new DamagedChunk('the header does not match its checksum');
  const characters: string[] = [];
  for (let at = HEADER; at < bytes.length; at += SUM + blockBytes) {
    const to = Math.min(at + SUM + blockBytes, bytes.length);
    if (verify && (to <= at + SUM || view.getUint32(at, true) !== crc32(bytes, at + SUM, to)))
      throw new DamagedChunk(`the block at byte ${at} does not match its checksum`);
    characters.push(String.fromCharCode(...bytes.subarray(Math.min(at + SUM, to), to)));
  }
  const data = characters.join('');
  if (verify && data.length !== view.getUint32(0, true))
    throw new DamagedChunk(`expected ${view.getUint32(0, true)} bytes, got ${data.length}`);
  return data;
}
