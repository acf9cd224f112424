import type { Host, Nanos } from '../../harness/contract/index.ts';

/** Does something at intervals, and at once when asked to. */
export class Heartbeat {
  private readonly host: Host;
  private readonly interval: Nanos;
  private wake: (() => void) | undefined;

  constructor(host: Host, interval: Nanos) {
    this.host = host;
    this.interval = interval;
  }

  /** The next beat comes at once, unless one is under way. */
  soon(): void {
    this.wake?.();
  }

  /** For ever. The interval is counted from the end of a beat. */
  async run(beat: () => Promise<void>): Promise<never> {
    for (;;) {
      await beat();
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.host.after(this.interval, resolve);
      this.wake = () => {
        timer.cancel();
        this.wake = undefined;
        resolve();
      };
    });
  }
}
