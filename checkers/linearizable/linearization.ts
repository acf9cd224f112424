import type { Json } from '../../histories/index.ts';
import { type Calls, type Model, NEVER } from './model.ts';

/**
 * Whether an order of operation numbers is a linearization of what completed up to position `until`: each completed operation
 * is there, none twice, none before one that completed before its invocation, and the model accepts it. Cost: linear.
 */
export function isLinearization(
  order: readonly number[],
  calls: Calls,
  model: Model,
  initial: Json,
  until = NEVER - 1,
): boolean {
  return finalState(order, calls, model, initial, until) !== undefined;
}

/** The state that the order ends in, or undefined if it is no linearization. */
export function finalState(
  order: readonly number[],
  calls: Calls,
  model: Model,
  initial: Json,
  until: number,
): Json | undefined {
  const placed = new Uint8Array(calls.count);
  let state: Json = initial;
  let latest = -1;
  for (const n of order) {
    if (placed[n] || calls.returned[n]! < latest) return undefined;
    placed[n] = 1;
    latest = Math.max(latest, calls.invoked[n]!);
    const next = model.apply(state, calls.call(n));
    if (next === undefined) return undefined;
    state = next;
  }
  for (let n = 0; n < calls.count; n++) if (!placed[n] && calls.returned[n]! <= until) return undefined;
  return state;
}
