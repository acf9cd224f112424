export type { Origin } from './header.ts';
export { timetable } from './pacer.ts';
export { type Cast, settingOf } from './prepare.ts';
export { type RunOptions, type RunResult, runPlan, type WorldFactory } from './run.ts';
export { RunError, type RunErrorCode } from './run-error.ts';
