export * from './campaign.ts';
export { annotate } from './github.ts';
export * from './junit.ts';
export * from './schedule.ts';
export * from './summary.ts';
