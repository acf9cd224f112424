import { inWords } from '../words.ts';
import type { Names } from './names.ts';
import type { Conflict, Derivation } from './saturation.ts';
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
  const view = new View(history, conflict, causal);
  const last = view.path(write, kind === 'order' ? write : read, derivations.length);
  const ways = new Map<number, readonly number[]>();
  const needed = view.derivedIn(last, derivations.length);
  for (let next = needed.pop(); next !== undefined; next = needed.pop()) {
    if (ways.has(next)) continue;
    const { before, read: by } = derivations[next]!;
    const way = view.path(before, by, next);
    ways.set(next, way);
    needed.push(...view.derivedIn(way, next));
  }
  const steps = [...ways.keys()].sort((a, b) => a - b);
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
  view: View,
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

/** What comes before what, in the eyes of one session. */
class View {
  private readonly history: SessionHistory;
  private readonly session: number;
  private readonly causal: boolean;
  private readonly derivations: readonly Derivation[];
  /** Numbers of derivations, by the write that comes after. */
  private readonly into = new Map<number, number[]>();

  constructor(history: SessionHistory, { session, derivations }: Conflict, causal: boolean) {
    this.history = history;
    this.session = session;
    this.causal = causal;
    this.derivations = derivations;
    derivations.forEach(({ after }, n) => {
      const numbers = this.into.get(after);
      if (numbers === undefined) this.into.set(after, [n]);
      else numbers.push(n);
    });
  }

  /** A shortest way from one operation to another (or back to itself), by derivations below the limit. */
  path(from: number, to: number, limit: number): number[] {
    const next = new Map<number, number>();
    const queue = [to];
    for (let i = 0; i < queue.length && !next.has(from); i++) {
      for (const before of this.before(queue[i]!, limit)) {
        if (next.has(before) || (before === to && before !== from)) continue;
        next.set(before, queue[i]!);
        queue.push(before);
      }
    }
    const path = [from];
    for (let at = next.get(from); at !== undefined; at = at === to ? undefined : next.get(at)) path.push(at);
    return path;
  }

  derivationOf(before: number, after: number, limit: number): number {
    return (
      (this.into.get(after) ?? []).find((n) => n < limit && this.derivations[n]!.before === before) ?? -1
    );
  }

  /** Numbers of the derivations that a way makes use of. */
  derivedIn(path: readonly number[], limit: number): number[] {
    const found: number[] = [];
    for (let i = 1; i < path.length; i++) {
      if (this.follows(path[i - 1]!, path[i]!)) continue;
      found.push(this.derivationOf(path[i - 1]!, path[i]!, limit));
    }
    return found;
  }

  /** Whether session order or reads-from say so. */
  follows(before: number, operation: number): boolean {
    return this.told(operation).includes(before);
  }

  private before(operation: number, limit: number): number[] {
    const derived = (this.into.get(operation) ?? []).filter((n) => n < limit);
    return [...this.told(operation), ...derived.map((n) => this.derivations[n]!.before)];
  }

  /** What comes right before the operation by session order and reads-from. */
  private told(operation: number): number[] {
    const { isWrite, source, session, position, sessions, forkOf } = this.history;
    const stem = forkOf[session[operation]!]!;
    const home = stem < 0 ? session[operation]! : session[stem]!;
    const whole = this.causal || home === this.session;
    const told: number[] = [];
    if (whole && isWrite[operation] === 0 && source[operation] !== INITIAL) told.push(source[operation]!);
    for (let at = stem < 0 ? position[operation]! - 1 : position[stem]!; at > 0; at--) {
      const before = sessions[home]![at - 1]!;
      if (!whole && isWrite[before] === 0) continue;
      told.push(before);
      break;
    }
    return told;
  }
}
