import {
  isOperation,
  type Json,
  type Operation,
  type OperationPair,
  OperationPairing,
} from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords, list, ofKey, plural } from '../shared/words.ts';
import { streaming } from '../streaming.ts';

/** Duplicated ids that are explained, and the operations of each that an anomaly lists; of more than that only the number is told. */
const MOST_EXPLAINED = 10;
const MOST_LISTED = 32;
const MOST_IN_WORDS = 6;

/**
 * No id is given twice: `generate` -> id. Every id that an acknowledged operation returned counts; an indeterminate one may have used up an id, which
 * nobody knows. With keys, ids are unique for each key. Other operations do not matter.
 *
 * Unknown if fewer than two ids were given for any key. A stream keeps each id, with five numbers about who got it. Values are compared as JSON; `least` and
 * `most` are told of ids that are all numbers, or all texts (compared by code units).
 */
export const uniqueIds: Checker = streaming({
  name: 'unique-ids',
  summary: 'no id is given twice',
  cost: 'O(n)',
  options: { type: 'object', properties: {}, additionalProperties: false },
  stream() {
    const pairing = new OperationPairing();
    const given = new Given();
    const range = new Range();
    let attempted = 0;
    let acknowledged = 0;
    return {
      event(event) {
        if (!isOperation(event)) return;
        const pair = pairing.event(event);
        if (event.f !== 'generate') return;
        if (pair === undefined) attempted++;
        if (pair?.completion.type !== 'ok') return;
        acknowledged++;
        range.add(event.value);
        given.add(pair);
      },
      finish() {
        const reason =
          acknowledged === 0
            ? 'no operation generate succeeded'
            : given.compared === 0
              ? 'only one id was given, so none can be compared'
              : undefined;
        return verdictOf(
          'unique-ids',
          { anomalies: given.repeated.map(duplicateOf), reason },
          { attempted, acknowledged, duplicated: given.duplicated, ...range.figures() },
        );
      },
    };
  },
});

/** An id that was given more than once: how often, and the first few pairs, by completion. */
interface Repeated {
  count: number;
  readonly pairs: Required<OperationPair>[];
}

function duplicateOf({ count, pairs }: Repeated): Anomaly {
  const { key, value: id } = pairs[0]!.completion;
  const words = pairs.slice(0, MOST_IN_WORDS).map(describeOperation);
  if (count > MOST_IN_WORDS) words.push(`${count - MOST_IN_WORDS} more`);
  return {
    name: 'duplicate-id',
    ...(key !== undefined && { key }),
    explanation: `The id ${inWords(id)}${ofKey(key)} was given ${plural(count, 'time')}: ${list(words, words.length)}.`,
    operations: indicesOf(pairs),
    data: { id, count },
  };
}

/** Who was given what, in little room: a hundred million ids are of interest, and not what else their operations said. */
class Given {
  /** Acknowledged ids for whose key another one had been given before. */
  compared = 0;
  duplicated = 0;
  /** The first that were found. */
  readonly repeated: Repeated[] = [];
  /** By key and id: the row of who got it first, or for one that is repeated -1 - the position in `repeated`. */
  private readonly rows = new Map<string | number | undefined, Map<Identity, number>>();
  /** By row: what was asked, if anything. */
  private readonly asked = new Map<number, Json>();
  private readonly processes: number[] = [];
  private readonly invokedIndices: number[] = [];
  private readonly invokedTimes: number[] = [];
  private readonly indices: number[] = [];
  private readonly times: number[] = [];

  add(pair: Required<OperationPair>): void {
    const { key, value } = pair.completion;
    let rows = this.rows.get(key);
    if (rows === undefined) {
      rows = new Map();
      this.rows.set(key, rows);
    }
    if (rows.size > 0) this.compared++;
    const identity = identityOf(value);
    const row = rows.get(identity);
    if (row === undefined) {
      rows.set(identity, this.put(pair));
    } else if (row >= 0) {
      rows.set(identity, -1 - this.duplicated);
      this.duplicated++;
      if (this.repeated.length < MOST_EXPLAINED) {
        this.repeated.push({ count: 2, pairs: [this.pairAt(row, pair.completion), pair] });
      }
    } else {
      const repeated = this.repeated[-1 - row];
      if (repeated === undefined) return;
      repeated.count++;
      if (repeated.pairs.length < MOST_LISTED) repeated.pairs.push(pair);
    }
  }

  private put({ invocation, completion }: Required<OperationPair>): number {
    this.invokedIndices.push(invocation.index);
    this.invokedTimes.push(invocation.time);
    this.indices.push(completion.index);
    this.times.push(completion.time);
    const row = this.processes.push(invocation.process) - 1;
    if (invocation.value !== null) this.asked.set(row, invocation.value);
    return row;
  }

  /** The operation of that row, which was given the same for the same key. */
  private pairAt(row: number, { key, value }: Operation): Required<OperationPair> {
    const common = { process: this.processes[row]!, f: 'generate', ...(key !== undefined && { key }) };
    const [invoked, index] = [this.invokedIndices[row]!, this.indices[row]!];
    const [began, time] = [this.invokedTimes[row]!, this.times[row]!];
    return {
      invocation: {
        ...common,
        index: invoked,
        time: began,
        type: 'invoke',
        value: this.asked.get(row) ?? null,
      },
      completion: { ...common, index, time, type: 'ok', value },
    };
  }
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
