import type { Anomaly } from '../checker.ts';
import { originOf } from '../registers/corruption.ts';
import type { Identity } from '../shared/identity.ts';
import { describeOperation, indicesOf, inWords, ofKey } from '../shared/words.ts';
import type { SessionHistory } from './session-history.ts';

/** Reads of what nobody can have written to the key before: no consistency model explains them. One anomaly for each key and value. */
export function thinAirReads({ impossible, registers, realtime }: SessionHistory, name: string): Anomaly[] {
  const seen = new Map<unknown, Set<Identity>>();
  const anomalies: Anomaly[] = [];
  for (const { register, sight } of impossible) {
    const { key } = register;
    const values = seen.get(key) ?? new Set();
    seen.set(key, values);
    if (values.has(sight.identity)) continue;
    values.add(sight.identity);
    const origin = originOf(sight, register, registers, realtime);
    const why = origin?.why ?? 'nobody else ever tried to write that value';
    anomalies.push({
      name,
      ...(key !== undefined && { key }),
      explanation: `Process ${sight.invocation.process} saw ${inWords(sight.saw)} as the value${ofKey(key)} (${describeOperation(sight)}), but ${why}.`,
      operations: indicesOf([...(origin?.suspects ?? []), sight]),
      data: { saw: sight.saw },
    });
  }
  return anomalies;
}
