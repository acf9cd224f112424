/**
 * Seeded draws. A stream is made for one purpose (`world.random('purpose')`, `host.random`) so that a draw more or
 * less elsewhere moves nothing here.
 */
export interface Random {
  /** Uniform integer in [0, 2^32). */
  uint32(): number;
  /** Uniform integer in [from, to], both inclusive. */
  integer(from: number, to: number): number;
  /** Uniform in [0, 1), a multiple of 2^-32. */
  fraction(): number;
  /** True with this probability, 0..1. */
  chance(probability: number): boolean;
  /** One of the items. @throws RangeError if there are none. */
  pick<T>(items: readonly T[]): T;
  /** A new array, shuffled (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** Exponentially distributed with this mean, rounded to an integer; the same on every machine. */
  exponential(mean: number): number;
}
