/**
 * A 32-bit hash of a text for placing keys on servers: FNV-1a over its UTF-16 code units, then the finaliser of
 * MurmurHash3 so that texts that differ in their last letter only are spread over the whole range. Not for secrets.
 */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
