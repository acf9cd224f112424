import type { Json } from '../../histories/index.ts';
import type { SearchLimits, SearchMode } from './configurations.ts';
import { FrontierSearch } from './frontier.ts';
import { canonical } from './interner.ts';
import { finalState } from './linearization.ts';
import { type Call, type Calls, type Model, type ModelOptions, NEVER } from './model.ts';
import { compile, type KeyCalls } from './preparation.ts';
import { clustersOf, couldRead, orderClusters, orderOperations } from './zones.ts';

/** A state the object can have been in, and the order of operations that led there. */
export interface Possibility {
  readonly state: Json;
  /** Numbers of operations of the key. Left out of very long ones, where others have been shown. */
  readonly order?: readonly number[];
}

export interface Possibilities {
  /** States in which the object can have been at some moment at which the operation could have taken effect. */
  readonly possible: readonly Possibility[];
  /** Whether these are all. */
  readonly exhaustive: boolean;
  /** Operations open when it completed. */
  readonly open: readonly number[];
  /** The state that it needed, if one certain. */
  readonly needed: Json | undefined;
  /** No operation that was invoked before it completed leaves that state, and it is not the initial one. */
  readonly nobody: boolean;
}

/** Searches for an explanation are cheap or given up. */
const CANDIDATES_MAX = 48;

/** An order costs as much as all the rest: of a key with more operations than this, only so many are made. */
const LONG = 5_000;
const ORDERS_OF_LONG = 4;

/**
 * Asks of each candidate state whether an observer of it could stand where the operation stands, everything before the operation's
 * completion as it was recorded: a decision of the same kind as the verdict, and as exact. Cost: one search up to the operation's
 * invocation for all of them, and one from there for each; for registers with unique writes linear for each.
 */
export function findPossibilities(
  calls: KeyCalls,
  operation: number,
  model: Model,
  options: ModelOptions,
  limits: SearchLimits,
): Possibilities {
  const from = calls.invoked[operation]!;
  const to = calls.returned[operation]!;
  const all = model.probe?.candidates(calls, options.initial, from, to) ?? [];
  const candidates = all.slice(-CANDIDATES_MAX);
  const prefix = new Prefix(calls, operation, model);
  const found =
    byZones(prefix, candidates, model, options) ?? bySearch(prefix, candidates, model, options, limits);
  const needed = neededBy(calls.call(operation));
  return {
    possible: found.possible,
    exhaustive:
      found.exhaustive &&
      found.possible.length > 0 &&
      model.probe?.exhaustive === true &&
      all.length === candidates.length,
    open: prefix.open,
    needed,
    nobody:
      needed !== undefined &&
      model.isRegister === true &&
      canonical(needed) !== canonical(options.initial) &&
      !prefix.numbers.some((n) => leaves(calls.call(n), needed)),
  };
}

/** Everything else invoked before the operation completed; what completed later counts as open. */
class Prefix {
  readonly calls: KeyCalls;
  readonly operation: number;
  readonly numbers: number[] = [];
  readonly open: number[] = [];

  constructor(calls: KeyCalls, operation: number, model: Model) {
    this.calls = calls;
    this.operation = operation;
    const to = calls.returned[operation]!;
    for (let n = 0; n < calls.count && calls.invoked[n]! <= to; n++) {
      if (n === operation) continue;
      if (calls.returned[n]! > to) {
        const call = this.call(n);
        if (calls.call(n).outcome === 'fail' || model.effect(call) === 'pure') continue;
        this.open.push(n);
      }
      this.numbers.push(n);
    }
  }

  get from(): number {
    return this.calls.invoked[this.operation]!;
  }

  get to(): number {
    return this.calls.returned[this.operation]!;
  }

  returned(n: number): number {
    return this.calls.returned[n]! > this.to ? NEVER : this.calls.returned[n]!;
  }

  call(n: number): Call {
    const call = this.calls.call(n);
    if (this.calls.returned[n]! <= this.to) return call;
    return { f: call.f, value: call.value, result: undefined, outcome: 'info', owner: call.owner ?? null };
  }

  /** The prefix with observers in the place of the operation: where it was (one), or at the end. */
  with(observers: readonly Call[], inPlace: boolean): { calls: Calls; numbers: readonly number[] } {
    const numbers = this.numbers.slice();
    const own = observers.map((_, i) => -1 - i);
    const place = numbers.findIndex((n) => n > this.operation);
    numbers.splice(inPlace && place >= 0 ? place : numbers.length, 0, ...own);
    const calls: Calls = {
      count: numbers.length,
      call: (i) => (numbers[i]! < 0 ? observers[-1 - numbers[i]!]! : this.call(numbers[i]!)),
      invoked: Int32Array.from(numbers, (n) => (n < 0 ? this.from : this.calls.invoked[n]!)),
      returned: Int32Array.from(numbers, (n) => (n < 0 ? this.to : this.returned(n))),
    };
    return { calls, numbers };
  }
}

interface Found {
  readonly possible: readonly Possibility[];
  readonly exhaustive: boolean;
}

/** Operations up to the observer. */
function untilObserver(order: readonly number[], numbers: readonly number[]): number[] {
  const all = order.map((i) => numbers[i]!);
  const at = all.findIndex((n) => n < 0);
  return at < 0 ? all : all.slice(0, at);
}

function byZones(
  prefix: Prefix,
  candidates: readonly Json[],
  model: Model,
  options: ModelOptions,
): Found | undefined {
  const clusters = model.isRegister ? clustersOf(prefix.calls, options.initial) : undefined;
  if (clusters === undefined) return undefined;
  const could = couldRead(clusters, prefix.operation, candidates);
  const possible: Possibility[] = [];
  for (const state of candidates.filter((_, i) => could[i])) {
    if (prefix.numbers.length > LONG && possible.length >= ORDERS_OF_LONG) {
      possible.push({ state });
      continue;
    }
    const { calls, numbers } = prefix.with([model.probe!.seeing(state)], true);
    const asked = clustersOf(calls, options.initial)!;
    const order = orderOperations(asked, orderClusters(asked, NEVER - 1)!, NEVER - 1);
    possible.push({ state, order: untilObserver(order, numbers) });
  }
  return { possible, exhaustive: true };
}

/** What is tried in turn where operations never complete: one that finds orders, and one that rules them out. */
const MODES: readonly SearchMode[] = [
  { narrowness: 4, lastingPerInput: 8, traced: true },
  { reusable: true },
];

function bySearch(
  prefix: Prefix,
  candidates: readonly Json[],
  model: Model,
  options: ModelOptions,
  limits: SearchLimits,
): Found {
  const observers = candidates.map((state) => model.probe!.seeing(state));
  const { calls, numbers } = prefix.with(observers, false);
  const machine = compile(calls, model, options);
  const lasting = calls.returned.includes(NEVER);
  // Half for the way there, half for the questions.
  const share = { ...limits, steps: limits.steps / 2 };
  const each = { ...limits, steps: share.steps / Math.max(1, candidates.length) };
  const possible = new Map<number, Possibility>();
  let open = candidates.map((_, i) => i);
  let anyState: Possibility | undefined;
  for (const mode of lasting ? MODES : [{ traced: true }]) {
    if (mode.reusable && (machine.dead < 0 || open.length === 0)) continue;
    const search = new FrontierSearch(calls, machine, share, { ...mode, questions: candidates.length });
    search.start();
    search.advance(prefix.from);
    open = open.filter((i) => {
      const { result, order } = search.ask(prefix.numbers.length + i, each);
      if (result === 'valid' && order !== undefined) {
        possible.set(i, { state: candidates[i]!, order: untilObserver(order, numbers) });
        return false;
      }
      return result !== 'invalid';
    });
    if (possible.size > 0 || mode.reusable) continue;
    search.advance(NEVER);
    const order = search.outcome().order;
    const state = order && finalState(order, calls, model, options.initial, -1);
    if (state !== undefined) anyState = { state, order: untilObserver(order!, numbers) };
  }
  if (possible.size === 0) return { possible: anyState === undefined ? [] : [anyState], exhaustive: false };
  const inOrder = candidates.flatMap((_, i) => possible.get(i) ?? []);
  return { possible: inOrder, exhaustive: open.length === 0 };
}

/** The state that a call of a register needs, if one certain. */
function neededBy(call: Call): Json | undefined {
  if (call.outcome === 'fail') return undefined;
  if (call.f === 'cas') return (call.value as readonly Json[])[0];
  return call.f === 'read' ? call.result : undefined;
}

function leaves(call: Call, state: Json): boolean {
  if (call.f === 'write') return canonical(call.value) === canonical(state);
  return (
    call.f === 'cas' &&
    call.outcome !== 'fail' &&
    canonical((call.value as readonly Json[])[1]!) === canonical(state)
  );
}
