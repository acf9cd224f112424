import fc, { type Arbitrary } from 'fast-check';
import {
  type Applied,
  type DiskChange,
  type Levers,
  MILLISECOND,
  type Nanos,
} from '../harness/contract/index.ts';
import { choice } from './parameters.ts';

/** When a machine goes down: at once, or while it changes its disk, which is when what it has there is not what it needs. */
export type Moment = 'now' | DiskChange;

export const MOMENT = choice(
  'at once, or while something is written, or while a file is replaced or removed',
  ['now', 'write', 'replace'],
  'now',
);
export const moments: Arbitrary<Moment> = fc.constantFrom<Moment>('now', 'now', 'write', 'write', 'replace');

/** Share of its length for which a fault may wait for its moment. */
const PATIENCE = 0.75;
/** A fault that is over at once, or never. */
const LENGTH_BY_DEFAULT = 100 * MILLISECOND;

/** Pulls a lever at the moment. `length`: how long the fault lasts. */
export function atMoment(
  levers: Levers,
  hosts: readonly string[],
  moment: Moment | undefined,
  length: Nanos = LENGTH_BY_DEFAULT,
  act: () => Applied,
): Applied {
  // Plans that were not completed from the schema have none.
  if (moment === undefined || moment === 'now') return act();
  return levers.atWrite(hosts, moment, Math.floor(PATIENCE * length), act);
}
