/** Bases are so far apart that samples of different days do not overlap. */
export const BASES_A_DAY = 1000;

/** A statement of the README or of an issue, and whether it held. */
export interface Claim {
  readonly claim: string;
  readonly holds: boolean;
  readonly seconds: number;
  readonly detail: unknown;
}

export interface Outcome {
  readonly holds: boolean;
  readonly detail: unknown;
}

/** Tries claims one after the other, and says of each at once whether it holds. */
export class Claims {
  readonly tried: Claim[] = [];

  async try(text: string, judge: () => Promise<Outcome>): Promise<void> {
    const started = performance.now();
    const { holds, detail } = await judge();
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    this.tried.push({ claim: text, holds, seconds, detail });
    console.log(`${holds ? 'holds ' : 'FAILS '} ${text} (${seconds} s)`);
    if (!holds) console.log(JSON.stringify(detail, null, 2));
  }
}

/** How much is tried: a sample that fits into a CI run, or everything that is claimed. */
export interface Extent {
  readonly sample: boolean;
  /** The first seed. */
  readonly base: number;
}

/** Of many things those whose turn it is: each comes up in one of every so many samples of successive days. */
export function turn<Item>(items: readonly Item[], base: number, every: number): Item[] {
  const day = Math.floor(base / BASES_A_DAY);
  return items.filter((_, index) => (index + day) % every === 0);
}
