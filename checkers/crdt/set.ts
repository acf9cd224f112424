import type { Json, OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { ElementIds } from '../shared/element-ids.ts';
import { Reports } from '../shared/reports.ts';
import {
  endOfPair,
  HARMLESS_OPTION,
  type HarmlessOption,
  type Structure,
  structuresOf,
} from '../shared/structures.ts';
import { timelessReason } from '../shared/timeless.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords, list, ofKey, plural } from '../shared/words.ts';
import { type FinalRead, finalReadsOf } from './final-reads.ts';

export interface CrdtSetOptions extends HarmlessOption {
  /** `or-set`: a removal takes away the additions that its replica knows of; `2p-set`: an element that was removed never comes back. */
  readonly kind?: 'or-set' | '2p-set';
}

/**
 * A replicated set once it has settled: `add` v, `remove` v, `read` -> [v...], judged by the final reads (see `set`).
 * - `lost`: a final read lacks an element with an acknowledged addition that no removal can have known of: each was over before the addition was invoked, or
 *   certainly failed. (2P-set: an acknowledged element that nobody tried to remove.)
 * - `phantom`: it has an element that nobody tried to add before the read was over, or only with certain failure.
 * - `resurrected`: it has an element though all its additions were acknowledged by a node before an acknowledged removal was invoked at the same node, which must have
 *   known of them. Needs operations that tell their `node`. (2P-set: though a removal was acknowledged.)
 * - `diverged`: final reads disagree about an element all of whose additions and removals were over before, none indeterminate.
 *
 * A set without `remove` is a G-set. Unknown if there are no final reads, or nothing was acknowledged.
 */
export const crdtSet: Checker<CrdtSetOptions> = {
  name: 'crdt-set',
  summary: 'a replicated set in the end has what was added and not removed, and replicas agree',
  cost: 'linear in the lengths of all final reads, and for each element its additions times its removals',
  options: {
    type: 'object',
    properties: { kind: { enum: ['or-set', '2p-set'], default: 'or-set' }, ...HARMLESS_OPTION },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const { structures, figures, reason } = structuresOf(history, ['add', 'remove', 'read'], options);
    const timeless = timelessReason(history);
    if (timeless !== undefined) return verdictOf(this.name, { anomalies: [], reason: timeless }, figures);
    const readsOf = finalReadsOf(history);
    const reports = new Reports();
    const pace = new Pace(budget ?? {});
    let judged = 0;
    const counts = {
      elements: 0,
      acknowledged: 0,
      finalReads: 0,
      mustBeThere: 0,
      mustNotBeThere: 0,
      settled: 0,
    };
    for (const structure of structures) {
      const set = new ReplicatedSet(structure, readsOf(structure), options.kind ?? 'or-set');
      counts.finalReads += set.reads.length;
      set.judge(reports, counts, pace);
      if (pace.ended) break;
      judged++;
    }
    const outOfTime = pace.reason(judged, plural(structures.length, 'key'));
    const vacuous =
      counts.finalReads === 0
        ? 'no read at the end succeeded'
        : counts.acknowledged === 0
          ? 'no add or remove was acknowledged'
          : undefined;
    return verdictOf(
      this.name,
      { anomalies: reports.anomalies, reason: reason ?? outOfTime ?? vacuous },
      { ...figures, ...counts },
    );
  },
};

interface Element {
  readonly value: Json;
  /** Those that did not certainly fail. */
  readonly adds: OperationPair[];
  readonly removes: OperationPair[];
  readonly failed: OperationPair[];
  /** Of the final reads, those that saw it. */
  readonly seen: Set<FinalRead>;
}

interface Counts {
  elements: number;
  acknowledged: number;
  mustBeThere: number;
  mustNotBeThere: number;
  settled: number;
}

class ReplicatedSet {
  readonly reads: readonly FinalRead[];
  private readonly key: string | number | undefined;
  private readonly kind: 'or-set' | '2p-set';
  private readonly elements: Element[] = [];

  constructor({ key, pairs }: Structure, reads: readonly FinalRead[], kind: 'or-set' | '2p-set') {
    this.key = key;
    this.kind = kind;
    this.reads = reads.filter(({ completion }) => Array.isArray(completion.value));
    const ids = new ElementIds();
    const elementOf = (value: Json): Element => {
      const id = ids.add(value);
      this.elements[id] ??= { value, adds: [], removes: [], failed: [], seen: new Set() };
      return this.elements[id];
    };
    for (const pair of pairs) {
      const { f, value } = pair.invocation;
      if (f === 'read') continue;
      const element = elementOf(value);
      if (pair.completion?.type !== 'fail') (f === 'add' ? element.adds : element.removes).push(pair);
      else if (f === 'add') element.failed.push(pair);
    }
    for (const read of this.reads) {
      for (const value of read.completion.value as readonly Json[]) elementOf(value).seen.add(read);
    }
  }

  /** Stops once the time is over: what was found until then holds. */
  judge(reports: Reports, counts: Counts, pace: Pace): void {
    for (const element of this.elements) {
      if (pace.over(1 + element.adds.length * element.removes.length + this.reads.length)) return;
      counts.elements++;
      counts.acknowledged += [...element.adds, ...element.removes].filter(isAcknowledged).length;
      this.judgeLost(element, reports, counts);
      this.judgePresent(element, reports, counts);
      this.judgeAgreement(element, reports, counts);
    }
  }

  /** An addition that nobody can have taken away, and a read after it that lacks the element. */
  private judgeLost(element: Element, reports: Reports, counts: Counts): void {
    const { adds, removes } = element;
    const survivor = adds.find(
      (add) => isAcknowledged(add) && removes.every((remove) => !this.mayUndo(remove, add)),
    );
    if (survivor === undefined) return;
    counts.mustBeThere++;
    const read = this.reads.find(
      (candidate) => !element.seen.has(candidate) && endOfPair(survivor) < candidate.invocation.index,
    );
    if (read === undefined) return;
    const why = removes.length === 0 ? 'and nobody tried to remove it' : 'after all removals of it were over';
    reports.add('lost', () => ({
      ...this.common(element),
      explanation: `${inWords(element.value)} was added to the set${ofKey(this.key)} (${describeOperation(survivor)}), ${why}. But in the end ${describeOperation(read)} lacks it.`,
      operations: indicesOf([survivor, ...removes.slice(0, 32), read]),
    }));
  }

  private mayUndo(remove: OperationPair, add: OperationPair): boolean {
    return this.kind === '2p-set' || endOfPair(remove) > add.invocation.index;
  }

  /** Seen by a read though nobody had added it, or though all was taken away. */
  private judgePresent(element: Element, reports: Reports, counts: Counts): void {
    const { adds, failed, seen, value } = element;
    for (const read of seen) {
      const possible = adds.filter(({ invocation }) => invocation.index < read.completion.index);
      if (possible.length > 0) continue;
      const suspect = adds[0] ?? failed[0];
      const why =
        suspect === undefined
          ? 'nobody ever tried to add it'
          : adds.length > 0
            ? `nobody had tried to add it yet; the first to do so was ${describeOperation(suspect)}`
            : `all who tried to add it certainly failed, such as ${describeOperation(suspect)}`;
      reports.add('phantom', () => ({
        ...this.common(element),
        explanation: `${describeOperation(read)} saw ${inWords(value)} in the set${ofKey(this.key)}, but ${why}.`,
        operations: indicesOf([...(suspect === undefined ? [] : [suspect]), read]),
      }));
      return;
    }
    const removals = this.removalsOf(element);
    if (removals === undefined) return;
    counts.mustNotBeThere++;
    const read = [...seen].find(({ invocation }) =>
      removals.every((remove) => endOfPair(remove) < invocation.index),
    );
    if (read === undefined) return;
    reports.add('resurrected', () => ({
      ...this.common(element),
      explanation: `${inWords(value)} was removed from the set${ofKey(this.key)} (${list(removals.map(describeOperation), 3)}), and ${this.kind === '2p-set' ? 'what was removed never comes back' : 'the node knew of every addition of it'}. But in the end ${describeOperation(read)} saw it.`,
      operations: indicesOf([...adds.slice(0, 32), ...removals.slice(0, 32), read]),
    }));
  }

  /** Removals that must have taken away every addition of the element; undefined if there are not. */
  private removalsOf({ adds, removes }: Element): OperationPair[] | undefined {
    const certain = removes.filter(isAcknowledged);
    if (this.kind === '2p-set') return certain.length > 0 ? certain.slice(0, 1) : undefined;
    if (adds.length === 0) return undefined;
    const found = new Set<OperationPair>();
    for (const add of adds) {
      const node = nodeOf(add);
      const remove = certain.find(
        (removal) =>
          node !== undefined && nodeOf(removal) === node && endOfPair(add) < removal.invocation.index,
      );
      if (remove === undefined) return undefined;
      found.add(remove);
    }
    return [...found];
  }

  /** Once all is over, all final reads see it or none does. */
  private judgeAgreement(element: Element, reports: Reports, counts: Counts): void {
    const begin = this.reads[0]?.invocation.index;
    if (begin === undefined || [...element.adds, ...element.removes].some((pair) => endOfPair(pair) > begin))
      return;
    counts.settled++;
    const [present] = element.seen;
    const absent = this.reads.find((read) => !element.seen.has(read));
    if (present === undefined || absent === undefined) return;
    reports.add('diverged', () => ({
      ...this.common(element),
      explanation: `In the end ${describeOperation(present)} saw ${inWords(element.value)} in the set${ofKey(this.key)} and ${describeOperation(absent)} did not, though all that was done to it was over before.`,
      operations: indicesOf([present, absent]),
    }));
  }

  private common({ value }: Element): Pick<Anomaly, 'key' | 'data'> {
    return { ...(this.key !== undefined && { key: this.key }), data: { element: value } };
  }
}

/** The node that acknowledged it; the one that was asked, where the completion does not say. */
function nodeOf({ invocation, completion }: OperationPair): string | undefined {
  return completion?.node ?? invocation.node;
}

function isAcknowledged({ completion }: OperationPair): boolean {
  return completion?.type === 'ok';
}
