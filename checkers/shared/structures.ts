import type { History, Json, OperationPair } from '../../histories/index.ts';
import { pairsOf } from './pairs.ts';

/** One object of a history (a set, a counter, a queue, ...): the operations on one key, in the order of invocation. */
export interface Structure {
  readonly key: string | number | undefined;
  readonly pairs: OperationPair[];
}

export interface Structures {
  readonly structures: readonly Structure[];
  /** Operations, keys; keys that are not judged, and because of which operations. For a verdict's figures. */
  readonly figures: { readonly [name: string]: Json };
  /** Why there is nothing to judge, if no key can be. */
  readonly reason?: string;
}

/** Part of a checker's options: other operations of this history that do not change what is judged. */
export interface HarmlessOption {
  readonly harmless?: readonly string[];
}

/** Its part of the schema. */
export const HARMLESS_OPTION = {
  harmless: {
    description: 'other operations of the history that do not change what is judged',
    type: 'array',
    items: { type: 'string' },
    default: [],
  },
} as const;

/**
 * Splits a history by key into objects with these operations. A key with an operation that is neither one of them nor named as harmless is left out: what it
 * did to the object is not known, and a wrong alarm would be worse. One without a key may concern every key. Cost: linear.
 */
export function structuresOf(
  history: History,
  operations: readonly string[],
  { harmless = [] }: HarmlessOption,
): Structures {
  const understood = new Set(operations);
  const passed = new Set(harmless);
  const structures = new Map<string | number | undefined, Structure>();
  const foreign = new Map<string | number | undefined, string>();
  let count = 0;
  for (const pair of pairsOf(history)) {
    const { f, key } = pair.invocation;
    if (passed.has(f)) continue;
    count++;
    let structure = structures.get(key);
    if (structure === undefined) {
      structure = { key, pairs: [] };
      structures.set(key, structure);
    }
    if (understood.has(f)) structure.pairs.push(pair);
    else if (!foreign.has(key)) foreign.set(key, f);
  }
  const everywhere = foreign.has(undefined);
  const judged = everywhere ? [] : [...structures.values()].filter(({ key }) => !foreign.has(key));
  const others = [...new Set(foreign.values())].sort();
  const figures = {
    operations: count,
    keys: judged.length,
    ...(others.length > 0 && { keysNotJudged: structures.size - judged.length, foreign: others }),
  };
  if (judged.length > 0) return { structures: judged, figures };
  const reason =
    structures.size === 0
      ? `the history has none of the operations ${operations.join(', ')}`
      : `no key can be judged, because of the operations ${others.join(', ')} (understood are ${operations.join(', ')}; option "harmless" names others that change nothing)`;
  return { structures: judged, figures, reason };
}

/** Where an operation ends for what comes later in real time: where it was acknowledged, else never. */
export function endOfPair({ completion }: OperationPair): number {
  return completion?.type === 'ok' ? completion.index : NEVER;
}

/** Later than any index of a history. */
export const NEVER = 2 ** 31 - 1;

/**
 * Goes through invocations and completions in the order of the history. `visit` gets the position of the pair, and whether it is its completion.
 * Cost: n log n.
 */
export function sweep(
  pairs: readonly OperationPair[],
  visit: (position: number, completes: boolean) => void,
): void {
  const base = 2 * pairs.length;
  const marks = new Float64Array(base);
  let count = 0;
  pairs.forEach(({ invocation, completion }, position) => {
    marks[count++] = invocation.index * base + 2 * position;
    if (completion !== undefined) marks[count++] = completion.index * base + 2 * position + 1;
  });
  for (const mark of marks.subarray(0, count).sort()) {
    const code = mark % base;
    visit(code >> 1, (code & 1) === 1);
  }
}
