import type { FaultOutcome } from './task.ts';

/** How often a fault kind was tried over many runs, and what came of it. */
export interface FaultRow {
  readonly fault: string;
  /** Faults scheduled, over all runs. */
  readonly scheduled: number;
  /** Runs with at least one of them. */
  readonly runs: number;
  /** Runs in which at least one of them bit. */
  readonly bit: number;
  /** Runs in which at least one was masked and none bit. */
  readonly masked: number;
  /** Runs in which none had an effect. */
  readonly noEffect: number;
}

/** Counts by fault kind. */
export class FaultStatistics {
  private readonly counts = new Map<
    string,
    { scheduled: number; runs: number; bit: number; masked: number; noEffect: number }
  >();

  add(outcomes: readonly FaultOutcome[]): void {
    const best = new Map<string, FaultOutcome['outcome']>();
    for (const { fault, outcome } of outcomes) {
      const before = best.get(fault);
      if (before === undefined || outcome === 'bit' || (outcome === 'masked' && before === 'no-effect'))
        best.set(fault, outcome);
      this.countsOf(fault).scheduled++;
    }
    for (const [fault, outcome] of best) {
      const counts = this.countsOf(fault);
      counts.runs++;
      if (outcome === 'bit') counts.bit++;
      else if (outcome === 'masked') counts.masked++;
      else counts.noEffect++;
    }
  }

  /** By name. */
  rows(): FaultRow[] {
    return [...this.counts.entries()]
      .map(([fault, counts]) => ({ fault, ...counts }))
      .sort((a, b) => (a.fault < b.fault ? -1 : 1));
  }

  private countsOf(fault: string) {
    let counts = this.counts.get(fault);
    if (counts === undefined) {
      counts = { scheduled: 0, runs: 0, bit: 0, masked: 0, noEffect: 0 };
      this.counts.set(fault, counts);
    }
    return counts;
  }
}
