import type { Json } from '../../../histories/index.ts';
import type { Calls } from '../model.ts';
import { neverEmpty } from './emptiness.ts';
import { outOfOrder } from './fifo.ts';
import { type Lifetimes, lifetimesOf, sortedBy, type Violation } from './lifetimes.ts';
import { noBottom } from './lifo.ts';

export type { Violation } from './lifetimes.ts';

interface Kind {
  readonly insert: string;
  readonly disorder: (lifetimes: Lifetimes) => Violation | undefined;
}

/** Containers that are decided without a search if every value is put in at most once. By model. */
const KINDS: { readonly [model: string]: Kind } = {
  queue: { insert: 'enqueue', disorder: () => undefined },
  'fifo-queue': { insert: 'enqueue', disorder: outOfOrder },
  stack: { insert: 'push', disorder: noBottom },
};

/**
 * Whether the calls are those of one container: why not, `valid`, or undefined where that takes a search (a value is put in twice; the
 * container is not empty at first; removals without an answer of which it is not clear what they took). Cost: n log n.
 */
export function judgeCollection(calls: Calls, model: string, initial: Json): Violation | 'valid' | undefined {
  const kind = KINDS[model];
  if (kind === undefined || (initial as readonly Json[]).length > 0) return undefined;
  const lifetimes = lifetimesOf(calls, kind.insert);
  if (lifetimes === undefined || 'kind' in lifetimes) return lifetimes;
  const wrong = (assumed: Lifetimes): Violation | undefined =>
    kind.disorder(assumed) ?? neverEmpty(assumed, calls);
  // None of the removals without an answer happened: as good an explanation as any.
  const violation = wrong(lifetimes);
  if (violation === undefined) return 'valid';
  if (lifetimes.unknown.length === 0) return violation;
  // As if there were any number of them: a history that is impossible even so is impossible.
  const relaxed = wrong(removedByAny(lifetimes, calls));
  if (relaxed !== undefined) return relaxed;
  return wrong(removedInTurn(lifetimes, calls)) === undefined ? 'valid' : undefined;
}

/** Every value that nobody is known to have taken is taken at some time after the first removal without an answer began. */
function removedByAny(lifetimes: Lifetimes, { invoked }: Calls): Lifetimes {
  const { count, removal, unknown } = lifetimes;
  const outFrom = lifetimes.outFrom.slice();
  const out = lifetimes.removal.slice();
  for (let v = 0; v < count; v++) {
    if (removal[v]! >= 0) continue;
    outFrom[v] = invoked[unknown[0]!]!;
    out[v] = unknown[0]!;
  }
  return { ...lifetimes, outFrom, removal: out };
}

/** The first removal without an answer takes the value that was put in first, the second the second: one possibility of many. */
function removedInTurn(lifetimes: Lifetimes, { invoked }: Calls): Lifetimes {
  const { count, removal, unknown, inTo } = lifetimes;
  const outFrom = lifetimes.outFrom.slice();
  let next = 0;
  for (const v of sortedBy(inTo, count)) {
    if (removal[v]! < 0 && next < unknown.length) outFrom[v] = invoked[unknown[next++]!]!;
  }
  return { ...lifetimes, outFrom };
}
