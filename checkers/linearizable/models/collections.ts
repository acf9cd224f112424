import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import { type Call, type Effect, LIST, type Model } from '../model.ts';

/*
 * Containers of values. Values may repeat. A removal answered null found the container empty. One whose answer nobody got took
 * out what one copy would have given it, or found nothing, in which case it may as well not have happened.
 */

/** The functions of a container. */
interface Functions {
  readonly insert: string;
  readonly remove: string;
}

const same = (a: Json | undefined, b: Json): boolean =>
  a === b || (a !== undefined && canonical(a) === canonical(b));

function malformed(call: Call, { insert }: Functions): string | undefined {
  if (call.f !== insert || call.value !== null) return undefined;
  return `${insert} takes a value other than null, which stands for nothing`;
}

/** Insertions are total, but no search profits from knowing it where nothing is constant and no state dead. */
function effect(call: Call, { remove }: Functions): Effect {
  return call.f === remove && call.result === null ? 'pure' : 'partial';
}

/** A sequence that is inserted into at the end, and removed from at `at` (its first or last place). */
function sequence(name: string, summary: string, functions: Functions, at: 0 | -1): Model {
  return {
    name,
    summary,
    functions: [functions.insert, functions.remove],
    removals: [functions.remove],
    initial: [],
    form: LIST,
    apply(state, call) {
      const items = state as readonly Json[];
      if (call.f === functions.insert) return [...items, call.value];
      if (call.result === null) return items.length === 0 ? items : undefined;
      if (items.length === 0) return undefined;
      if (call.result !== undefined && !same(items.at(at), call.result)) return undefined;
      return at === 0 ? items.slice(1) : items.slice(0, -1);
    },
    effect: (call) => effect(call, functions),
    malformed: (call) => malformed(call, functions),
  };
}

export const fifoQueue: Model = sequence(
  'fifo-queue',
  'enqueue and dequeue in one order',
  { insert: 'enqueue', remove: 'dequeue' },
  0,
);

export const stack: Model = sequence(
  'stack',
  'push and pop, last in, first out',
  { insert: 'push', remove: 'pop' },
  -1,
);

const BAG = { insert: 'enqueue', remove: 'dequeue' };

/** Values in a bag, in the order of their texts. While it is being emptied, nothing else happens. */
type Bag = readonly Json[] | { readonly emptying: readonly Json[] };

/**
 * A queue without order. A dequeue whose answer nobody got can have taken out any value; of two values that are there, it
 * makes no difference which, unless the bag is then found empty, and until just before that it may as well wait.
 * So it is taken only in a row of such dequeues that empties the bag, with nothing in between.
 */
export const queue: Model = {
  name: 'queue',
  summary: 'enqueue and dequeue in any order',
  functions: ['enqueue', 'dequeue'],
  removals: ['dequeue'],
  initial: [],
  form: LIST,
  apply(state, call) {
    const bag = state as Bag;
    const emptying = 'emptying' in bag;
    const items = emptying ? bag.emptying : bag;
    if (call.f === 'dequeue' && call.result === undefined) {
      if (items.length === 0) return undefined;
      return items.length === 1 ? [] : { emptying: items.slice(1) };
    }
    if (emptying) return undefined;
    if (call.f === 'enqueue') return [...items, call.value].sort(byText);
    if (call.result === null) return items.length === 0 ? items : undefined;
    const at = items.findIndex((item) => same(item, call.result!));
    return at < 0 ? undefined : items.filter((_, n) => n !== at);
  },
  effect: (call) => effect(call, BAG),
  malformed: (call) => malformed(call, BAG),
};

function byText(a: Json, b: Json): number {
  const [one, other] = [canonical(a), canonical(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
