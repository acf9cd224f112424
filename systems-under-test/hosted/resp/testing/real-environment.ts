import type { Random } from '../../../../harness/contract/index.ts';
import type { Environment } from '../environment.ts';

/** A small generator (mulberry32): enough to draw members in a test. */
export function testRandom(seed: number): Random {
  let state = seed >>> 0;
  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  };
  const integer = (from: number, to: number): number => from + (uint32() % (to - from + 1));
  return {
    uint32,
    integer,
    fraction: () => uint32() / 2 ** 32,
    chance: (probability) => uint32() / 2 ** 32 < probability,
    pick: (items) => items[integer(0, items.length - 1)]!,
    shuffle: (items) => {
      const copy = [...items];
      for (let at = copy.length - 1; at > 0; at--) {
        const other = integer(0, at);
        [copy[at], copy[other]] = [copy[other]!, copy[at]!];
      }
      return copy;
    },
    exponential: (mean) => Math.round(mean),
  };
}

/** Real time, for a comparison with a real server. */
export function realEnvironment(): Environment {
  return {
    now: () => Date.now() * 1000,
    random: testRandom(1),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
