export * from './campaign.ts';
export * from './execute-run.ts';
export * from './hunt.ts';
export * from './pool.ts';
export * from './statistics.ts';
export * from './task.ts';
export type { StageNumber } from './watch.ts';
