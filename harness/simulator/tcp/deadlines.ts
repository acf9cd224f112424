import type { Nanos } from '../../contract/index.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/**
 * What an endpoint waits for, and the earliest event that the queue holds for it. Putting a deadline off costs nothing: the event comes, finds nothing due,
 * and is set anew. So a busy connection has an event each 40 ms or so, not two for each segment.
 */
export class Deadlines {
  /** An acknowledgement is owed. */
  ack: Nanos = NEVER;
  /** What was sent has not been answered. */
  resend: Nanos = NEVER;
  /** The peer has been silent for long. */
  probe: Nanos = NEVER;
  private armed: Nanos = NEVER;

  private get earliest(): Nanos {
    return Math.min(this.ack, this.resend, this.probe);
  }

  /** True if no event comes as early as is needed. */
  isEarlier(): boolean {
    return this.earliest < this.armed;
  }

  /** @returns When the event has to come. */
  arm(): Nanos {
    this.armed = this.earliest;
    return this.armed;
  }

  /** An event came. @returns False for one that an earlier one has made needless. */
  fires(now: Nanos): boolean {
    if (now < this.armed) return false;
    this.armed = NEVER;
    return true;
  }

  rest(): void {
    this.ack = NEVER;
    this.resend = NEVER;
    this.probe = NEVER;
  }
}
