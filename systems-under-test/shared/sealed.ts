import { crc32, decode, encode, type Json } from '../../harness/contract/index.ts';
import { DamagedStorage } from './write-ahead-log.ts';

/** A small file that is always replaced whole: 4 bytes CRC-32, then the canonical encoding of its content. */
export function seal(content: Json): Uint8Array {
  const body = encode(content);
  const bytes = new Uint8Array(4 + body.length);
  new DataView(bytes.buffer).setUint32(0, crc32(body), true);
  bytes.set(body, 4);
  return bytes;
}

/** The content; undefined for an empty or missing file. @throws DamagedStorage if the checksum does not match. */
export function loadSealed(bytes: Uint8Array, file: string, verify = true): Json | undefined {
  if (bytes.length === 0) return undefined;
  const body = bytes.subarray(4);
  const intact =
    bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === crc32(body);
  if (verify && !intact) throw new DamagedStorage(file, 0, 'checksum mismatch');
  return decode(body);
}
