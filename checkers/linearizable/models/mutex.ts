import type { Json } from '../../../histories/index.ts';
import { type Call, INTEGER, type Model, TRUTH } from '../model.ts';

/** A lock without an owner: `acquire` when it is free, `release` when it is held. The state is true while held. */
export const mutex: Model = {
  name: 'mutex',
  summary: 'acquire and release of one lock',
  functions: ['acquire', 'release'],
  initial: false,
  form: TRUTH,
  apply(state, call) {
    const acquires = call.f === 'acquire';
    return state === acquires ? undefined : acquires;
  },
  effect: () => 'partial',
};

/** Who holds the lock how many times; null while it is free. */
type Holder = { readonly owner: Json; readonly times: number } | null;

/**
 * A lock whose owner may acquire it again and releases it as often. The owner is the value of the invocation (a client's name);
 * where that is null, the client of the operation's id, or else the process.
 */
export const reentrantMutex: Model = {
  name: 'reentrant-mutex',
  summary: 'acquire and release of one lock by its owner, as often as it was acquired',
  functions: ['acquire', 'release'],
  initial: null,
  form: { name: 'null', fits: (state) => state === null },
  owned: true,
  apply(state, call) {
    const holder = state as Holder;
    const owner = call.owner ?? null;
    if (holder !== null && holder.owner !== owner) return undefined;
    const times = (holder?.times ?? 0) + (call.f === 'acquire' ? 1 : -1);
    if (times < 0) return undefined;
    return times === 0 ? null : { owner, times };
  },
  effect: () => 'partial',
  malformed: (call) =>
    typeof call.owner === 'object'
      ? `${call.f} takes a client's name or null, not ${JSON.stringify(call.value)}`
      : undefined,
};

/** Whether the lock is held, and the last token that is known; null before the first. */
type Fence = { readonly held: boolean; readonly token: number | null };

function malformedToken({ f, result }: Call): string | undefined {
  if (f !== 'acquire' || result === undefined || result === null || typeof result === 'number')
    return undefined;
  return `acquire returns a number as token, or null, not ${JSON.stringify(result)}`;
}

/**
 * A lock whose every acquisition returns a token larger than all before. A token that nobody got to know lies somewhere between
 * its neighbours, which need not be integers. An acquire answered null has no token.
 */
export const fencedMutex: Model = {
  name: 'fenced-mutex',
  summary: 'acquire and release of one lock; each acquire returns a token larger than any before',
  functions: ['acquire', 'release'],
  initial: { held: false, token: null },
  form: {
    name: '{"held": true or false, "token": a number or null}',
    fits: (state) => {
      const { held, token } = (state ?? {}) as Partial<Fence>;
      return typeof held === 'boolean' && (token === null || typeof token === 'number');
    },
  },
  apply(state, call) {
    const { held, token } = state as Fence;
    if (call.f === 'release') return held ? { held: false, token } : undefined;
    if (held) return undefined;
    const got = (call.result ?? null) as number | null;
    if (got === null) return { held: true, token };
    return token !== null && got <= token ? undefined : { held: true, token: got };
  },
  effect: () => 'partial',
  malformed: malformedToken,
};

const permitsOf = ({ value }: Call): number => (typeof value === 'number' ? value : 1);

/** Permits that are acquired and released, one or (as the value says) several at a time. The state is how many are left. */
export const semaphore: Model = {
  name: 'semaphore',
  summary:
    'acquire and release of permits (the value: how many, null: one); initially as many as the option says',
  functions: ['acquire', 'release'],
  initial: 1,
  form: INTEGER,
  apply(state, call) {
    const left = (state as number) + (call.f === 'acquire' ? -1 : 1) * permitsOf(call);
    return left < 0 ? undefined : left;
  },
  effect: (call) => (call.f === 'release' ? 'total' : 'partial'),
  malformed: ({ f, value }) =>
    value === null || (Number.isSafeInteger(value) && (value as number) > 0)
      ? undefined
      : `${f} takes a number of permits or null, not ${JSON.stringify(value)}`,
};
