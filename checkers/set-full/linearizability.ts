import type { OperationPair } from '../../histories/index.ts';
import type { Pace } from '../budget.ts';
import { endOfPair } from '../shared/structures.ts';
import type { SetEvidence, SetRead } from './evidence.ts';

/** Why no order of the operations in real time explains all reads, although each element for itself is explained. */
export type Contradiction =
  | {
      readonly kind: 'incomparable';
      /** Each of the two reads saw an element that the other did not. */
      readonly one: SetRead;
      readonly other: SetRead;
      /** Numbers of elements that only `one`, and only `other` saw. */
      readonly oneOnly: number;
      readonly otherOnly: number;
    }
  | {
      readonly kind: 'inverted';
      /** The add that was invoked after `earlier` had completed, and yet came before it as `between` saw. */
      readonly later: OperationPair;
      /** An add of `element`, or a read that saw it. */
      readonly earlier: OperationPair;
      readonly element: number;
      /** Saw what `later` added, but not `element`. */
      readonly between: SetRead;
    };

/**
 * Decides whether a set that only grows is linearizable, exactly: whether some order of the adds and reads, in real time, explains all
 * reads. To be asked about a set without phantoms and stale reads.
 *
 * What reads saw must be comparable by inclusion: put in that order, they say for each element between which two it was added. So operations have levels: adds of an element
 * at level 2n + 1 if the n-th larger set was the first to have it, reads of the n-th set at level 2n + 2, and elements that nobody saw above all. Within a level
 * any order will do. So there is a contradiction only if something at a higher level completed before something at a lower one was invoked. An element that was added several
 * times is there from the first add that takes effect; the one invoked first may always be it, and the others may come later.
 *
 * If the time is over, it answers undefined, which then says nothing. Cost: linear in the lengths of all reads, n log n in operations.
 */
export function contradictionOf(set: SetEvidence, pace: Pace): Contradiction | undefined {
  const { ids, adds, reads, firstAdd } = set;
  const level = new Int32Array(ids.values.length).fill(-1);
  const distinct = distinctOf(set);
  const order = reads.map((_, at) => at).sort((a, b) => distinct[a]! - distinct[b]! || a - b);
  const levelOfRead = new Int32Array(reads.length);
  /** The first read of each group of reads that saw the same set. */
  const groups: SetRead[] = [];
  let known = 0;
  for (let i = 0; i < order.length; i++) {
    const at = order[i]!;
    const read = reads[at]!;
    if (pace.over(1 + 2 * read.values.length)) return undefined;
    if (i === 0 || distinct[at]! > distinct[order[i - 1]!]!) groups.push(read);
    for (const value of read.values) {
      const id = ids.find(value);
      if (id < 0 || level[id]! >= 0) continue;
      level[id] = 2 * groups.length - 1;
      known++;
    }
    levelOfRead[at] = 2 * groups.length;
    if (known > distinct[at]!) return incomparable(set, read, level, groups);
  }
  const unseen = 2 * groups.length + 1;
  const placed: Placed[] = reads.map((pair, at) => ({ pair, level: levelOfRead[at]!, element: -1 }));
  adds.forEach((pair) => {
    if (pair.completion?.type === 'fail') return;
    const element = ids.find(pair.invocation.value);
    placed.push({ pair, level: level[element]! < 0 ? unseen : level[element]!, element });
  });
  placed.sort((a, b) => a.level - b.level);
  /** Of everything at a lower level, what was invoked last. */
  let last: Placed | undefined;
  for (let from = 0; from < placed.length; ) {
    let to = from;
    for (; to < placed.length && placed[to]!.level === placed[from]!.level; to++) {
      const item = placed[to]!;
      if (last !== undefined && endOfPair(item.pair) < last.pair.invocation.index) {
        return inverted(set, last, item, level, groups);
      }
    }
    for (; from < to; from++) {
      const item = placed[from]!;
      if (item.element >= 0 && adds[firstAdd[item.element]!] !== item.pair) continue;
      if (last === undefined || item.pair.invocation.index > last.pair.invocation.index) last = item;
    }
  }
  return undefined;
}

/** An operation with its level; the number of the element for an add, -1 for a read. */
interface Placed {
  readonly pair: OperationPair;
  readonly level: number;
  readonly element: number;
}

/** For each read how many different elements it saw. */
function distinctOf({ ids, reads }: SetEvidence): Int32Array {
  const stamp = new Int32Array(ids.values.length).fill(-1);
  return Int32Array.from(reads, ({ values }, at) => {
    let count = 0;
    for (const value of values) {
      const id = ids.find(value);
      if (id < 0 || stamp[id] === at) continue;
      stamp[id] = at;
      count++;
    }
    return count;
  });
}

function idsIn({ ids }: SetEvidence, read: SetRead): number[] {
  return read.values.map((value) => ids.find(value)).filter((id) => id >= 0);
}

function incomparable(
  set: SetEvidence,
  one: SetRead,
  level: Int32Array,
  groups: readonly SetRead[],
): Contradiction {
  const mine = new Set(idsIn(set, one));
  const otherOnly = level.findIndex((known, id) => known >= 0 && !mine.has(id));
  // No larger than this one, so it lacks one of those here.
  const other = groups[(level[otherOnly]! - 1) / 2]!;
  const theirs = new Set(idsIn(set, other));
  const oneOnly = [...mine].find((id) => !theirs.has(id))!;
  return { kind: 'incomparable', one, other, oneOnly, otherOnly };
}

/** What came last must be an add: a read that came too late would be stale, and one that came too early would see a phantom. */
function inverted(
  set: SetEvidence,
  later: Placed,
  earlier: Placed,
  level: Int32Array,
  groups: readonly SetRead[],
): Contradiction {
  const element =
    earlier.element >= 0
      ? earlier.element
      : idsIn(set, earlier.pair as SetRead).find((id) => level[id]! > later.level)!;
  const between = groups[(later.level - 1) / 2]!;
  return { kind: 'inverted', later: later.pair, earlier: earlier.pair, element, between };
}
