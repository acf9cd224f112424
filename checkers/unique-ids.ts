import { isOperation, type Json, type OperationPair } from '../histories/index.ts';
import type { Checker } from './checker.ts';
import { pairsOf } from './pairs.ts';
import { type Identity, identityOf, ofKey } from './registers.ts';
import { Reports } from './reports.ts';
import { verdictOf } from './verdicts.ts';
import { describeOperation, indicesOf, inWords, list, plural } from './words.ts';

/** Operations that an anomaly lists; of more than that only the number is told. */
const MOST_LISTED = 32;

/**
 * No id is given twice: `generate` -> id. Every id that an acknowledged operation returned counts; an indeterminate one may have used up an id, which
 * nobody knows. With keys, ids are unique for each key. Other operations do not matter.
 *
 * Unknown if fewer than two ids were given for any key. Takes the events one after the other and keeps the ids. Values are compared as JSON; `least` and `most` are told
 * of ids that are all numbers, or all texts (compared by code units).
 */
export const uniqueIds: Checker = {
  name: 'unique-ids',
  summary: 'no id is given twice',
  cost: 'O(n)',
  options: { type: 'object', properties: {}, additionalProperties: false },
  check(history) {
    const first = new Map<string | number | undefined, Map<Identity, number>>();
    const again = new Map<string | number | undefined, Map<Identity, number[]>>();
    const range = new Range();
    let attempted = 0;
    let acknowledged = 0;
    let compared = 0;
    let duplicated = 0;
    for (const event of history.events) {
      if (!isOperation(event) || event.f !== 'generate') continue;
      if (event.type === 'invoke') attempted++;
      if (event.type !== 'ok') continue;
      acknowledged++;
      range.add(event.value);
      const identity = identityOf(event.value);
      const given = inner(first, event.key);
      if (given.size > 0) compared++;
      const before = given.get(identity);
      if (before === undefined) {
        given.set(identity, event.index);
        continue;
      }
      const repeated = inner(again, event.key);
      const others = repeated.get(identity);
      if (others === undefined) {
        repeated.set(identity, [before, event.index]);
        duplicated++;
      } else others.push(event.index);
    }
    const reports = new Reports();
    const byCompletion = duplicated === 0 ? undefined : completions(pairsOf(history));
    for (const [key, ids] of again) {
      for (const indices of ids.values()) {
        reports.add('duplicate-id', () => {
          const pairs = indices.map((index) => byCompletion!.get(index)!);
          const id = pairs[0]!.completion!.value;
          return {
            ...(key !== undefined && { key }),
            explanation: `The id ${inWords(id)}${ofKey(key)} was given ${plural(pairs.length, 'time')}: ${list(pairs.map(describeOperation))}.`,
            operations: indicesOf(pairs.slice(0, MOST_LISTED)),
            data: { id, count: pairs.length },
          };
        });
      }
    }
    const reason =
      acknowledged === 0
        ? 'no operation generate succeeded'
        : compared === 0
          ? 'only one id was given, so none can be compared'
          : undefined;
    return verdictOf(
      this.name,
      { anomalies: reports.anomalies, reason },
      { attempted, acknowledged, duplicated, ...range.figures() },
    );
  },
};

function inner<Value>(
  maps: Map<string | number | undefined, Map<Identity, Value>>,
  key: string | number | undefined,
): Map<Identity, Value> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

function completions(pairs: readonly OperationPair[]): Map<number, OperationPair> {
  const found = new Map<number, OperationPair>();
  for (const pair of pairs) if (pair.completion !== undefined) found.set(pair.completion.index, pair);
  return found;
}

/** The least and the most of ids of one type. */
class Range {
  private least: number | string | undefined;
  private most: number | string | undefined;
  private mixed = false;

  add(id: Json): void {
    if (this.mixed) return;
    if ((typeof id !== 'number' && typeof id !== 'string') || typeof (this.least ?? id) !== typeof id) {
      this.mixed = true;
      return;
    }
    if (this.least === undefined || id < this.least) this.least = id;
    if (this.most === undefined || id > this.most) this.most = id;
  }

  figures(): { readonly [name: string]: Json } {
    if (this.mixed || this.least === undefined || this.most === undefined) return {};
    return { least: this.least, most: this.most };
  }
}
