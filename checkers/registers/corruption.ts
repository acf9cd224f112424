import type { Json, OperationPair } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import type { Identity } from '../shared/identity.ts';
import { type FaultRecord, faultsInWords, faultsOf, inForce } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords, list, ofKey, plural } from '../shared/words.ts';
import {
  REGISTER_OPTIONS,
  type Register,
  type RegisterOptions,
  registersOf,
  type Sight,
} from './registers.ts';

interface Origin {
  readonly name: 'garbage-read' | 'aborted-read' | 'future-read';
  /** Operations that show where the value may have come from. */
  readonly suspects: readonly OperationPair[];
  readonly why: string;
  readonly otherKeys?: readonly Json[];
}

/**
 * Values that were seen (read, or matched by a cas) though nobody can have written them to that key before:
 * - `garbage-read`: nobody ever tried to, though perhaps to another key;
 * - `aborted-read`: only operations that certainly failed wrote it;
 * - `future-read`: nobody had yet tried to when it was seen.
 * One anomaly for each key and value, with the first sight of it.
 */
export const corruption: Checker<RegisterOptions> = {
  name: 'corruption',
  summary: 'a read returns only what was written to that key: registers',
  cost: 'O(n)',
  options: { type: 'object', properties: REGISTER_OPTIONS, additionalProperties: false },
  check(history, options) {
    const { registers, figures, reason } = registersOf(history, options);
    const faults = faultsOf(history);
    const realtime = history.header.realtime !== false;
    const anomalies: Anomaly[] = [];
    let sights = 0;
    const impossible = { 'garbage-read': 0, 'aborted-read': 0, 'future-read': 0 };
    for (const register of registers) {
      sights += register.sights.length;
      const found = new Map<string, { sight: Sight; origin: Origin; count: number }>();
      for (const sight of register.sights) {
        const origin = originOf(sight, register, registers, realtime);
        if (origin === undefined) continue;
        impossible[origin.name]++;
        const id = `${origin.name} ${typeof sight.identity} ${sight.identity}`;
        const known = found.get(id);
        if (known === undefined) found.set(id, { sight, origin, count: 1 });
        else known.count++;
      }
      for (const { sight, origin, count } of found.values()) {
        anomalies.push(impossibleSight(register, sight, origin, count, faults));
      }
    }
    const vacuous = sights === 0 ? 'nothing was read' : undefined;
    return verdictOf(this.name, { anomalies, reason: reason ?? vacuous }, { ...figures, sights, impossible });
  },
};

/** How a value was seen that nobody can have written before; undefined if somebody can. Without real time, any write may have been before. */
export function originOf(
  sight: Sight,
  register: Register,
  all: readonly Register[],
  realtime: boolean,
): Origin | undefined {
  const { identity } = sight;
  const seenAt = realtime ? sight.completion.index : Number.POSITIVE_INFINITY;
  if (identity === register.initial) return undefined;
  const writers = register.writers.get(identity) ?? [];
  // In the order of invocation: if the first came too late, they all did. A cas cannot have written what it matched.
  const writer = writers.find(({ invocation }) => invocation !== sight.invocation);
  if (writer !== undefined && writer.invocation.index < seenAt) return undefined;
  const failed = register.failed.get(identity) ?? [];
  if (failed[0] !== undefined && failed[0].invocation.index < seenAt) {
    const why = `only operations that certainly failed tried to write that value: ${described(failed)}`;
    return { name: 'aborted-read', suspects: [failed[0]], why };
  }
  const later = writer ?? failed[0];
  if (later !== undefined) {
    const why = `nobody had tried to write that value yet; the first to do so was ${describeOperation(later)}`;
    return { name: 'future-read', suspects: [later], why };
  }
  const elsewhere = writtenElsewhere(identity, seenAt, all);
  if (elsewhere.length === 0)
    return { name: 'garbage-read', suspects: [], why: 'nobody ever tried to write that value' };
  const suspects = elsewhere.map(({ writer }) => writer);
  return {
    name: 'garbage-read',
    suspects: suspects.slice(0, 1),
    why: `that value was only ever written elsewhere: ${described(suspects)}`,
    otherKeys: elsewhere.map(({ key }) => key),
  };
}

function described(pairs: readonly OperationPair[]): string {
  return list(pairs.map(describeOperation), 3);
}

function writtenElsewhere(
  identity: Identity,
  before: number,
  all: readonly Register[],
): { readonly key: string | number; readonly writer: OperationPair }[] {
  return all.flatMap(({ key, writers }) => {
    const writer = writers.get(identity)?.[0];
    return writer !== undefined && key !== undefined && writer.invocation.index < before
      ? [{ key, writer }]
      : [];
  });
}

function impossibleSight(
  { key }: Register,
  sight: Sight,
  { name, suspects, why, otherKeys }: Origin,
  count: number,
  faults: readonly FaultRecord[],
): Anomaly {
  const around = inForce(faults, 0, sight.completion.time);
  const verb = sight.invocation.f === 'cas' ? 'matched' : 'saw';
  return {
    name,
    ...(key !== undefined && { key }),
    explanation: [
      `Process ${sight.invocation.process} ${verb} ${inWords(sight.saw)} as the value${ofKey(key)} (${describeOperation(sight)}), but ${why}.`,
      ...(count > 1 ? [`It was seen ${plural(count, 'time')} in all.`] : []),
      around.length === 0
        ? 'No fault was applied before.'
        : faultsInWords(around).replace('meanwhile', 'before that'),
    ].join(' '),
    operations: indicesOf([...suspects, sight]),
    data: { saw: sight.saw, count, ...(otherKeys !== undefined && { otherKeys }) },
  };
}
