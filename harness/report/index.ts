export * from './campaign.ts';
export * from './junit.ts';
export * from './schedule.ts';
export * from './summary.ts';
