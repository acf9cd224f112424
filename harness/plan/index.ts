export * from './default-settings.ts';
export * from './default-topology.ts';
export * from './generate.ts';
export * from './plan-error.ts';
