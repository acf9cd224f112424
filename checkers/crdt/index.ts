export { type CrdtCounterOptions, crdtCounter } from './counter.ts';
export { type CrdtSetOptions, crdtSet } from './set.ts';
