import type { Json, System } from '../contract/index.ts';
import { inNanoseconds } from './durations.ts';
import { conform } from './json-schema.ts';
import { PlanError } from './plan-error.ts';

/**
 * Options of a system with its defaults filled in, durations in nanoseconds where its schema says so. What no schema can say of them (one must be less than another) the
 * system says itself, by a RangeError when it is asked for its roles.
 * @throws PlanError below this place
 */
export function systemOptions(system: System, given: Json, place: string): Json {
  const options = conform(system.options, inNanoseconds(system.options, given, place), place);
  try {
    system.roles(options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const [expected = ''] = error.message.replace(/^expected /, '').split(', got ');
    throw new PlanError('schema', place, expected, given);
  }
  return options;
}
