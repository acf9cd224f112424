/**
 * Runs candidates ahead of their turn, a few at a time, and takes the first in order that is wanted: the answer and the number of
 * runs counted are the same for any concurrency and any timing. Only candidates whose turn came are counted; those run
 * ahead in vain cost time alone.
 */
export class Speculation<Candidate, Result> {
  /** Different candidates whose turn came. */
  runs = 0;
  private readonly results = new Map<string, Promise<Result>>();
  private readonly counted = new Set<string>();
  private readonly running = new Set<Promise<unknown>>();
  private readonly run: (candidate: Candidate) => Promise<Result>;
  private readonly concurrency: number;

  private readonly keyOf: (candidate: Candidate) => string;

  /** @param keyOf Equal for candidates that need not both be run. */
  constructor(
    run: (candidate: Candidate) => Promise<Result>,
    keyOf: (candidate: Candidate) => string,
    concurrency: number,
  ) {
    this.run = run;
    this.keyOf = keyOf;
    this.concurrency = concurrency;
  }

  /**
   * @param runsMax No candidate's turn comes once so many runs have been counted.
   * @returns The first candidate that is wanted, with its place and result. Rejects as soon as one whose turn came does.
   */
  async first(
    count: number,
    make: (nth: number) => Candidate,
    wanted: (result: Result) => boolean,
    runsMax: number,
  ): Promise<{ readonly nth: number; readonly candidate: Candidate; readonly result: Result } | undefined> {
    const made: { readonly key: string; readonly candidate: Candidate }[] = [];
    const madeAt = (nth: number) => {
      while (made.length <= nth) {
        const candidate = make(made.length);
        made.push({ key: this.keyOf(candidate), candidate });
      }
      return made[nth]!;
    };
    for (let nth = 0; nth < count; nth++) {
      const { key, candidate } = madeAt(nth);
      if (!this.counted.has(key)) {
        if (this.runs >= runsMax) return undefined;
        this.counted.add(key);
        this.runs++;
      }
      const result = this.start(key, candidate) ?? (await this.startLater(key, candidate));
      for (let ahead = nth + 1; ahead < Math.min(count, nth + this.concurrency); ahead++) {
        const next = madeAt(ahead);
        if (this.start(next.key, next.candidate) === undefined) break;
      }
      const ended = await result;
      if (wanted(ended)) return { nth, candidate, result: ended };
    }
    return undefined;
  }

  /** The run of this candidate, begun now unless it was before; undefined if no place is free. */
  private start(key: string, candidate: Candidate): Promise<Result> | undefined {
    const known = this.results.get(key);
    if (known || this.running.size >= this.concurrency) return known;
    const result = this.run(candidate);
    this.results.set(key, result);
    const settled: Promise<unknown> = result.then(
      () => this.running.delete(settled),
      () => this.running.delete(settled),
    );
    this.running.add(settled);
    return result;
  }

  /** Waits for runs that were begun ahead of their turn, in vain. */
  private async startLater(key: string, candidate: Candidate): Promise<Result> {
    for (;;) {
      await Promise.race(this.running);
      const result = this.start(key, candidate);
      if (result) return result;
    }
  }
}
