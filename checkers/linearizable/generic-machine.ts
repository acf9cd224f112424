import { Interner } from './interner.ts';
import { type Call, type Calls, FLAGS_OF, type Machine, type Model, type ModelOptions } from './model.ts';

const UNKNOWN = -2;

/** A machine for any model: states are interned as they are found, steps are memoised in one row per state. */
export function genericMachine(model: Model, calls: Calls, options: ModelOptions): Machine {
  const inputIds = new Interner();
  const callOf: Call[] = [];
  const inputs = new Int32Array(calls.count);
  for (let n = 0; n < calls.count; n++) {
    const call = calls.call(n);
    const id = inputIds.id([
      call.f,
      call.value,
      call.result ?? null,
      call.result === undefined,
      call.outcome,
      call.owner ?? null,
    ]);
    inputs[n] = id;
    callOf[id] = call;
  }
  const states = new Interner();
  const rows: Int32Array[] = [];
  const step = (state: number, input: number): number => {
    rows[state] ??= new Int32Array(callOf.length).fill(UNKNOWN);
    const row = rows[state];
    const known = row[input]!;
    if (known !== UNKNOWN) return known;
    const next = model.apply(states.value(state), callOf[input]!);
    const id = next === undefined ? -1 : states.id(next);
    row[input] = id;
    return id;
  };
  return {
    initial: states.id(options.initial),
    inputs,
    flags: Uint8Array.from(callOf, (call) => FLAGS_OF[model.effect(call)]),
    step,
    dead: -1,
    lastObserved: () => -1,
    leadsTo: () => -1,
    lastNegative: -1,
  };
}
