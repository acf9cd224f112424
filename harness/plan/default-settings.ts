import { type Limits, MICROSECOND, SECOND, type WorldSettings } from '../contract/index.ts';

/** Figures of a modern data centre; generated plans vary some of them from seed to seed. */
export const DEFAULT_SETTINGS: WorldSettings = {
  tick: 1,
  hopLatency: 50 * MICROSECOND,
  jitter: 100 * MICROSECOND,
  slowShare: 0.001,
  loss: 0,
  linkBitsPerSecond: 0,
  transportChecksum: true,
  cpuPerEvent: 10 * MICROSECOND,
  cpuPerKilobyte: MICROSECOND,
  queueLimit: 10_000,
  diskWriteLatency: 50 * MICROSECOND,
  diskSyncLatency: 500 * MICROSECOND,
  diskReadLatency: 100 * MICROSECOND,
};

/** Far above what a run of a minute needs, low enough to end one that runs for ever. */
export const DEFAULT_LIMITS: Limits = {
  events: 20_000_000,
  eventsPerInstant: 100_000,
  realSeconds: 60,
  memoryMegabytes: 1024,
};

export const DEFAULT_FAULT_PHASE = 10 * SECOND;
export const DEFAULT_WARM_UP = SECOND;
/** Operations per second over all clients. */
export const DEFAULT_RATE = 50;
export const DEFAULT_CLIENTS = 10;
export const DEFAULT_OPERATION_TIMEOUT = SECOND;
