/** The id of an entry: milliseconds and a number within them, both 64-bit. */
export interface StreamId {
  readonly ms: bigint;
  readonly nth: bigint;
}

export const LAST_NTH = 2n ** 64n - 1n;
export const ZERO_ID: StreamId = { ms: 0n, nth: 0n };
export const LAST_ID: StreamId = { ms: LAST_NTH, nth: LAST_NTH };

export function compareIds(one: StreamId, other: StreamId): number {
  if (one.ms !== other.ms) return one.ms < other.ms ? -1 : 1;
  return one.nth === other.nth ? 0 : one.nth < other.nth ? -1 : 1;
}

export const formatId = ({ ms, nth }: StreamId): string => `${ms}-${nth}`;

/** `ms-nth`, or `ms` alone with this number; null for anything else. */
export function parseId(text: string, missing: bigint): StreamId | null {
  const match = /^([0-9]{1,20})(?:-([0-9]{1,20}))?$/.exec(text);
  if (!match) return null;
  const ms = BigInt(match[1]!);
  const nth = match[2] === undefined ? missing : BigInt(match[2]);
  return ms > LAST_NTH || nth > LAST_NTH ? null : { ms, nth };
}

export interface StreamEntry {
  readonly id: StreamId;
  readonly fields: readonly string[];
}

/** Given to a consumer and not yet acknowledged. */
export interface Pending {
  readonly id: StreamId;
  consumer: string;
  delivered: number;
  deliveries: number;
}

export interface Consumer {
  readonly name: string;
  seen: number;
}

export class ConsumerGroup {
  last: StreamId;
  read: number | null;
  /** In order of id. */
  readonly pending: Pending[] = [];
  readonly consumers = new Map<string, Consumer>();
  constructor(last: StreamId, read: number | null) {
    this.last = last;
    this.read = read;
  }

  consumer(name: string, now: number): { consumer: Consumer; created: boolean } {
    const known = this.consumers.get(name);
    if (known) {
      known.seen = now;
      return { consumer: known, created: false };
    }
    const consumer = { name, seen: now };
    this.consumers.set(name, consumer);
    return { consumer, created: true };
  }

  find(id: StreamId): number {
    const at = firstPlace(this.pending, (one) => compareIds(one.id, id) >= 0);
    return at < this.pending.length && compareIds(this.pending[at]!.id, id) === 0 ? at : -1;
  }

  add(pending: Pending): void {
    this.pending.splice(
      firstPlace(this.pending, (one) => compareIds(one.id, pending.id) >= 0),
      0,
      pending,
    );
  }
}

/** The first place for which this holds, of a condition that holds from some place on. */
export function firstPlace<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** An append-only list of entries in order of id. */
export class Stream {
  entries: StreamEntry[] = [];
  last: StreamId = ZERO_ID;
  maxDeleted: StreamId = ZERO_ID;
  added = 0;
  readonly groups = new Map<string, ConsumerGroup>();

  /** Entries from one id to another, both included. */
  range(from: StreamId, to: StreamId): StreamEntry[] {
    const start = firstPlace(this.entries, ({ id }) => compareIds(id, from) >= 0);
    const end = firstPlace(this.entries, ({ id }) => compareIds(id, to) > 0);
    return this.entries.slice(start, end);
  }

  after(id: StreamId, most: number): StreamEntry[] {
    const start = firstPlace(this.entries, (entry) => compareIds(entry.id, id) > 0);
    return this.entries.slice(start, Math.min(this.entries.length, start + most));
  }

  /** Keeps the newest of them; how many went. */
  trimToLength(length: number): number {
    const gone = Math.max(0, this.entries.length - length);
    if (gone > 0) this.maxDeleted = this.entries[gone - 1]!.id;
    this.entries.splice(0, gone);
    return gone;
  }

  delete(id: StreamId): boolean {
    const at = firstPlace(this.entries, (entry) => compareIds(entry.id, id) >= 0);
    if (at >= this.entries.length || compareIds(this.entries[at]!.id, id) !== 0) return false;
    this.entries.splice(at, 1);
    if (compareIds(id, this.maxDeleted) > 0) this.maxDeleted = id;
    return true;
  }

  copy(): Stream {
    const copy = new Stream();
    Object.assign(copy, {
      entries: [...this.entries],
      last: this.last,
      maxDeleted: this.maxDeleted,
      added: this.added,
    });
    for (const [name, group] of this.groups) {
      const made = new ConsumerGroup(group.last, group.read);
      made.pending.push(...group.pending.map((one) => ({ ...one })));
      for (const [consumer, one] of group.consumers) made.consumers.set(consumer, { ...one });
      copy.groups.set(name, made);
    }
    return copy;
  }
}
