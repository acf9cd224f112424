import { HostError, type Json, type Nanos } from '../../harness/contract/index.ts';
import { hash32 } from '../shared/hash.ts';
import type { RegionTable } from '../shared/region-table.ts';
import type { Key } from '../shared/value-table.ts';

export interface CacheTableOptions {
  readonly ttl: Nanos;
  readonly capacity: number;
  readonly leases: boolean;
  readonly leaseTime: Nanos;
  /** Faults on purpose. */
  readonly neverExpires?: boolean;
  readonly hitRenews?: boolean;
  readonly comparesHashOnly?: boolean;
}

/** Given with a miss, to be shown with the fill. `at`: the value to come is current at this time or later. */
export type Token = { readonly incarnation: number; readonly at: Nanos; readonly lease: number };

export type Lookup =
  | { readonly type: 'hit'; readonly value: Json }
  | { readonly type: 'miss'; readonly token: Token }
  /** Somebody else is about to fill: ask again soon. */
  | { readonly type: 'wait' };

/**
 * The entries of one cache server: bounded, the least recently used go first; each with the time at which it must not be used any more.
 *
 * An entry expires `ttl` after the *miss* that led to its fill, by this server's clock: the value was read from the store after
 * that, so no pause or delay on the way can make it older than it counts. Every value served was current at most `ttl` ago.
 *
 * Leases: Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1.
 */
export class CacheTable {
  private readonly values: RegionTable;
  private readonly incarnation: number;
  private readonly options: CacheTableOptions;
  /** When each entry expires; least recently used first. */
  private readonly expiry = new Map<Key, Nanos>();
  private readonly leases = new Map<Key, { readonly number: number; readonly until: Nanos }>();
  private lastLease = 0;

  constructor(values: RegionTable, incarnation: number, options: CacheTableOptions) {
    this.values = values;
    this.incarnation = incarnation;
    this.options = options;
  }

  get(name: Key, now: Nanos): Lookup {
    const key = this.entryOf(name);
    const expires = this.expiry.get(key);
    if (expires !== undefined && (now < expires || this.options.neverExpires === true)) {
      try {
        const value = this.values.get(key);
        this.expiry.delete(key);
        this.expiry.set(key, this.options.hitRenews === true ? now + this.options.ttl : expires);
        return { type: 'hit', value };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
    }
    this.forget(key);
    const waiting = this.leases.get(key);
    if (this.options.leases && waiting !== undefined && now < waiting.until) return { type: 'wait' };
    const lease = ++this.lastLease;
    if (this.options.leases) this.leases.set(key, { number: lease, until: now + this.options.leaseTime });
    return { type: 'miss', token: { incarnation: this.incarnation, at: now, lease } };
  }

  /** @returns False if the token does not allow it (any more). */
  fill(name: Key, value: Json, token: Token, now: Nanos): boolean {
    const key = this.entryOf(name);
    const { ttl, capacity, leases } = this.options;
    if (token.incarnation !== this.incarnation || now >= token.at + ttl) return false;
    if (leases && this.leases.get(key)?.number !== token.lease) return false;
    this.leases.delete(key);
    this.forget(key);
    if (this.expiry.size >= capacity) this.forget(this.expiry.keys().next().value!);
    try {
      this.values.set(key, value);
    } catch (error) {
      if (error instanceof HostError) return false;
      throw error;
    }
    this.expiry.set(key, token.at + ttl);
    return true;
  }

  /** The value has changed in the store: what is here, or on its way here under a lease, is not to be used. */
  drop(name: Key): void {
    const key = this.entryOf(name);
    this.forget(key);
    this.leases.delete(key);
  }

  private forget(key: Key): void {
    this.expiry.delete(key);
    this.values.delete(key);
  }

  private entryOf(name: Key): Key {
    return this.options.comparesHashOnly === true ? hash32(String(name)) % this.options.capacity : name;
  }
}
