import type { Json } from '../../../histories/index.ts';
import {
  type Call,
  type Calls,
  INTEGER,
  type Machine,
  type Model,
  type ModelOptions,
  PURE,
  TOTAL,
} from '../model.ts';

function malformed({ f, value, result }: Call): string | undefined {
  if (f === 'add') {
    return Number.isSafeInteger(value) ? undefined : `add takes an integer, not ${JSON.stringify(value)}`;
  }
  if (result === undefined || Number.isSafeInteger(result)) return undefined;
  return `a read returns an integer, not ${JSON.stringify(result)}`;
}

/** Sums and inputs numbered in the order in which they are met. */
function machine(calls: Calls, options: ModelOptions): Machine {
  const sums: number[] = [];
  const stateOf = new Map<number, number>();
  const state = (sum: number): number => {
    let number = stateOf.get(sum);
    if (number === undefined) {
      number = sums.push(sum) - 1;
      stateOf.set(sum, number);
    }
    return number;
  };
  const inputOf = new Map<string, number>();
  const amounts: number[] = [];
  const isRead: boolean[] = [];
  const inputs = new Int32Array(calls.count);
  for (let n = 0; n < calls.count; n++) {
    const call = calls.call(n);
    const reads = call.f === 'read';
    const amount = (reads ? call.result : call.value) as number;
    const key = `${call.f} ${amount}`;
    let input = inputOf.get(key);
    if (input === undefined) {
      input = amounts.push(amount) - 1;
      isRead.push(reads);
      inputOf.set(key, input);
    }
    inputs[n] = input;
  }
  return {
    initial: state(options.initial as number),
    inputs,
    flags: Uint8Array.from(amounts, (amount, input) => (isRead[input] || amount === 0 ? PURE : TOTAL)),
    step(from, input) {
      const sum = sums[from]!;
      const amount = amounts[input]!;
      if (isRead[input]) return sum === amount ? from : -1;
      return amount === 0 ? from : state(sum + amount);
    },
    dead: -1,
    lastObserved: () => -1,
    leadsTo: () => -1,
    lastNegative: -1,
  };
}

/** Sums that some read returned: those that an explanation will be asked about. */
function candidates(calls: Calls, initial: Json, _from: number, to: number): Json[] {
  const seen = new Set<Json>();
  for (let n = calls.count - 1; n >= 0 && seen.size < CANDIDATES; n--) {
    const { f, result } = calls.call(n);
    if (f === 'read' && calls.invoked[n]! <= to) seen.add(result!);
  }
  return [...seen.add(initial)];
}

const CANDIDATES = 6;

/**
 * One sum. Deciding it is NP-hard: whether some of the additions that overlap a read add up to what it returned is the subset sum
 * problem. So there is only the search, which merges equal sums and takes equal additions in one order; the interval of a
 * read (what was surely added, and what may have been) is what a checker that is merely sound looks at.
 */
export const counter: Model = {
  name: 'counter',
  summary: 'add of an integer, read of the sum',
  functions: ['add', 'read'],
  initial: 0,
  form: INTEGER,
  apply(state, call) {
    if (call.f === 'read') return call.result === state ? state : undefined;
    return (state as number) + (call.value as number);
  },
  effect: (call) => (call.f === 'read' || call.value === 0 ? 'pure' : 'total'),
  malformed,
  probe: {
    seeing: (state) => ({ f: 'read', value: null, result: state, outcome: 'ok' }),
    candidates,
    exhaustive: false,
  },
  machine,
};
