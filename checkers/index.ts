export { assertions } from './assertions.ts';
export { type AvailabilityOptions, availability } from './availability.ts';
export { timed } from './budget.ts';
export { type CacheHitRateOptions, cacheHitRate } from './cache-hit-rate.ts';
export { check } from './check.ts';
export * from './checker.ts';
export { type ComposedOptions, compose } from './combinators/compose.ts';
export { type IndependentSettings, independent } from './combinators/independent.ts';
export { only } from './combinators/only.ts';
export type { Part } from './combinators/part-of.ts';
export { corruption } from './corruption.ts';
export { type CounterOptions, counter } from './counter/index.ts';
export { type DurabilityOptions, durability } from './durability.ts';
export { evidence } from './evidence.ts';
export { type GoodputOptions, goodput } from './goodput.ts';
export {
  type Judgement,
  type Judgement,
  judge,
  judge,
  prepareSelections,
  prepareSelections,
  type Selection,
  type Selection,
  SelectionError,
} from './judge.ts';
export { type KeyMovementOptions, keyMovement } from './key-movement.ts';
export {
  type LinearizableOptions,
  type LinearizableOptions,
  linearizable,
  linearizable,
  models,
  models,
  UncheckableHistory,
  UncheckableHistory,
} from './linearizable/index.ts';
export {
  type ListAppendOptions,
  type ListAppendOptions,
  listAppend,
  listAppend,
} from './list-append/index.ts';
export { type LoadBalanceOptions, loadBalance } from './load-balance.ts';
export { SelectionError } from './options.ts';
export type { RegisterOptions } from './registers.ts';
export { type RwRegisterOptions, rwRegister } from './rw-register/index.ts';
export { type SessionGuaranteesOptions, sessionGuarantees } from './sessions/session-guarantees.ts';
export { type SetFullOptions, set, setFull } from './set-full/index.ts';
export { type SlaOptions, sla } from './sla/index.ts';
export { type StalenessOptions, staleness } from './staleness.ts';
export { type StatsOptions, stats } from './stats.ts';
export { type TotalQueueOptions, totalQueue } from './total-queue/index.ts';
export { mergeValidity } from './verdicts.ts';
export { describeOperation, inWords, seconds } from './words.ts';
