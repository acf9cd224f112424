import seedrandom from 'seedrandom';
import type { Random } from '../contract/random.ts';

const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

/**
 * A stream of draws that depends on the seed alone: Baagøe's Alea (seedrandom), all of whose arithmetic is exact in
 * doubles, and nothing of the mathematical library on top. Equal seeds give equal streams on every machine.
 * @throws RangeError if the seed is empty: an empty one would be replaced by entropy of the machine.
 */
export function createRandom(seed: string): Random {
  if (seed === '') throw new RangeError('expected a seed, got an empty string');
  // Alea's own seeding leaves the streams of seeds that differ in the last character alone visibly alike.
  return new StreamRandom(seedrandom.alea(`${hashString(seed)}/${seed}`));
}

/** The stream of a run's world for one purpose of the harness: what `World.random` gives. */
export function randomOf(seed: number | string, purpose: string): Random {
  return createRandom(`${seed}/${purpose}`);
}

/** All draws from one source of uniform fractions in [0, 1), multiples of 2^-32. */
export function randomFrom(next: () => number): Random {
  return new StreamRandom(next);
}

class StreamRandom implements Random {
  private readonly next: () => number;

  constructor(next: () => number) {
    this.next = next;
  }

  uint32(): number {
    return this.next() * TWO_32;
  }

  integer(from: number, to: number): number {
    const span = to - from + 1;
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from > to || span > TWO_53) {
      throw new RangeError(
        `expected a range of integers from..to with at most 2^53 members, got ${from}..${to}`,
      );
    }
    // Values beyond the last whole multiple of the span are drawn again: a bare remainder would favour the small ones.
    if (span <= TWO_32) {
      const limit = TWO_32 - (TWO_32 % span);
      let drawn = this.uint32();
      while (drawn >= limit) drawn = this.uint32();
      return from + (drawn % span);
    }
    const limit = TWO_53 - (TWO_53 % span);
    let drawn = this.uint53();
    while (drawn >= limit) drawn = this.uint53();
    return from + (drawn % span);
  }

  private uint53(): number {
    const high = this.uint32() % 2 ** 21;
    return high * TWO_32 + this.uint32();
  }

  fraction(): number {
    return this.next();
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('expected at least one item to pick from, got none');
    return items[this.integer(0, items.length - 1)]!;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = items.slice();
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      const item = shuffled[last]!;
      shuffled[last] = shuffled[other]!;
      shuffled[other] = item;
    }
    return shuffled;
  }

  /**
   * Von Neumann's comparison of uniforms ("Various techniques used in connection with random digits", 1951): a
   * descending run u1 > u2 > ... that breaks at an odd length accepts u1 as the fraction, each even one adds 1. No logarithm, whose last
   * bit is the business of the machine's library. 4.3 draws on average.
   */
  exponential(mean: number): number {
    if (!(mean >= 0 && mean <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`expected a mean of 0 to 2^53, got ${mean}`);
    }
    for (let whole = 0; ; whole++) {
      const first = this.next();
      let last = first;
      let accepted = true;
      for (;;) {
        const following = this.next();
        if (following >= last) break;
        last = following;
        accepted = !accepted;
      }
      if (accepted) return Math.round((whole + first) * mean);
    }
  }
}

/** Murmur3's 32-bit finaliser (Appleby): each input bit changes each output bit with a probability near 1/2. */
function finalise(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function absorb(hash: number, word: number): number {
  word = Math.imul(word, 0xcc9e2d51);
  word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  hash ^= word;
  return (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
}

/**
 * A draw by key instead of by order: Murmur3 (32 bit) of three integers under a seed, an integer in [0, 2^32). What
 * happens to one message so stays the same when others come or go. Only the low 32 bits of each argument count.
 */
export function mix(seedHash: number, a: number, b: number, c: number): number {
  return finalise(absorb(absorb(absorb(seedHash | 0, a), b), c) ^ 12);
}

/** FNV-1a over the UTF-16 code units, then Murmur3's finaliser: an integer in [0, 2^32). */
export function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return finalise(hash);
}
