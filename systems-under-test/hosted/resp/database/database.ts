import type { Session } from '../session.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import type { Value } from './values.ts';

interface Entry {
  value: Value;
  /** Milliseconds since the epoch; null: stays. */
  expires: number | null;
}

/** The moment of the command that runs: one for all that it does. */
export interface Moment {
  readonly now: number;
  /** False for effects of the primary or the log: to them a key is there until they remove it. */
  readonly hidesDue: boolean;
}

/** One keyspace. A key whose time has come is not there, even before `takeDue` removes it. */
export class Database {
  readonly index: number;
  private readonly moment: Moment;
  private entries = new Map<string, Entry>();
  private readonly queue = new ExpiryQueue();
  private volatile = 0;
  /** Sessions that watch a key. */
  readonly watchers = new Map<string, Set<Session>>();
  /** Sessions that wait for a key, the longest first. */
  readonly waiting = new Map<string, Set<Session>>();

  constructor(index: number, moment: Moment) {
    this.index = index;
    this.moment = moment;
  }

  get size(): number {
    return this.entries.size;
  }
  /** How many keys have a time to live. */
  get volatileSize(): number {
    return this.volatile;
  }

  private isDue(entry: Entry): boolean {
    return this.moment.hidesDue && entry.expires !== null && entry.expires <= this.moment.now;
  }

  private entry(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    return entry === undefined || this.isDue(entry) ? undefined : entry;
  }

  /** The key is still here, though its time has come: on a replica, whose primary removes it. */
  isExpired(key: string): boolean {
    const entry = this.entries.get(key);
    return entry !== undefined && this.isDue(entry);
  }

  get(key: string): Value | undefined {
    return this.entry(key)?.value;
  }

  has(key: string): boolean {
    return this.entry(key) !== undefined;
  }

  /** When the key goes; null if it stays or is not there. */
  expires(key: string): number | null {
    return this.entry(key)?.expires ?? null;
  }

  /** Sets the value; its time to live is gone unless it is kept. */
  set(key: string, value: Value, keepExpiry = false): void {
    const entry = this.entries.get(key);
    if (entry === undefined) this.entries.set(key, { value, expires: null });
    else {
      entry.value = value;
      if (!keepExpiry || this.isDue(entry)) this.persist(key);
    }
  }

  expireAt(key: string, at: number): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    if (entry.expires === null) this.volatile++;
    entry.expires = at;
    this.queue.add(at, key);
    if (this.queue.size > 2 * this.volatile + 64) this.queue.rebuild(this.times());
  }

  private *times(): Iterable<[number, string]> {
    for (const [key, { expires }] of this.entries) if (expires !== null) yield [expires, key];
  }

  /** Takes its time to live; false if it had none. */
  persist(key: string): boolean {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.expires === null) return false;
    entry.expires = null;
    this.volatile--;
    return true;
  }

  delete(key: string): boolean {
    const entry = this.entries.get(key);
    if (entry === undefined) return false;
    if (entry.expires !== null) this.volatile--;
    this.entries.delete(key);
    return !this.isDue(entry);
  }

  clear(): void {
    this.entries = new Map();
    this.queue.rebuild([]);
    this.volatile = 0;
  }

  /** Names of keys in the order in which they came in. */
  *keys(): Iterable<string> {
    for (const [key, entry] of this.entries) if (!this.isDue(entry)) yield key;
  }

  /** The earliest time at which a key may go. */
  nextDue(): number | null {
    return this.queue.earliest();
  }

  /** Removes the next key whose time has come and names it; null if there is none. */
  takeDue(): string | null {
    for (;;) {
      const due = this.queue.take(this.moment.now);
      if (due === null) return null;
      if (this.entries.get(due.key)?.expires !== due.at) continue;
      this.delete(due.key);
      return due.key;
    }
  }
}
