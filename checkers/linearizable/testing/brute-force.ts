import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import { type Call, type Calls, type Model, NEVER } from '../model.ts';
import { type Specification, statesAfter } from './specifications.ts';

/**
 * The definition, tried out: is there an order of all operations that completed, and of any of those that did not, that
 * keeps real time and that the model accepts? No pruning but never visiting the same (set, state) twice. Up to 30 operations.
 */
export function isLinearizable(calls: Calls, model: Model, initial: Json): boolean {
  const states = (state: Json, call: Call): Json[] => {
    const next = model.apply(state, call);
    return next === undefined ? [] : [next];
  };
  return search(calls, states, initial);
}

/** The same for a specification that may leave a choice. */
export function meets(calls: Calls, specification: Specification): boolean {
  return search(calls, (state, call) => statesAfter(specification, state, call), specification.initial);
}

function search(calls: Calls, states: (state: Json, call: Call) => Json[], initial: Json): boolean {
  let required = 0;
  for (let n = 0; n < calls.count; n++) if (calls.returned[n] !== NEVER) required |= 1 << n;
  const all = Array.from({ length: calls.count }, (_, n) => calls.call(n));
  const seen = new Set<string>();
  const stack: { set: number; state: Json }[] = [{ set: 0, state: initial }];
  while (stack.length > 0) {
    const { set, state } = stack.pop()!;
    if ((set & required) === required) return true;
    const id = `${set} ${canonical(state)}`;
    if (seen.has(id)) continue;
    seen.add(id);
    let deadline = NEVER;
    for (let n = 0; n < calls.count; n++) {
      if (!(set & (1 << n))) deadline = Math.min(deadline, calls.returned[n]!);
    }
    for (let n = 0; n < calls.count; n++) {
      if (set & (1 << n) || calls.invoked[n]! > deadline) continue;
      for (const next of states(state, all[n]!)) stack.push({ set: set | (1 << n), state: next });
    }
  }
  return false;
}
