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
 * everything was healed is `ok`, and if it could be read before, a read: what can be written alone is of no use to readers. Without keys, one such operation is enough. Keys that the workload no longer
 * produces are not demanded.
 */
export class Recovery {
  readonly began: Nanos;
  /** Keys that were not served yet, and whether that takes a read. */
  private readonly missing: Map<Key, boolean>;
  /** Keys of which a read was not answered: it may have to wait for a write (where there are siblings, say), so that everything is tried on them. */
  private readonly refused = new Set<Key>();
  private anything = false;

  /** `used`: keys that clients used before, in the order of their first use, and whether they could read it. */
  constructor(began: Nanos, used: ReadonlyMap<Key, boolean>) {
    this.began = began;
    this.missing = new Map([...used].slice(0, KEYS_MAX));
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

  completed({ type, request: { f, key }, invokedAt }: Outcome): void {
    if (invokedAt < this.began) return;
    const takesRead = key !== undefined && this.missing.get(key) === true;
    if (type === 'ok') {
      this.anything = true;
      if (key !== undefined && (f === 'read' || !takesRead)) this.missing.delete(key);
    } else if (takesRead && f === 'read') this.refused.add(key);
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
    return takesRead === false || (takesRead === true && (f === 'read' || this.refused.has(key!)));
  }
}
