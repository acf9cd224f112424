export * from './default-settings.ts';
export * from './default-topology.ts';
export * from './generate.ts';
export * from './load.ts';
export { oneOf } from './nearest.ts';
export * from './plan-error.ts';
export { publishedPlanSchema } from './schema.ts';
export * from './shrink.ts';
