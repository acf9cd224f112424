import { inWords } from '../shared/words.ts';
import { DerivedOrder } from './derived-order.ts';
import type { Names } from './names.ts';
import type { Conflict } from './saturation.ts';
import { INITIAL, type SessionHistory } from './session-history.ts';

/**
 * Why a session can have no view of the writes, step by step: each derived order with what it follows from, then the contradiction.
 *
 * @param causal whether reads of other sessions count: then what was seen before a write comes before it.
 */
export function viewInWords(
  history: SessionHistory,
  conflict: Conflict,
  causal: boolean,
  names: Names,
): string[] {
  const { derivations, kind, write, read } = conflict;
  const view = new DerivedOrder(
    (operation) => told(history, operation, conflict.session, causal),
    derivations,
  );
  const last = view.path(write, kind === 'order' ? write : read, derivations.length);
  const ways = view.grounds(last, derivations.length, (n) =>
    view.path(derivations[n]!.before, derivations[n]!.read, n),
  );
  const steps = [...ways.keys()];
  const words = (way: readonly number[], limit: number): string =>
    way
      .map((operation, i) => {
        if (i === 0) return names.of(operation);
        return `${names.of(operation)} (${whyNext(history, view, way[i - 1]!, operation, limit, steps, names)})`;
      })
      .join(', then ');
  const sentences = steps.map((step, n) => {
    const { before, after, read: by } = derivations[step]!;
    const [first, second] = [names.of(before), names.of(after)];
    return `[${n + 1}] ${first} must come before ${second}, since ${names.of(by)} returned ${second} and ${first} comes before it: ${words(ways.get(step)!, step)}.`;
  });
  const end = words(last, derivations.length);
  if (kind === 'order') return [...sentences, `So ${names.of(write)} would come before itself: ${end}.`];
  if (kind === 'session') {
    return [
      ...sentences,
      `So ${names.of(write)} would come before ${names.of(read)}, which precedes it in its session: ${end}.`,
    ];
  }
  const initial = inWords(history.pairs[read]!.completion?.value ?? null);
  return [
    ...sentences,
    `${names.of(read)} returned the initial value ${initial}, though ${names.of(write)} comes before it: ${end}.`,
  ];
}

function whyNext(
  { isWrite, source }: SessionHistory,
  view: DerivedOrder,
  before: number,
  operation: number,
  limit: number,
  steps: readonly number[],
  names: Names,
): string {
  if (isWrite[operation] === 0 && source[operation] === before) return `returned ${names.of(before)}`;
  if (view.follows(before, operation)) return 'same session';
  return `by [${steps.indexOf(view.derivationOf(before, operation, limit)) + 1}]`;
}

/** What comes right before the operation by session order and reads-from, in the eyes of a session. */
function told(history: SessionHistory, operation: number, viewer: number, causal: boolean): number[] {
  const { isWrite, source, session, position, sessions, forkOf } = history;
  const stem = forkOf[session[operation]!]!;
  const home = stem < 0 ? session[operation]! : session[stem]!;
  const whole = causal || home === viewer;
  const found: number[] = [];
  if (whole && isWrite[operation] === 0 && source[operation] !== INITIAL) found.push(source[operation]!);
  for (let at = stem < 0 ? position[operation]! - 1 : position[stem]!; at > 0; at--) {
    const before = sessions[home]![at - 1]!;
    if (!whole && isWrite[before] === 0) continue;
    found.push(before);
    break;
  }
  return found;
}
