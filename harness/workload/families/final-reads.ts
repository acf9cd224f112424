import type { Generator } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { eachThread } from '../each-thread.ts';
import { onFirstThreads } from '../on-threads.ts';
import { once } from '../once.ts';

/** Clients that read each key at the end: more than one, so that copies which disagree show. */
const FINAL_READERS = 3;

/** Some of the clients read each of the keys `k0`, `k1`, ... once, one after the other. */
export function finalReads(keys: number, f = 'read'): Generator {
  const reads = Array.from({ length: keys }, (_, key) => once({ f, key: `k${key}`, value: null }));
  return onFirstThreads(FINAL_READERS, eachThread(concat(...reads)));
}
