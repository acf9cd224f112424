import type { Json } from '../../histories/index.ts';
import { decide } from './decide.ts';
import type { SearchLimits } from './frontier.ts';
import { canonical } from './interner.ts';
import { finalState } from './linearization.ts';
import { type Call, type Model, type ModelOptions, NEVER } from './model.ts';
import { type KeyCalls, keyCalls, type PlacedCall } from './preparation.ts';

/** A state the object can have been in, and the order of operations that led there. */
export interface Possibility {
  readonly state: Json;
  /** Numbers of operations of the key. */
  readonly order: readonly number[];
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

/**
 * Asks of each candidate state whether an observer of it could stand where the operation stands, everything before the operation's
 * completion as it was recorded: a decision of the same kind as the verdict, and as exact. Cost: one search per candidate.
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
  const before = prefix(calls, operation, model);
  const open = before.filter(({ n }) => calls.returned[n]! > to).map(({ n }) => n);
  const candidates = model.probe?.candidates(calls, options.initial, from, to) ?? [];
  let exhaustive = model.probe?.exhaustive === true && candidates.length <= CANDIDATES_MAX;
  const possible: Possibility[] = [];
  const share = { ...limits, steps: limits.steps / (candidates.length + 1) };
  for (const state of candidates.slice(-CANDIDATES_MAX)) {
    const call = model.probe!.seeing(state);
    const asked = withProbe(before, { call, invoked: from, returned: to });
    const decision = decide(asked.calls, model, options, share, true);
    if (decision.result === 'invalid') continue;
    const order = decision.order?.map((n) => asked.numbers[n]!);
    if (decision.result !== 'valid' || order === undefined) exhaustive = false;
    else possible.push({ state, order: order.slice(0, order.indexOf(PROBE)) });
  }
  if (possible.length === 0) {
    exhaustive = false;
    const rest = withProbe(before, undefined);
    const decision = decide(rest.calls, model, options, share, true);
    const state = decision.order && finalState(decision.order, rest.calls, model, options.initial, NEVER - 1);
    if (state !== undefined) possible.push({ state, order: decision.order!.map((n) => rest.numbers[n]!) });
  }
  const needed = neededBy(calls.call(operation));
  const nobody =
    needed !== undefined &&
    model.isRegister === true &&
    canonical(needed) !== canonical(options.initial) &&
    !before.some(({ placed }) => leaves(placed.call, needed));
  return { possible, exhaustive, open, needed, nobody };
}

const PROBE = -1;

interface Numbered {
  readonly n: number;
  readonly placed: PlacedCall;
}

/** Everything else invoked before the operation completed; what completed later counts as open. */
function prefix(calls: KeyCalls, operation: number, model: Model): Numbered[] {
  const to = calls.returned[operation]!;
  const before: Numbered[] = [];
  for (let n = 0; n < calls.count; n++) {
    const invoked = calls.invoked[n]!;
    if (n === operation || invoked > to) continue;
    const returned = calls.returned[n]!;
    const call = calls.call(n);
    if (returned < to) before.push({ n, placed: { call, invoked, returned } });
    else {
      const unknown: Call = { f: call.f, value: call.value, result: undefined, outcome: 'info' };
      if (call.outcome === 'fail' || model.effect(unknown) === 'pure') continue;
      before.push({ n, placed: { call: unknown, invoked, returned: NEVER } });
    }
  }
  return before;
}

function withProbe(
  before: readonly Numbered[],
  probe: PlacedCall | undefined,
): { calls: KeyCalls; numbers: readonly number[] } {
  const all = probe === undefined ? [...before] : [...before, { n: PROBE, placed: probe }];
  all.sort((a, b) => a.placed.invoked - b.placed.invoked);
  const placed = all.map((one) => one.placed);
  return { calls: keyCalls(undefined, placed.length, placed), numbers: all.map((one) => one.n) };
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
