export { type Kept, keepFirst } from './keep.ts';
export { measureRun } from './measure.ts';
export { MODEL_NAMES, MODELS, type Model } from './models.ts';
export { type Conditions, DEFAULT_CONDITIONS } from './plan.ts';
export { PRESETS, type Preset } from './presets.ts';
export { profileOfFault } from './profile-of-fault.ts';
export { PROFILES, type Profile } from './profiles.ts';

export { METRICS, type Metric, type Row } from './row.ts';
export { type Comparison, type Contender, type ProfileResult, runComparison } from './run.ts';
export { DIALS, parseSweep, type Sweep } from './sweep.ts';
