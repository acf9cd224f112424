/** What one needs to write systems, nemeses, checkers and workloads of one's own. */

export * from './checkers/index.ts';
export * from './harness/contract/index.ts';
export * from './histories/index.ts';
