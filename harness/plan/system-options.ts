import type { Json, System } from '../contract/index.ts';
import { inNanoseconds } from './durations.ts';
import { conform } from './json-schema.ts';

/**
 * Options of a system with its defaults filled in, durations in nanoseconds where its schema says so.
 * @throws PlanError below this place
 */
export function systemOptions(system: System, given: Json, place: string): Json {
  return conform(system.options, inNanoseconds(system.options, given, place), place);
}
