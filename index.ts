/** What one needs to write systems, nemeses, checkers and workloads of one's own. */
export * from './checkers/index.ts';
export * from './harness/contract/index.ts';
export type {
  Claims,
  History,
  HistoryEvent,
  NemesisOperation,
  Objectives,
  Observation,
  Operation,
  OperationType,
  Validity,
} from './histories/index.ts';
