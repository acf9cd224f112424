import type { Nanos } from '../../harness/contract/index.ts';

export interface ScalingOptions {
  readonly least: number;
  readonly most: number;
  /** Utilisation that is aimed at. */
  readonly target: number;
}

/** Work that waits shall be done within this. */
const DRAIN: Nanos = 2_000_000_000;
/** So many looks in a row must find fewer enough before one is taken away: a start costs more than an idle front end. */
const PATIENCE = 6;

/**
 * How many front ends the load needs: those that are busy now, and those that work off what waits, over the utilisation that is aimed
 * at. Up at once, down by one at a time and late, as loads go up faster than front ends start.
 */
export class Scaling {
  private readonly options: ScalingOptions;
  private fewer = 0;
  wanted: number;

  constructor(options: ScalingOptions) {
    this.options = options;
    this.wanted = options.least;
  }

  /** `busy`: CPU time spent by all in the time since the last look. `queued`: CPU time of what waits. `complete`: all of them said. */
  look(since: Nanos, busy: Nanos, queued: Nanos, complete: boolean): number {
    const { least, most, target } = this.options;
    const needed = Math.ceil((busy / since + queued / DRAIN) / target);
    const enough = Math.min(most, Math.max(least, needed));
    // Those who say nothing may be busy: they are no reason to take anybody away.
    this.fewer = enough < this.wanted && complete ? this.fewer + 1 : 0;
    if (enough > this.wanted) this.wanted = enough;
    else if (this.fewer >= PATIENCE) {
      this.wanted--;
      this.fewer = 0;
    }
    return this.wanted;
  }
}
