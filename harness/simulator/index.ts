export { EVENTS_BETWEEN_CHECKPOINTS } from './digest.ts';
export { createRandom, mix, randomFrom, randomOf } from './random.ts';
export { createSimulator, Simulator, type SimulatorOptions, type Traffic } from './simulator.ts';
export { formatInstant, type TraceOptions } from './trace.ts';
export { AmbientAccess, LOADING, trapped } from './traps.ts';
