import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import { type Calls, type Model, NEVER } from '../model.ts';

/**
 * The definition, tried out: is there an order of all operations that completed, and of any of those that did not, that
 * keeps real time and that the model accepts? No pruning but never visiting the same (set, state) twice. Up to 30 operations.
 */
export function isLinearizable(calls: Calls, model: Model, initial: Json): boolean {
  return finalStates(calls, model, initial).length > 0;
}

/** Every state that such an order can end in, as canonical text, sorted. */
export function finalStates(calls: Calls, model: Model, initial: Json): string[] {
  let required = 0;
  for (let n = 0; n < calls.count; n++) if (calls.returned[n] !== NEVER) required |= 1 << n;
  const seen = new Set<string>();
  const finals = new Set<string>();
  const stack: { set: number; state: Json }[] = [{ set: 0, state: initial }];
  while (stack.length > 0) {
    const { set, state } = stack.pop()!;
    const text = canonical(state);
    if (seen.has(`${set} ${text}`)) continue;
    seen.add(`${set} ${text}`);
    if ((set & required) === required) finals.add(text);
    let deadline = NEVER;
    for (let n = 0; n < calls.count; n++) {
      if (!(set & (1 << n))) deadline = Math.min(deadline, calls.returned[n]!);
    }
    for (let n = 0; n < calls.count; n++) {
      if (set & (1 << n) || calls.invoked[n]! > deadline) continue;
      const next = model.apply(state, calls.call(n));
      if (next !== undefined) stack.push({ set: set | (1 << n), state: next });
    }
  }
  return [...finals].sort();
}
