import type { HistoryEvent, Json, Operation } from '../../histories/index.ts';
import { SelectionError } from '../options.ts';
import { genericMachine } from './generic-machine.ts';
import { type Call, type Calls, type Machine, type Model, type ModelOptions, NEVER } from './model.ts';
import { type KeyOperations, UncheckableHistory } from './pairing.ts';

export interface PreparationOptions extends ModelOptions {
  readonly failedCas: 'observe' | 'ignore';
  readonly nilReads: boolean;
  /** Whether a removal that found nothing is an observation that there was nothing. */
  readonly empty: 'observe' | 'ignore';
}

/** The operations of one key that can decide anything, in the order of their invocations. */
export interface KeyCalls extends Calls {
  readonly key: string | number | undefined;
  /** What is judged, in words, if it is not the object of this key but a part of it; and its states in words. */
  readonly subject?: string | undefined;
  readonly inWords?: ((state: Json) => string) | undefined;
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
 * got, and, where so asked, reads of null. A cas that found another value, and a removal that found nothing, stay if they
 * count as observations.
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
  const call = callsOf(events, model, options, invoked, completed);
  let count = 0;
  for (let n = 0; n < recorded; n++) {
    const at = operations.invocations[n]!;
    const completedAt = operations.completions[n]!;
    const invocation = events[at] as Operation;
    const completion = completedAt < 0 ? undefined : (events[completedAt] as Operation);
    const type = completion?.type ?? 'info';
    if (!model.functions.includes(invocation.f)) throw unknownFunction(invocation, model);
    if (type === 'fail' && !isObservation(completion!, model, options)) continue;
    invoked[count] = at;
    completed[count] = completedAt;
    returned[count] = type === 'info' ? NEVER : completedAt;
    if (model.malformed !== undefined) {
      const wrong = model.malformed(call(count));
      if (wrong !== undefined)
        throw new UncheckableHistory(`operation ${invocation.index}: ${shortened(wrong)}`);
    }
    if (type === 'info' && model.effect(call(count)) === 'pure') continue;
    if (type === 'ok' && completion!.value === null) {
      if (options.nilReads && invocation.f === 'read') continue;
      if (options.empty === 'ignore' && model.removals?.includes(invocation.f)) continue;
    }
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

function isObservation({ f, error }: Operation, model: Model, options: PreparationOptions): boolean {
  if (f === 'cas') return options.failedCas === 'observe';
  return options.empty === 'observe' && error === 'empty' && model.removals?.includes(f) === true;
}

function callsOf(
  events: readonly HistoryEvent[],
  model: Model,
  options: PreparationOptions,
  invoked: Int32Array,
  completed: Int32Array,
): (n: number) => Call {
  const plain = (n: number): Call => callOf(events[invoked[n]!] as Operation, events[completed[n]!], model);
  if (!model.owned && !(options.nilReads && model.withoutNils)) return plain;
  return (n) => {
    const call = plain(n);
    if (!model.owned) return model.withoutNils!(call);
    const { value, id, process } = events[invoked[n]!] as Operation;
    return { ...call, owner: value ?? id?.[0] ?? process };
  };
}

function callOf({ f, value }: Operation, completion: HistoryEvent | undefined, model: Model): Call {
  if (completion === undefined) return { f, value, result: undefined, outcome: 'info' };
  const { type, value: result } = completion as Operation;
  if (type === 'ok') return { f, value, result, outcome: 'ok' };
  if (type !== 'fail') return { f, value, result: undefined, outcome: 'info' };
  // A removal that failed is only here because it found nothing.
  if (model.removals?.includes(f)) return { f, value, result: null, outcome: 'ok' };
  return { f, value, result: undefined, outcome: 'fail' };
}

function unknownFunction({ index, f }: Operation, model: Model): UncheckableHistory {
  const known = model.functions.join(', ');
  return new UncheckableHistory(`operation ${index}: the model ${model.name} knows ${known}, not ${f}`);
}

export function compile(calls: Calls, model: Model, options: ModelOptions): Machine {
  return model.machine?.(calls, options) ?? genericMachine(model, calls, options);
}

/**
 * The state before the first operation: the option's, or the model's own.
 * @throws SelectionError for one that is no state of the model.
 */
export function initialState(model: Model, initial: Json | undefined): Json {
  const state = initial ?? model.initial;
  if (model.form === undefined || model.form.fits(state)) return state;
  throw new SelectionError(
    'bad-options',
    `checker "linearizable": /initial: expected ${model.form.name} for the model ${model.name}, got ${JSON.stringify(state)}`,
  );
}

/** What is wrong quotes the value, and a value may be a whole document. */
function shortened(wrong: string): string {
  return wrong.length <= 200 ? wrong : `${wrong.slice(0, 197)}...`;
}
