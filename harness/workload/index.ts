import type { Workload } from '../contract/index.ts';
import { register } from './register.ts';

export { any } from './any.ts';
export { concat } from './concat.ts';
export { eachProcess, eachThread } from './each-thread.ts';
export { flipFlop } from './flip-flop.ts';
export { nothing } from './generator.ts';
export { concurrentKeys, type Key, type Keys, sequentialKeys } from './independent.ts';
export { limit, processLimit } from './limit.ts';
export { filter, map } from './map.ts';
export { mix, type Share } from './mix.ts';
export { onThreads, reserve } from './on-threads.ts';
export { generate, once } from './once.ts';
export { type Draws, Progress, type Step } from './progress.ts';
export { type RegisterOptions, register } from './register.ts';
export { cycle, repeat } from './repeat.ts';
export { retry } from './retry.ts';
export { type SimulatedEvent, type SimulateOptions, simulate } from './simulate.ts';
export { delay, type StaggerOptions, stagger } from './stagger.ts';
export { phases, synchronize } from './synchronize.ts';
export { sleep, timeLimit } from './time-limit.ts';
export { untilOk } from './until-ok.ts';

/** The workloads that come with sixways. */
export const workloads: readonly Workload[] = [register];
