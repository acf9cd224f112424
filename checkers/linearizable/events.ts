import { type Calls, type Machine, NEVER, PURE } from './model.ts';

export const INVOKE = 0;
export const RETURN = 1;
/** An operation without completion can lead to nothing that anybody looks at any more: it is let go. */
export const RELEASE = 2;

/** The events of one key in order of position, as parallel arrays, and the number of slots that they need. */
export interface Events {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly operations: Int32Array;
  readonly positions: Int32Array;
  readonly slots: number;
}

/**
 * Those of the first `count` operations. Slots are counted with at most `lastingPerInput` operations of one input that never complete.
 *
 * Merges invocations, completions and releases. An operation that never completes and leads to one certain state is
 * released after that state is last observed (or, if this is before its invocation, left out), because taking it would only
 * reach the dead state: whatever can follow there can follow without it too (the argument is in `configurations.ts`).
 * Cost: n log n.
 */
export function eventsOf(
  { invoked, returned }: Calls,
  machine: Machine,
  lastingPerInput: number,
  count: number,
): Events {
  const keys: number[] = [];
  // One exact double for each event: positions times operations stay far below 2^51 for anything that fits in memory.
  const eventKey = (position: number, kind: number, n: number): number => (position * 3 + kind) * count + n;
  for (let n = 0; n < count; n++) {
    const at = returned[n]!;
    if (at !== NEVER) keys.push(eventKey(at, RETURN, n));
    else {
      // It changes nothing and nobody got its answer.
      if (machine.flags[machine.inputs[n]!]! & PURE) continue;
      const until = machine.dead < 0 ? NEVER : releasedAt(machine, machine.inputs[n]!);
      if (until < invoked[n]!) continue;
      if (until !== NEVER) keys.push(eventKey(until, RELEASE, n));
    }
    keys.push(eventKey(invoked[n]!, INVOKE, n));
  }
  const sorted = Float64Array.from(keys).sort();
  const kinds = new Uint8Array(sorted.length);
  const operations = new Int32Array(sorted.length);
  const positions = new Int32Array(sorted.length);
  const lasting = new Map<number, number>();
  let open = 0;
  let slots = 0;
  for (let e = 0; e < sorted.length; e++) {
    const key = sorted[e]!;
    const operation = key % count;
    const rest = (key - operation) / count;
    const kind = rest % 3;
    operations[e] = operation;
    kinds[e] = kind;
    positions[e] = (rest - kind) / 3;
    if (returned[operation] === NEVER) {
      const input = machine.inputs[operation]!;
      const before = lasting.get(input) ?? 0;
      const after = before + (kind === INVOKE ? 1 : -1);
      lasting.set(input, after);
      open += Math.min(after, lastingPerInput) - Math.min(before, lastingPerInput);
    } else open += kind === INVOKE ? 1 : -1;
    slots = Math.max(slots, open);
  }
  return { count: sorted.length, kinds, operations, positions, slots };
}

function releasedAt(machine: Machine, input: number): number {
  const state = machine.leadsTo(input);
  if (state < 0) return NEVER;
  return Math.max(machine.lastObserved(state), machine.lastNegative);
}
