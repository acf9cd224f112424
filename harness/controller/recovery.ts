import type { Demand, Generator, Nanos, Request } from '../contract/index.ts';
import type { Outcome } from './clients.ts';

type Key = string | number;

/** More keys than this are not asked for one by one: the first ones that were used stand for the rest. */
const KEYS_MAX = 100;

/** Operations drawn in search of one that still matters, before any other is taken. */
const DRAWS_MAX = 10_000;

/** More clients than this are not demanded one by one: the first ones stand for the rest. */
const CLIENTS_MAX = 100;

/** Operations per key, and per client, within the bound, at least: the asking must not be what takes long, nor what overloads. */
const ASKED_PER_KEY = 20;
const ASKED_PER_CLIENT = 5;

/** What was served before the faults were healed. */
export class Served {
  /** Keys that clients used, in the order of their first use, and whether a read of it was answered. */
  readonly keys = new Map<Key, boolean>();
  /** Kinds of operation, and whether one of them succeeded. */
  readonly kinds = new Map<string, boolean>();
  /** Clients that succeeded in something. */
  readonly clients = new Set<number>();

  used({ f, key }: Request): void {
    if (!this.kinds.has(f)) this.kinds.set(f, false);
    if (key !== undefined && !this.keys.has(key)) this.keys.set(key, false);
  }

  completed({ type, thread, request: { f, key } }: Outcome): void {
    if (type !== 'ok') return;
    this.kinds.set(f, true);
    this.clients.add(thread);
    if (f === 'read' && key !== undefined) this.keys.set(key, true);
  }
}

/**
 * When is a system serving again? When each key that clients used has been served: an operation on it that was invoked after
 * everything was healed is `ok`, and if it could be read before, a read: what can be written alone is of no use to readers. On demand each client that was served before
 * has been served again, if only with a no, and so has each kind of operation that succeeded before. Without keys, one such operation is enough. Keys and kinds that the workload no longer
 * produces are not demanded.
 */
export class Recovery {
  readonly began: Nanos;
  /** Keys that were not served yet, and whether that takes a read. */
  private readonly missing: Map<Key, boolean>;
  private readonly kinds: Set<string>;
  /** Kinds that nobody has ever seen at work: they are asked for as long as there is time, and not demanded. */
  private readonly unproven: Set<string>;
  /** Hosts of clients that were not served yet. */
  private readonly clients: Map<number, string>;
  /** Keys of which a read was not answered: it may have to wait for a write (where there are siblings, say), so that everything is tried on them. */
  private readonly refused = new Set<Key>();
  private anything = false;
  private asked = 0;
  /** Kinds that were asked for since, and clients that asked. */
  private readonly tried = new Set<string>();
  private readonly trying = new Set<number>();

  /** Something could be read: then nothing is written but on demand. */
  private readsOnly: boolean;

  /** `living`: hosts of the clients, less those that never come back. `proving`: what never succeeded is asked for. */
  constructor(
    began: Nanos,
    before: Served,
    living: ReadonlyMap<number, string>,
    { demand = 'keys', proving }: { readonly demand?: Demand | undefined; readonly proving: boolean },
  ) {
    this.began = began;
    this.missing = new Map([...before.keys].slice(0, KEYS_MAX));
    const kinds = (succeeded: boolean) =>
      new Set([...before.kinds].filter(([, once]) => once === succeeded).map(([kind]) => kind));
    this.kinds = demand === 'kinds' ? kinds(true) : new Set();
    this.unproven = proving ? kinds(false) : new Set();
    this.readsOnly = demand !== 'kinds' && [...before.keys.values()].some((couldBeRead) => couldBeRead);
    const demanded = demand === 'keys' ? [] : [...living].filter(([client]) => before.clients.has(client));
    this.clients = new Map(demanded.slice(0, CLIENTS_MAX));
  }

  /** All that is demanded was served. */
  get served(): boolean {
    const { anything, missing, kinds, clients } = this;
    return anything && missing.size + kinds.size + clients.size === 0;
  }

  /** There is nothing left to ask for. */
  get complete(): boolean {
    return this.served && this.unproven.size === 0;
  }

  /** The time is up. What nobody asked for was not refused. */
  over(): boolean {
    for (const kind of this.kinds) if (!this.tried.has(kind)) this.kinds.delete(kind);
    for (const client of this.clients.keys()) if (!this.trying.has(client)) this.clients.delete(client);
    return this.served;
  }

  /** Keys, kinds of operation and clients that were not served yet. */
  get unserved(): {
    readonly unserved: Key[];
    readonly kinds?: string[];
    readonly clients?: string[];
  } {
    const { missing, kinds, clients } = this;
    return {
      unserved: [...missing.keys()],
      ...(kinds.size > 0 && { kinds: [...kinds].sort() }),
      ...(clients.size > 0 && { clients: [...clients.values()] }),
    };
  }

  /** Operations per second: the ordinary rate, more if that were too slow for so many keys or clients; 0: as few as will do. */
  rate(ordinary: number, bound: Nanos): number {
    const wanted = Math.max(
      ASKED_PER_KEY * Math.max(1, this.missing.size),
      ASKED_PER_CLIENT * this.clients.size,
    );
    return Math.max(ordinary, (wanted * 1e9) / bound);
  }

  completed({ type, served, thread, request: { f, key }, invokedAt }: Outcome): void {
    if (invokedAt < this.began) return;
    this.asked++;
    this.tried.add(f);
    this.trying.add(thread);
    if (served) {
      this.kinds.delete(f);
      this.clients.delete(thread);
    }
    const takesRead = key !== undefined && this.missing.get(key) === true;
    if (type === 'ok') {
      this.anything = true;
      this.unproven.delete(f);
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
          if (next === undefined) recovery.forgetKinds();
          if (next === undefined || next === 'pending') return next;
          if ('wait' in next) return { wait: next.wait, rest: recovery.asking(next.rest) };
          if (draws === DRAWS_MAX) recovery.demandNothingMore();
          if (recovery.wants(next.emit)) return { emit: next.emit, rest: recovery.asking(next.rest) };
          current = next.rest;
        }
      },
      update(event, context) {
        return recovery.asking(ordinary.update(event, context));
      },
    };
  }

  private demandNothingMore(): void {
    this.missing.clear();
    this.forgetKinds();
    this.readsOnly = false;
  }

  private forgetKinds(): void {
    this.kinds.clear();
    this.unproven.clear();
  }

  /** A kind alone may never succeed: nothing is taken from a queue that nobody fills. So it is demanded every other time. */
  private wants({ f, key }: Request): boolean {
    if (this.missing.size === 0) {
      const { kinds, unproven } = this;
      if (kinds.size + unproven.size === 0) return !this.readsOnly || f === 'read';
      return kinds.has(f) || unproven.has(f) || this.asked % 2 === 0;
    }
    const takesRead = key === undefined ? undefined : this.missing.get(key);
    return takesRead === false || (takesRead === true && (f === 'read' || this.refused.has(key!)));
  }
}
