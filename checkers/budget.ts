import type { Budget } from './checker.ts';

/** Steps between two questions to the caller's clock: rarely enough to cost nothing, often enough to stop within some milliseconds. */
const ASK_EVERY = 4096;

/**
 * Polls a budget for a checker that works for long. One for each check.
 *
 *     const pace = new Pace(budget);
 *     for (...) {
 *       if (pace.over()) break; // then `unknown`: the bound of ${pace.bound} was reached after ...
 *       pace.tell(done, total);
 *     }
 */
export class Pace {
  /** Whether the time was found to be over. Once so, it stays so. */
  ended = false;
  private readonly budget: Budget;
  private untilAsked = ASK_EVERY;
  private asked = false;
  private part: { readonly before: number; readonly size: number; readonly total: number } | undefined;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** Counts steps of the work (each at most some microseconds). True once the time given is over. */
  over(steps = 1): boolean {
    this.untilAsked -= steps;
    if (this.untilAsked <= 0 && !this.ended) {
      this.untilAsked = ASK_EVERY;
      this.asked = true;
      this.ended = this.budget.expired?.() ?? false;
    }
    return this.ended;
  }

  /** Says how far the work is. May be called as often as `over`: the caller hears of it when its clock has been asked since. */
  tell(done: number, total: number): void {
    if (!this.asked) return;
    this.asked = false;
    const { part, budget } = this;
    if (part === undefined) budget.progress?.(done, total);
    else budget.progress?.(part.before + Math.floor((part.size * done) / total), part.total);
  }

  /** What follows is `size` of the work's `total`, after `before`: `tell` is then about this section alone. */
  section(before: number, size: number, total: number): void {
    this.part = { before, size, total };
  }

  /** The reason of an `unknown` once the time is over: `of` says what was counted, `2 keys`. Undefined before. */
  reason(done: number, of: string): string | undefined {
    return this.ended ? `the bound of ${this.bound} was reached after ${done} of ${of}` : undefined;
  }

  /** The bound in words, for `the bound of ... was reached after ...`. */
  get bound(): string {
    const { seconds } = this.budget;
    return seconds === undefined ? 'time' : `${seconds} s`;
  }
}

/**
 * The budget with its `seconds` measured from now on, by a monotonic clock in milliseconds: `timed({ seconds: 10 }, () => performance.now())`.
 * Without `seconds` it is as it was.
 */
export function timed(budget: Budget, now: () => number): Budget {
  const { seconds } = budget;
  if (seconds === undefined) return budget;
  const end = now() + seconds * 1000;
  return { ...budget, expired: () => now() >= end || (budget.expired?.() ?? false) };
}
