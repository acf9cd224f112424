export { headerOf, type Origin, selectedCheckers } from './header.ts';
export { type HostsByRole, hostsByRole, servers } from './hosts.ts';
export { type Cast, refuseImpossible, settingOf } from './prepare.ts';
export { type RunOptions, type RunResult, runPlan, type WorldFactory } from './run.ts';
export { RunError, type RunErrorCode } from './run-error.ts';
