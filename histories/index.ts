export * from './history.ts';
export * from './operation.ts';
