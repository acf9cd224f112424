import { createHash } from 'node:crypto';
import type { Json } from '../../histories/index.ts';
import { type Copy, encode } from '../contract/index.ts';

/** Bytes of a state that are recorded with its digest, so that a difference can be shown. */
const LONGEST = 4096;

/** A copy as it is recorded: its state by its digest, and as it is if it is short. */
export function copyInShort({ of, at, state }: Copy): Json {
  const bytes = encode(state);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { of, at, digest, ...(bytes.length <= LONGEST && { state }) };
}
