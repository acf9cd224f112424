import type { Host, Nanos } from '../../harness/contract/index.ts';

export interface WorkQueueOptions {
  /** Work is done so much faster than nominal. */
  readonly speed: number;
  readonly slice: Nanos;
  /** Jobs that wait at most; 0: no bound. */
  readonly bound: number;
  readonly shedding: 'none' | 'expired' | 'hopeless';
}

/** `done`; or not even begun: `busy` (no room, or hopeless), `expired` (its time was over when its turn came). */
export type JobEnd = 'done' | 'busy' | 'expired';

interface Job {
  left: Nanos;
  readonly until: Nanos;
  readonly resolve: (end: JobEnd) => void;
}

/**
 * First come, first served, one job at a time, on the host's CPU. In slices: between two of them the process looks at what has arrived, so
 * that it can refuse while it is busy. What waits before the process looks, and all the waiting here, follows from the CPU time alone.
 */
export class WorkQueue {
  private readonly host: Host;
  private readonly options: WorkQueueOptions;
  private readonly jobs: Job[] = [];
  private running = false;
  /** CPU time of the jobs that wait or are in work. */
  queued: Nanos = 0;
  /** CPU time spent. */
  busy: Nanos = 0;

  constructor(host: Host, options: WorkQueueOptions) {
    this.host = host;
    this.options = options;
  }

  /** `cost`: CPU time at speed 1. `until`: by the monotonic clock, when nobody waits for it any more. */
  submit(cost: Nanos, until: Nanos): Promise<JobEnd> {
    const { bound, shedding, speed } = this.options;
    const time = Math.ceil(cost / speed);
    // The first of the jobs is in work, the others wait.
    if (bound > 0 && this.jobs.length > bound) return Promise.resolve('busy');
    if (shedding === 'hopeless' && this.host.clock.monotonic() + this.queued + time > until)
      return Promise.resolve('busy');
    return new Promise((resolve) => {
      this.jobs.push({ left: time, until, resolve });
      this.queued += time;
      if (!this.running) this.work();
    });
  }

  private work(): void {
    this.running = false;
    for (;;) {
      const job = this.jobs[0];
      if (job === undefined) return;
      if (this.options.shedding !== 'none' && this.host.clock.monotonic() >= job.until) {
        this.queued -= job.left;
        this.end(job, 'expired');
        continue;
      }
      this.running = true;
      this.slice(job);
      return;
    }
  }

  private slice(job: Job): void {
    const part = Math.min(job.left, this.options.slice);
    this.host.spend(part);
    job.left -= part;
    this.queued -= part;
    this.busy += part;
    if (job.left > 0) {
      this.host.after(0, () => this.slice(job));
      return;
    }
    // What follows from it leaves the host when the slice is over.
    this.end(job, 'done');
    this.host.after(0, () => this.work());
  }

  private end(job: Job, end: JobEnd): void {
    this.jobs.shift();
    job.resolve(end);
  }
}
