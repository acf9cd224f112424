import type { Json, Nanos } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';

export interface Lifetimes {
  readonly ttl: Nanos;
  readonly staleWhileRevalidate: Nanos;
  readonly staleIfError: Nanos;
}

/** What the origin said. Versions of a key grow with each write. */
export interface Content {
  readonly value: Json;
  readonly version: number;
}

interface Entry extends Content {
  /** The content was current at this time or later. */
  currentAt: Nanos;
}

/** May it be served at once (and must it be fetched anew meanwhile), only if the origin does not answer, or not at all? */
export type Freshness = 'fresh' | 'revalidate' | 'if-error' | 'gone';

/**
 * The entries of one edge, with the lifetimes of HTTP caches (RFC 9111, section 4.2; RFC 5861: stale-while-revalidate, stale-if-error). Their age
 * counts from when the *request* for them was sent, since what arrives may have been under way for long (RFC 9111, section 4.2.3).
 *
 * A purge names the version that it makes way for: content that is older is not taken in any more, as it may have been fetched before the write.
 */
export class EdgeTable {
  private readonly lifetimes: Lifetimes;
  private readonly entries = new Map<Key, Entry>();
  private readonly purged = new Map<Key, number>();

  constructor(lifetimes: Lifetimes) {
    this.lifetimes = lifetimes;
  }

  get(key: Key): Content | undefined {
    return this.entries.get(key);
  }

  freshness(key: Key, now: Nanos): Freshness {
    const entry = this.entries.get(key);
    if (entry === undefined) return 'gone';
    const { ttl, staleWhileRevalidate, staleIfError } = this.lifetimes;
    const stale = now - entry.currentAt - ttl;
    if (stale < 0) return 'fresh';
    if (stale < staleWhileRevalidate) return 'revalidate';
    return stale < staleIfError ? 'if-error' : 'gone';
  }

  /** `currentAt`: when the request for it was sent. @returns False for content from before a purge. */
  fill(key: Key, content: Content, currentAt: Nanos, evenIfPurged = false): boolean {
    if (content.version < this.purgedVersion(key) && !evenIfPurged) return false;
    this.entries.set(key, { ...content, currentAt });
    return true;
  }

  /** What is here is gone, and nothing older than this version comes in again. A purge that comes late or twice costs a miss. */
  purge(key: Key, version: number): void {
    this.purged.set(key, Math.max(version, this.purgedVersion(key)));
    this.entries.delete(key);
  }

  purgedVersion(key: Key): number {
    return this.purged.get(key) ?? 0;
  }

  /** Only by faults on purpose. */
  renew(key: Key, currentAt: Nanos): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.currentAt = currentAt;
  }
}
