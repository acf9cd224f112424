/** A stretch of time: from inclusive, until exclusive. Nanoseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** More windows than these are not counted out: a window is then too short to mean anything. */
export const MOST_WINDOWS = 1_000_000;

/** The n-th of the windows of this length that begin at `from`, one after the other. */
export function windowAt(from: number, length: number, nth: number): Span {
  return { from: from + nth * length, until: from + (nth + 1) * length };
}

/** Which of them a moment is in. */
export function windowOf(from: number, length: number, time: number): number {
  return Math.floor((time - from) / length);
}

/** True if so many of them comply; a share is exact up to rounding. */
export function enough(complied: number, judged: number, share: number): boolean {
  return complied >= share * judged - 1e-9;
}
