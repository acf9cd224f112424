import * as real from 'node:crypto';
import { unwatched } from '../tripwire.ts';

type Key = Parameters<typeof real.sign>[2];

/** Functions of `crypto` that do their work at once, in a request of Node's that never leaves the thread. */
export const cryptoSync = {
  pbkdf2Sync: unwatched(real.pbkdf2Sync),
  scryptSync: unwatched(real.scryptSync),
  hkdfSync: unwatched(real.hkdfSync),
  checkPrimeSync: unwatched(real.checkPrimeSync),
  sign: unwatched(real.sign as (hash: string | null, data: Buffer, key: Key) => Buffer),
  verify: unwatched(
    real.verify as (hash: string | null, data: Buffer, key: Key, signature: Buffer) => boolean,
  ),
};
