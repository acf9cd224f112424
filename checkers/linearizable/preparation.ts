import type { HistoryEvent, Json, Operation } from '../../histories/index.ts';
import { genericMachine } from './generic-machine.ts';
import { type Call, type Calls, type Machine, type Model, type ModelOptions, NEVER } from './model.ts';
import { type KeyOperations, UncheckableHistory } from './pairing.ts';

export interface PreparationOptions extends ModelOptions {
  readonly failedCas: 'observe' | 'ignore';
  readonly nilReads: boolean;
}

/** The operations of one key that can decide anything, in the order of their invocations. */
export interface KeyCalls extends Calls {
  readonly key: string | number | undefined;
  /** Client operations recorded on this key, with those left out here. */
  readonly recorded: number;
  /** Position of each one's completion of any kind, or -1: for showing it. */
  readonly completed: Int32Array;
}

/** A call with its place in the history. */
export interface PlacedCall {
  readonly call: Call;
  readonly invoked: number;
  readonly returned: number;
  readonly completed?: number;
}

export function keyCalls(
  key: string | number | undefined,
  recorded: number,
  placed: readonly PlacedCall[],
): KeyCalls {
  const list = placed.map((one) => one.call);
  return {
    key,
    recorded,
    count: list.length,
    call: (n) => list[n]!,
    invoked: Int32Array.from(placed, (one) => one.invoked),
    returned: Int32Array.from(placed, (one) => one.returned),
    completed: Int32Array.from(placed, (one) => one.completed ?? -1),
  };
}

/**
 * Leaves out what cannot decide anything: operations that failed (they did not happen), reads whose answer nobody
 * got, and, where so asked, reads of null. A cas that found another value stays if failures count as observations.
 *
 * Calls are made when they are asked for: a million of them kept would cost more than the check.
 * @throws UncheckableHistory for a function that the model does not know, or an argument of the wrong shape.
 */
export function prepareKey(
  events: readonly HistoryEvent[],
  operations: KeyOperations,
  model: Model,
  options: PreparationOptions,
): KeyCalls {
  const recorded = operations.invocations.length;
  const invoked = new Int32Array(recorded);
  const returned = new Int32Array(recorded);
  const completed = new Int32Array(recorded);
  const call = (n: number): Call => callOf(events, invoked[n]!, completed[n]!);
  let count = 0;
  for (let n = 0; n < recorded; n++) {
    const at = operations.invocations[n]!;
    const completedAt = operations.completions[n]!;
    const invocation = events[at] as Operation;
    const type = completedAt < 0 ? 'info' : (events[completedAt] as Operation).type;
    if (!model.functions.includes(invocation.f)) throw unknownFunction(invocation, model);
    if (type === 'fail' && !(options.failedCas === 'observe' && invocation.f === 'cas')) continue;
    invoked[count] = at;
    completed[count] = completedAt;
    returned[count] = type === 'info' ? NEVER : completedAt;
    if (model.malformed !== undefined) {
      const wrong = model.malformed(call(count));
      if (wrong !== undefined) throw new UncheckableHistory(`operation ${invocation.index}: ${wrong}`);
    }
    if (type === 'info' && model.effect(call(count)) === 'pure') continue;
    if (options.nilReads && invocation.f === 'read' && call(count).result === null) continue;
    count++;
  }
  return {
    key: operations.key,
    recorded,
    count,
    call,
    invoked: invoked.subarray(0, count),
    returned: returned.subarray(0, count),
    completed: completed.subarray(0, count),
  };
}

function callOf(events: readonly HistoryEvent[], invokedAt: number, completedAt: number): Call {
  const { f, value } = events[invokedAt] as Operation;
  if (completedAt < 0) return { f, value, result: undefined, outcome: 'info' };
  const { type, value: result } = events[completedAt] as Operation;
  if (type === 'ok') return { f, value, result, outcome: 'ok' };
  return { f, value, result: undefined, outcome: type === 'fail' ? 'fail' : 'info' };
}

function unknownFunction({ index, f }: Operation, model: Model): UncheckableHistory {
  const known = model.functions.join(', ');
  return new UncheckableHistory(`operation ${index}: the model ${model.name} knows ${known}, not ${f}`);
}

export function compile(calls: Calls, model: Model, options: ModelOptions): Machine {
  return model.machine?.(calls, options) ?? genericMachine(model, calls, options);
}

/** The state before the first operation: the option's, or the model's own. */
export function initialState(model: Model, initial: Json | undefined): Json {
  return initial ?? model.initial;
}
