import type { Generator, Nanos, Next } from '../contract/index.ts';
import { follow, narrow, threadOf } from './generator.ts';

export type Key = string | number;

/** Keys in the order of their use; a function of the position may go on without end, and ends with `undefined`. */
export type Keys = readonly Key[] | ((position: number) => Key | undefined);

function keyAt(keys: Keys, position: number): Key | undefined {
  return typeof keys === 'function' ? keys(position) : keys[position];
}

/** Puts the key on what the generator emits and lets it hear only of operations on that key. */
function keyed(key: Key, generator: Generator): Generator {
  return {
    next(context): Next {
      const next = generator.next(context);
      if (next === undefined || next === 'pending') return next;
      if ('emit' in next) return { emit: { ...next.emit, key }, rest: keyed(key, next.rest) };
      return { wait: next.wait, rest: keyed(key, next.rest) };
    },
    update(event, context) {
      if (event.request.key !== key) return this;
      const then = generator.update(event, context);
      return then === generator ? this : keyed(key, then);
    },
  };
}

/** One key after another, on all threads: the next key's generator begins when the one before is exhausted. */
export function sequentialKeys(keys: Keys, generatorFor: (key: Key) => Generator): Generator {
  return sequential(keys, generatorFor, 0, undefined);
}

function sequential(
  keys: Keys,
  generatorFor: (key: Key) => Generator,
  position: number,
  current: Generator | undefined,
): Generator {
  return {
    next(context) {
      let head = current;
      for (let at = position; ; at++) {
        if (head === undefined) {
          const key = keyAt(keys, at);
          if (key === undefined) return undefined;
          head = keyed(key, generatorFor(key));
        }
        const here = at;
        const next = head.next(context);
        if (next !== undefined) return follow(next, (then) => sequential(keys, generatorFor, here, then));
        head = undefined;
      }
    },
    update(event, context) {
      const then = current?.update(event, context);
      return then === current ? this : sequential(keys, generatorFor, position, then);
    },
  };
}

/**
 * Several keys at once: the first n of the threads work on one key, the next n on another, and so on; a group that has finished
 * its key takes the next unused one. Threads that do not fill a group stay idle. Cost: O(threads) for each operation.
 * @throws RangeError for fewer than 1 thread per key.
 */
export function concurrentKeys(
  threadsPerKey: number,
  keys: Keys,
  generatorFor: (key: Key) => Generator,
): Generator {
  if (!(threadsPerKey >= 1)) throw new RangeError(`expected at least 1 thread per key, got ${threadsPerKey}`);
  return concurrent({ size: threadsPerKey, keys, generatorFor }, 0, []);
}

interface Grouping {
  readonly size: number;
  readonly keys: Keys;
  readonly generatorFor: (key: Key) => Generator;
}

/** `position`: of the next unused key; `groups`: what each group works on, absent while it has no key. */
function concurrent(
  grouping: Grouping,
  position: number,
  groups: readonly (Generator | undefined)[],
): Generator {
  const { size, keys, generatorFor } = grouping;
  return {
    next(context): Next {
      const state = groups.slice();
      let at = position;
      let wait: Nanos = Number.POSITIVE_INFINITY;
      let more = false;
      const count = Math.floor(context.threads.length / size);
      for (let group = 0; group < count; group++) {
        const threads = context.threads.slice(group * size, (group + 1) * size);
        const question = narrow(context, (thread) => threads.includes(thread));
        for (;;) {
          if (state[group] === undefined) {
            const key = keyAt(keys, at);
            if (key === undefined) break;
            // A group that cannot begin yet leaves the key to one that can.
            if (question.free.length === 0) {
              more = true;
              break;
            }
            at++;
            state[group] = keyed(key, generatorFor(key));
          }
          const next = state[group]!.next(question);
          if (next === undefined) {
            state[group] = undefined;
            continue;
          }
          more = true;
          if (next === 'pending') break;
          state[group] = next.rest;
          if ('emit' in next) {
            const emit = { ...next.emit, thread: threadOf(next.emit, question) };
            return { emit, rest: concurrent(grouping, at, state) };
          }
          wait = Math.min(wait, next.wait);
          break;
        }
      }
      // Also where all are pending: a group may have taken a new key.
      return more ? { wait, rest: concurrent(grouping, at, state) } : undefined;
    },
    update(event, context) {
      const group = Math.floor(context.threads.indexOf(event.thread) / size);
      const current = groups[group];
      const then = current?.update(event, context);
      return then === current ? this : concurrent(grouping, position, groups.with(group, then));
    },
  };
}
