import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import type { Call } from '../model.ts';

/** One thing that can happen to a call: what it answers, and the state it leaves. */
export interface Outcome {
  readonly state: Json;
  readonly result: Json;
  /** Recorded as a failure that tells something: it had no effect, and saw why. */
  readonly failed?: boolean;
  /** Only where nobody gets the answer. */
  readonly unseen?: boolean;
}

/**
 * What an object does, written anew and as plainly as possible, to compare models and algorithms with. Where there is a choice (which
 * value an unordered queue gives), all outcomes; none where the call would have to wait.
 */
export interface Specification {
  readonly initial: Json;
  outcomes(state: Json, f: string, value: Json): readonly Outcome[];
}

/** The states that the call can leave, if it can happen and have been answered so. */
export function statesAfter(specification: Specification, state: Json, call: Call): Json[] {
  return specification
    .outcomes(state, call.f, call.value)
    .filter(({ failed }) => call.outcome === 'info' || (call.outcome === 'fail') === (failed === true))
    .filter(({ result }) => call.result === undefined || canonical(result) === canonical(call.result))
    .map((outcome) => outcome.state);
}

type List = readonly Json[];

const container = (taken: (list: List) => readonly number[]): Specification => ({
  initial: [],
  outcomes(state, f, value) {
    const list = state as List;
    if (f === 'enqueue' || f === 'push') return [{ state: [...list, value], result: value }];
    if (list.length === 0) return [{ state, result: null }];
    return taken(list).map((at) => ({ state: list.filter((_, n) => n !== at), result: list[at]! }));
  },
});

export const fifoSpecification = container(() => [0]);
export const stackSpecification = container((list) => [list.length - 1]);
export const bagSpecification = container((list) => list.map((_, n) => n));

export const setSpecification: Specification = {
  initial: [],
  outcomes(state, f, value) {
    const elements = state as List;
    const rest = elements.filter((element) => element !== value);
    if (f === 'add') return [{ state: [...rest, value].sort(), result: value }];
    if (f === 'remove') return [{ state: rest, result: value }];
    return [{ state, result: f === 'contains' ? rest.length < elements.length : elements }];
  },
};

export const registerSpecification: Specification = {
  initial: 0,
  outcomes(state, f, value) {
    if (f === 'read') return [{ state, result: state }];
    if (f === 'write') return [{ state: value, result: value }];
    const [expected, wrote] = value as readonly [Json, Json];
    if (state !== expected) return [{ state, result: value, failed: true }];
    return [{ state: wrote, result: value }];
  },
};

export const kvSpecification: Specification = {
  initial: '',
  outcomes(state, f, value) {
    if (f === 'get') return [{ state, result: state }];
    return [{ state: f === 'put' ? value : `${state as string}${value as string}`, result: value }];
  },
};

type Entries = { readonly [key: string]: Json };

const entriesOf = (pairs: readonly (readonly [string, Json])[]): Entries =>
  Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));

export const mapSpecification: Specification = {
  initial: {},
  outcomes(state, f, value) {
    if (f === 'read') return [{ state, result: state }];
    if (f === 'get') return [{ state, result: (state as Entries)[String(value)] ?? null }];
    const key = String(f === 'put' ? (value as List)[0] : value);
    const rest = Object.entries(state as Entries).filter(([name]) => name !== key);
    const changed: Entries = f === 'put' ? entriesOf([...rest, [key, (value as List)[1]!]]) : entriesOf(rest);
    return [{ state: changed, result: value }];
  },
};

export const counterSpecification: Specification = {
  initial: 0,
  outcomes: (state, f, value) => [
    f === 'read' ? { state, result: state } : { state: (state as number) + (value as number), result: value },
  ],
};

export const multiRegisterSpecification: Specification = {
  initial: {},
  outcomes(state, f, value) {
    const entries = { ...(state as Entries) };
    if (f === 'write')
      return [{ state: entriesOf(Object.entries({ ...entries, ...(value as Entries) })), result: value }];
    if (f === 'read') {
      const keys = Object.keys(value as Entries);
      return [{ state, result: Object.fromEntries(keys.map((key) => [key, entries[key] ?? null])) }];
    }
    const answered = (value as readonly (readonly [string, string, Json])[]).map(([kind, key, wrote]) => {
      if (kind === 'r') return [kind, key, entries[key] ?? null];
      entries[key] = wrote;
      return [kind, key, wrote];
    });
    return [{ state: entriesOf(Object.entries(entries)), result: answered }];
  },
};

export const mutexSpecification: Specification = {
  initial: 'free',
  outcomes(state, f) {
    if (f === 'acquire') return state === 'free' ? [{ state: 'held', result: null }] : [];
    return state === 'held' ? [{ state: 'free', result: null }] : [];
  },
};

/** Whole numbers, of which there may be few; and always one just above the last, for a token that nobody gets to know. */
const TOKENS = [0, 1, 2, 3, 4, 5, 6];
const JUST_ABOVE = 1 / 64;

export const fencedMutexSpecification: Specification = {
  initial: ['free', -100],
  outcomes(state, f) {
    const [is, last] = state as readonly [string, number];
    if (f === 'release') return is === 'held' ? [{ state: ['free', last], result: null }] : [];
    if (is === 'held') return [];
    const seen = TOKENS.filter((token) => token > last).map((token) => ({
      state: ['held', token],
      result: token,
    }));
    return [...seen, { state: ['held', last + JUST_ABOVE], result: null, unseen: true }];
  },
};

export const semaphoreSpecification: Specification = {
  initial: 2,
  outcomes(state, f, value) {
    const left = (state as number) - (f === 'acquire' ? 1 : -1) * (value as number);
    return left < 0 ? [] : [{ state: left, result: value }];
  },
};

/** The owner is what the call is asked with. The state: who holds it, once for each time. */
export const reentrantMutexSpecification: Specification = {
  initial: [],
  outcomes(state, f, owner) {
    const holds = state as List;
    if (f === 'acquire')
      return holds.every((holder) => holder === owner) ? [{ state: [...holds, owner], result: owner }] : [];
    return holds.includes(owner) ? [{ state: holds.slice(1), result: owner }] : [];
  },
};
