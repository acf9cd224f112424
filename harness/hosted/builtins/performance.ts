interface Entry {
  readonly name: string;
  readonly entryType: 'mark' | 'measure';
  readonly startTime: number;
  readonly duration: number;
  readonly detail: unknown;
}
interface Range {
  readonly start?: number | string;
  readonly end?: number | string;
  readonly duration?: number;
  readonly detail?: unknown;
}

/** `performance` by the host's clock. Nothing is measured of the real machine: an idle event loop, no garbage collection. */
export function simulatedPerformance(sinceStart: () => number, timeOrigin: number): object {
  let entries: Entry[] = [];
  const add = (entry: Entry): Entry => {
    entries.push(entry);
    return entry;
  };
  const at = (point: number | string | undefined, otherwise: number): number => {
    if (typeof point !== 'string') return point ?? otherwise;
    return (
      entries.findLast(({ name, entryType }) => name === point && entryType === 'mark')?.startTime ??
      otherwise
    );
  };
  const clear = (entryType: string) => (name?: string) => {
    entries = entries.filter(
      (entry) => entry.entryType !== entryType || (name !== undefined && entry.name !== name),
    );
  };
  return {
    timeOrigin,
    now: sinceStart,
    mark: (
      name: string,
      { startTime = sinceStart(), detail = null }: { startTime?: number; detail?: unknown } = {},
    ) => add({ name, entryType: 'mark', startTime, duration: 0, detail }),
    measure(name: string, from?: string | Range, to?: string) {
      const range: Range = typeof from === 'object' ? from : { start: from, end: to };
      const startTime = at(range.start, 0);
      const duration = range.duration ?? at(range.end, sinceStart()) - startTime;
      return add({ name, entryType: 'measure', startTime, duration, detail: range.detail ?? null });
    },
    clearMarks: clear('mark'),
    clearMeasures: clear('measure'),
    clearResourceTimings() {},
    markResourceTiming() {},
    setResourceTimingBufferSize() {},
    getEntries: () => [...entries],
    getEntriesByName: (wanted: string) => entries.filter(({ name }) => name === wanted),
    getEntriesByType: (wanted: string) => entries.filter(({ entryType }) => entryType === wanted),
    timerify: (call: unknown) => call,
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    toJSON: () => ({ timeOrigin }),
  };
}

/** `perf_hooks`. */
export function perfHooks(performance: object): object {
  const histogram = () => ({
    enable: () => true,
    disable: () => true,
    record() {},
    recordDelta() {},
    reset() {},
    percentile: () => 0,
    percentiles: new Map(),
    ...{ min: 0, max: 0, mean: 0, stddev: 0, exceeds: 0, count: 0 },
  });
  class PerformanceObserver {
    static readonly supportedEntryTypes: readonly string[] = [];
    observe(): void {}
    disconnect(): void {}
    takeRecords(): unknown[] {
      return [];
    }
  }
  return {
    performance,
    PerformanceObserver,
    monitorEventLoopDelay: histogram,
    createHistogram: histogram,
    constants: {},
  };
}
