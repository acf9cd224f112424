import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { HarnessLoad } from '../../histories/index.ts';

/** A timer that fires so often, and how late it is. Milliseconds. */
const RESOLUTION = 5;

/** Measures what the harness uses of the machine, and how late it is: what it records, it records at most so much too late. */
export class LoadMeter {
  private readonly delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  private before = performance.eventLoopUtilization();
  private used = process.cpuUsage();

  /** From now on. */
  begin(): void {
    this.delay.enable();
    this.delay.reset();
    this.before = performance.eventLoopUtilization();
    this.used = process.cpuUsage();
  }

  end(): HarnessLoad {
    this.delay.disable();
    const late = (delay: number): number => Math.max(0, Math.round(delay - RESOLUTION * 1e6));
    const { utilization } = performance.eventLoopUtilization(this.before);
    const [p50, p99] = [this.delay.percentile(50), this.delay.percentile(99)];
    const { user, system } = process.cpuUsage(this.used);
    return {
      cpu: (user + system) * 1000,
      busy: Math.round(utilization * 1000) / 1000,
      lag: { p50: late(p50), p99: late(p99), max: late(this.delay.max) },
    };
  }
}
