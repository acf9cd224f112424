import type { Json } from '../../../histories/index.ts';
import { Interner } from '../interner.ts';
import { type Calls, NEVER } from '../model.ts';

/**
 * What happened to each value of a container into which every value is put at most once. Values are numbered; arrays are by value.
 *
 * Operations of unknown outcome, exactly:
 * - An insertion nobody saw the effect of is left out: without it every order of the rest stays possible. One whose value was
 *   taken out did happen; it has no completion.
 * - A removal without an answer may have taken any value, or none: `unknown`.
 */
export interface Lifetimes {
  readonly values: readonly Json[];
  readonly count: number;
  /** Operations that put the value in and took it out; -1: nobody is known to have taken it. */
  readonly insertion: Int32Array;
  readonly removal: Int32Array;
  /** Positions of their invocations and completions, `NEVER` where there is none. */
  readonly inFrom: Int32Array;
  readonly inTo: Int32Array;
  readonly outFrom: Int32Array;
  readonly outTo: Int32Array;
  /** Removals that found nothing, and removals without an answer. */
  readonly empties: readonly number[];
  readonly unknown: readonly number[];
}

/** Why a history of a container is impossible, as the operations of a pattern. */
export type Violation =
  /** Taken out, though nobody had put it in when this was over. `insertion` -1: nobody ever did. */
  | { readonly kind: 'nowhere'; readonly removal: number; readonly insertion: number }
  | { readonly kind: 'twice'; readonly insertion: number; readonly removals: readonly [number, number] }
  /** Put in first, but still there when the other had been taken out. `removal` -1: nobody took it. */
  | {
      readonly kind: 'order';
      readonly insertion: number;
      readonly removal: number;
      readonly laterInsertion: number;
      readonly earlierRemoval: number;
    }
  /** Found empty while, at each moment, one of these values was there. Pairs of insertion and removal (-1: none). */
  | {
      readonly kind: 'never-empty';
      readonly empty: number;
      readonly chain: readonly (readonly [number, number])[];
    }
  /** Never empty in between, and none of the values can have been at the bottom for so long. */
  | { readonly kind: 'no-bottom'; readonly values: readonly (readonly [number, number])[] };

/**
 * Lifetimes of a container whose calls are insertions and removals, by name of the insertion. Undefined if a value was put in
 * twice, or tried to be: nobody can say then which one was taken. Cost: linear.
 */
export function lifetimesOf(calls: Calls, insert: string): Lifetimes | Violation | undefined {
  const values = new Interner(0, calls.count);
  const insertion = new Int32Array(calls.count).fill(-1);
  const removal = new Int32Array(calls.count).fill(-1);
  const empties: number[] = [];
  const unknown: number[] = [];
  let twice: { value: number; removals: readonly [number, number] } | undefined;
  for (let n = 0; n < calls.count; n++) {
    const { f, value, result } = calls.call(n);
    const inserts = f === insert;
    if (!inserts && result === undefined) unknown.push(n);
    else if (!inserts && result === null) empties.push(n);
    else {
      const id = values.id(inserts ? value : result!);
      const of = inserts ? insertion : removal;
      if (of[id]! < 0) of[id] = n;
      else if (inserts) return undefined;
      else twice ??= { value: id, removals: [of[id]!, n] };
    }
  }
  if (twice !== undefined)
    return { kind: 'twice', insertion: insertion[twice.value]!, removals: twice.removals };
  return lives(calls, values.values, insertion, removal, { empties, unknown });
}

function lives(
  { invoked, returned }: Calls,
  all: readonly Json[],
  insertions: Int32Array,
  removals: Int32Array,
  others: Pick<Lifetimes, 'empties' | 'unknown'>,
): Lifetimes | Violation {
  const values: Json[] = [];
  const kept: number[] = [];
  for (let id = 0; id < all.length; id++) {
    const put = insertions[id]!;
    const took = removals[id]!;
    if (took >= 0 && (put < 0 || invoked[put]! > returned[took]!)) {
      return { kind: 'nowhere', removal: took, insertion: put };
    }
    if (took < 0 && returned[put] === NEVER) continue;
    values.push(all[id]!);
    kept.push(id);
  }
  const at = (operations: Int32Array, positions: Int32Array): Int32Array =>
    Int32Array.from(kept, (id) => (operations[id]! < 0 ? NEVER : positions[operations[id]!]!));
  return {
    values,
    count: kept.length,
    insertion: Int32Array.from(kept, (id) => insertions[id]!),
    removal: Int32Array.from(kept, (id) => removals[id]!),
    inFrom: at(insertions, invoked),
    inTo: at(insertions, returned),
    outFrom: at(removals, invoked),
    outTo: at(removals, returned),
    ...others,
  };
}

/** The same with only some of the values. */
export function only(lifetimes: Lifetimes, kept: readonly number[]): Lifetimes {
  const pick = (from: Int32Array): Int32Array => Int32Array.from(kept, (v) => from[v]!);
  return {
    ...lifetimes,
    values: kept.map((v) => lifetimes.values[v]!),
    count: kept.length,
    insertion: pick(lifetimes.insertion),
    removal: pick(lifetimes.removal),
    inFrom: pick(lifetimes.inFrom),
    inTo: pick(lifetimes.inTo),
    outFrom: pick(lifetimes.outFrom),
    outTo: pick(lifetimes.outTo),
  };
}

/** Values in the order of one of their positions. */
export function sortedBy(positions: Int32Array, count: number): Int32Array {
  const keys = new Float64Array(count);
  // Exact: positions times values stay far below 2^53 for anything that fits in memory.
  for (let v = 0; v < count; v++) keys[v] = positions[v]! * count + v;
  keys.sort();
  return Int32Array.from(keys, (key) => key % count);
}
