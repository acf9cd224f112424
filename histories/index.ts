export * from './error.ts';
export * from './history.ts';
export * from './operation.ts';
export * from './pairs.ts';
