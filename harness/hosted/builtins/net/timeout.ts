import type { Nanos, Timer } from '../../../contract/index.ts';
import type { BuiltinContext } from '../context.ts';

/**
 * A time-out that is put off often and seldom comes: putting it off only notes the new deadline, and the event that was waited for waits again.
 * A server that sets and clears one for each request so has one event in the queue, not one for each.
 */
export class IdleTimeout {
  private readonly context: BuiltinContext;
  private readonly expired: () => void;
  private delay: Nanos = 0;
  private deadline: Nanos = Number.POSITIVE_INFINITY;
  private wakes: Nanos = Number.POSITIVE_INFINITY;
  private timer: Timer | undefined;

  constructor(context: BuiltinContext, expired: () => void) {
    this.context = context;
    this.expired = expired;
  }

  /** @param delay 0 for never. */
  set(delay: Nanos): void {
    this.delay = delay;
    this.refresh();
  }

  /** The delay begins anew. */
  refresh(): void {
    if (this.delay === 0) {
      this.deadline = Number.POSITIVE_INFINITY;
      return;
    }
    this.deadline = this.context.host.clock.monotonic() + this.delay;
    if (this.deadline < this.wakes) this.wait();
  }

  clear(): void {
    this.delay = 0;
    this.deadline = Number.POSITIVE_INFINITY;
    this.timer?.cancel();
    this.timer = undefined;
    this.wakes = Number.POSITIVE_INFINITY;
  }

  private wait(): void {
    this.timer?.cancel();
    this.wakes = this.deadline;
    const left = this.deadline - this.context.host.clock.monotonic();
    this.timer = this.context.later(Math.max(0, left), () => this.wake());
  }

  private wake(): void {
    this.timer = undefined;
    this.wakes = Number.POSITIVE_INFINITY;
    if (this.deadline === Number.POSITIVE_INFINITY) return;
    if (this.deadline > this.context.host.clock.monotonic()) {
      this.wait();
      return;
    }
    this.deadline = Number.POSITIVE_INFINITY;
    this.expired();
  }
}
