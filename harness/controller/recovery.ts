import type { Generator, Nanos, Request } from '../contract/index.ts';
import type { Outcome } from './clients.ts';

type Key = string | number;

/** More keys than this are not asked for one by one: the first ones that were used stand for the rest. */
const KEYS_MAX = 100;

/** Operations drawn in search of one that still matters, before any other is taken. */
const DRAWS_MAX = 10_000;

/** Operations per key within the bound, at least: the asking must not be what takes long. */
const ASKED_PER_KEY = 20;

/**
 * When is a system serving again? When each key that clients used has been served: an operation on it that was invoked after
 * everything was healed is `ok`, and if they read it, a read: what can be written alone is of no use to readers. Without keys, one such operation is enough. Keys that the workload no longer
 * produces are not demanded.
 */
export class Recovery {
  readonly began: Nanos;
  /** Keys that were not served yet, and whether that takes a read. */
  private readonly missing: Map<Key, boolean>;
  private anything = false;

  /** `used`: what clients did before with each key, in the order of its first use. */
  constructor(began: Nanos, used: ReadonlyMap<Key, ReadonlySet<string>>) {
    this.began = began;
    const first = [...used].slice(0, KEYS_MAX);
    this.missing = new Map(first.map(([key, done]) => [key, done.has('read')]));
  }

  get complete(): boolean {
    return this.anything && this.missing.size === 0;
  }

  /** Keys that were not served yet. */
  get unserved(): Key[] {
    return [...this.missing.keys()];
  }

  /** Operations per second: the ordinary rate, more if that were too slow for the number of keys; 0: as few as will do. */
  rate(ordinary: number, bound: Nanos): number {
    return Math.max(ordinary, (ASKED_PER_KEY * Math.max(1, this.missing.size) * 1e9) / bound);
  }

  completed({ type, request, invokedAt }: Outcome): void {
    if (type !== 'ok' || invokedAt < this.began) return;
    this.anything = true;
    if (this.wants(request) && request.key !== undefined) this.missing.delete(request.key);
  }

  /** The ordinary operations, those that are demanded before all others. */
  asking(ordinary: Generator): Generator {
    const recovery = this;
    return {
      next(context) {
        let current = ordinary;
        for (let draws = 1; ; draws++) {
          const next = current.next(context);
          if (next === undefined || next === 'pending') return next;
          if ('wait' in next) return { wait: next.wait, rest: recovery.asking(next.rest) };
          if (draws === DRAWS_MAX) recovery.missing.clear();
          if (recovery.wants(next.emit)) return { emit: next.emit, rest: recovery.asking(next.rest) };
          current = next.rest;
        }
      },
      update(event, context) {
        return recovery.asking(ordinary.update(event, context));
      },
    };
  }

  private wants({ f, key }: Request): boolean {
    if (this.missing.size === 0) return true;
    const takesRead = key === undefined ? undefined : this.missing.get(key);
    return takesRead === false || (takesRead === true && f === 'read');
  }
}
