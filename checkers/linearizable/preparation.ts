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
 * @throws UncheckableHistory for a function that the model does not know, or an argument of the wrong shape.
 */
export function prepareKey(
  events: readonly HistoryEvent[],
  operations: KeyOperations,
  model: Model,
  options: PreparationOptions,
): KeyCalls {
  const placed: PlacedCall[] = [];
  for (let n = 0; n < operations.invocations.length; n++) {
    const invoked = operations.invocations[n]!;
    const invocation = events[invoked] as Operation;
    const completedAt = operations.completions[n]!;
    const completion = completedAt < 0 ? undefined : (events[completedAt] as Operation);
    const outcome = completion === undefined || completion.type === 'invoke' ? 'info' : completion.type;
    const { f, value } = invocation;
    if (!model.functions.includes(f)) {
      throw new UncheckableHistory(
        `operation ${invocation.index}: the model ${model.name} knows ${model.functions.join(', ')}, not ${f}`,
      );
    }
    if (outcome === 'fail' && !(options.failedCas === 'observe' && f === 'cas')) continue;
    const result = outcome === 'ok' ? completion!.value : undefined;
    const call: Call = { f, value, result, outcome };
    const wrong = model.malformed?.(call);
    if (wrong !== undefined) throw new UncheckableHistory(`operation ${invocation.index}: ${wrong}`);
    if (outcome === 'info' && model.effect(call) === 'pure') continue;
    if (options.nilReads && f === 'read' && result === null) continue;
    placed.push({
      call,
      invoked,
      returned: outcome === 'info' ? NEVER : completedAt,
      completed: completedAt,
    });
  }
  return keyCalls(operations.key, operations.invocations.length, placed);
}

export function compile(calls: Calls, model: Model, options: ModelOptions): Machine {
  return model.machine?.(calls, options) ?? genericMachine(model, calls, options);
}

/** The state before the first operation: the option's, or the model's own. */
export function initialState(model: Model, initial: Json | undefined): Json {
  return initial ?? model.initial;
}
