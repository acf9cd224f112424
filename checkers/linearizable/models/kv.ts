import type { Json } from '../../../histories/index.ts';
import {
  type Call,
  type Calls,
  CONSTANT,
  type Machine,
  type Model,
  type ModelOptions,
  NEVER,
  PURE,
  TEXT,
  TOTAL,
} from '../model.ts';

function malformed(call: Call): string | undefined {
  const text = call.f === 'get' ? call.result : call.value;
  if (text === undefined || typeof text === 'string') return undefined;
  return `${call.f} ${call.f === 'get' ? 'returns' : 'takes'} a string, not ${JSON.stringify(text)}`;
}

const GET = 0;
const PUT = 1;
const APPEND = 2;

/** Stands for every string that is not a prefix of a later answer. */
const DEAD = 0;

/**
 * A state is a string that some `get` returned, or a prefix of one. Any other string can never become one by
 * appending, so no get can tell it from another such string: they are all `DEAD` until the next put.
 *
 * A prefix is known by its length and by the first of the sorted answers that starts with it; appending looks for the
 * new text at that place among the answers that share the prefix. So no string is ever built, however long they grow.
 */
class Prefixes {
  /** Answers of all gets, sorted by code units, each once. */
  private readonly answers: readonly string[];
  private readonly numbers = new Map<number, number>();
  private readonly firsts: number[] = [-1];
  private readonly lengths: number[] = [-1];

  constructor(answers: readonly string[]) {
    this.answers = answers;
  }

  /** Number of the state that `text` is, appended to the first `length` units of answer `first`. */
  extend(first: number, length: number, text: string): number {
    const shared = first < this.answers.length ? this.answers[first]! : '';
    // Answers at `first` and after it that share the prefix are one run; within it the next units are sorted.
    const compare = (n: number): number => {
      const answer = this.answers[n]!;
      if (n !== first && !sharesPrefix(answer, shared, length)) return 1;
      const part = answer.substring(length, length + text.length);
      return part < text ? -1 : part > text ? 1 : 0;
    };
    let low = first;
    let high = this.answers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(middle) < 0) low = middle + 1;
      else high = middle;
    }
    if (low === this.answers.length || compare(low) !== 0) return DEAD;
    return this.number(low, length + text.length);
  }

  append(state: number, text: string): number {
    return state === DEAD ? DEAD : this.extend(this.firsts[state]!, this.lengths[state]!, text);
  }

  private number(first: number, length: number): number {
    const key = length * this.answers.length + first;
    let state = this.numbers.get(key);
    if (state === undefined) {
      state = this.firsts.length;
      this.numbers.set(key, state);
      this.firsts.push(first);
      this.lengths.push(length);
    }
    return state;
  }
}

function sharesPrefix(a: string, b: string, length: number): boolean {
  return a.length >= length && (a === b || a.substring(0, length) === b.substring(0, length));
}

function machine(calls: Calls, options: ModelOptions): Machine {
  const answers = new Set<string>();
  for (let n = 0; n < calls.count; n++) {
    const call = calls.call(n);
    if (call.f === 'get') answers.add(call.result as string);
  }
  const prefixes = new Prefixes([...answers].sort(byUnits));
  const inputNumbers = new Map<string, number>();
  const kinds: number[] = [];
  const texts: string[] = [];
  /** For a put or a get: the state that it leaves or that it needs. */
  const states: number[] = [];
  const inputs = new Int32Array(calls.count);
  for (let n = 0; n < calls.count; n++) {
    const call = calls.call(n);
    const kind = call.f === 'get' ? GET : call.f === 'put' ? PUT : APPEND;
    const text = (kind === GET ? call.result : call.value) as string;
    const key = `${kind}${text}`;
    let input = inputNumbers.get(key);
    if (input === undefined) {
      input = kinds.length;
      inputNumbers.set(key, input);
      kinds.push(kind);
      texts.push(text);
      states.push(kind === APPEND ? -1 : prefixes.extend(0, 0, text));
    }
    inputs[n] = input;
  }
  const memo = new Map<number, number>();
  return {
    initial: prefixes.extend(0, 0, options.initial as string),
    inputs,
    flags: Uint8Array.from(kinds, (kind) => (kind === GET ? PURE : kind === PUT ? TOTAL | CONSTANT : TOTAL)),
    step(state, input) {
      const kind = kinds[input]!;
      if (kind === PUT) return states[input]!;
      if (kind === GET) return states[input] === state ? state : -1;
      const key = state * kinds.length + input;
      let next = memo.get(key);
      if (next === undefined) {
        next = prefixes.append(state, texts[input]!);
        memo.set(key, next);
      }
      return next;
    },
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : NEVER),
    leadsTo: (input) => states[input]!,
    lastNegative: -1,
  };
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Strings that some get returned or some put wrote: not all that are possible, but those that a reader will ask about. */
function candidates(calls: Calls, initial: Json, _from: number, to: number): Json[] {
  const seen = new Set<Json>();
  for (let n = calls.count - 1; n >= 0 && seen.size < CANDIDATES; n--) {
    const call = calls.call(n);
    if (calls.invoked[n]! > to || call.f === 'append') continue;
    seen.add(call.f === 'put' ? call.value : call.result!);
  }
  return [...seen.add(initial)];
}

const CANDIDATES = 6;

/** One key of a key-value store of strings: `get`, `put`, and `append` to what is there. */
export const kv: Model = {
  name: 'kv',
  summary: 'get, put and append of one string per key, initially empty',
  functions: ['get', 'put', 'append'],
  initial: '',
  form: TEXT,
  apply(state: Json, call: Call): Json | undefined {
    if (call.f === 'get') return call.result === state ? state : undefined;
    if (call.f === 'put') return call.value;
    return `${state as string}${call.value as string}`;
  },
  effect: (call) => (call.f === 'get' ? 'pure' : call.f === 'put' ? 'constant' : 'total'),
  malformed,
  probe: {
    seeing: (state) => ({ f: 'get', value: null, result: state, outcome: 'ok' }),
    candidates,
    exhaustive: false,
  },
  machine,
};
