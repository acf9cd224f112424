/**
 * Keys and values are *byte strings*: JavaScript strings of which each code unit is one byte, 0 to 255. They are binary-safe, are keys of a
 * `Map`, and `<` orders them as memcmp does. Bytes on a transport are `Uint8Array`.
 */
const CHUNK = 4096;

export function fromBytes(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start <= CHUNK) return String.fromCharCode(...bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + CHUNK)));
  return text;
}

export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** 32-bit FNV-1a: an order of names that does not move when others come and go. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Order of memcmp, the shorter first. */
export function compareBytes(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
