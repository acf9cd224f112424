import { hash32 } from '../protocol/bytes.ts';

export interface Page {
  readonly cursor: string;
  readonly names: readonly string[];
}

/**
 * One page of names, in order of a hash of the name: whatever stays from the first page to the last is in one of them, whatever else comes and
 * goes. The cursor is the hash to go on from. Cost: n log n a page.
 */
export function scanPage(names: Iterable<string>, cursor: bigint, count: number): Page {
  const from = cursor > 0xffffffffn ? 0x100000000 : Number(cursor);
  const ahead: { readonly hash: number; readonly name: string }[] = [];
  for (const name of names) {
    const hash = hash32(name);
    if (hash >= from) ahead.push({ hash, name });
  }
  ahead.sort((a, b) => a.hash - b.hash);
  let end = Math.min(count, ahead.length);
  while (end > 0 && end < ahead.length && ahead[end]!.hash === ahead[end - 1]!.hash) end++;
  return {
    cursor: end < ahead.length ? String(ahead[end]!.hash) : '0',
    names: ahead.slice(0, end).map(({ name }) => name),
  };
}
