import type { Pace } from '../budget.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';
import { Chains } from './chains.ts';
import { INITIAL, type SessionHistory } from './session-history.ts';

/**
 * In one session's view of all writes: `before` must come before `after`, since `read` of the session returned `after` and comes after
 * `before`, a write of the same key. In the order in which they were derived: each follows from those before it.
 */
export interface Derivation {
  readonly before: number;
  readonly after: number;
  readonly read: number;
}

/** Why a session can have no view. */
export interface Conflict {
  readonly session: number;
  readonly derivations: readonly Derivation[];
  /**
   * - `initial`: `write` must come before `read`, which returned the initial value of its key;
   * - `order`: by the last derivation and what precedes it, `write` must come before itself;
   * - `session`: `write` must come before `read`, though it follows it in its session.
   */
  readonly kind: 'initial' | 'order' | 'session';
  readonly write: number;
  readonly read: number;
}

/** For each write, what of every session comes before it whoever looks: by column, a position. The write itself is included. */
export interface BaseOrder {
  readonly columns: number;
  /** By session; -1 for sessions that write nothing. */
  readonly column: Int32Array;
  /** Of a write. The array is valid until the next call. */
  clock(write: number): Int32Array;
}

/**
 * Whether a session can have seen all writes, with its own reads between them, in one order that extends the base order and its session order, each read
 * returning the last write of its key. With the writers of all reads known that is polynomial, since the session's reads are in order: derive
 * what must come before what until nothing is new (Bouajjani et al. 2017, the relation HB of section 3.3); without a contradiction a view exists:
 * before each read just the writes that must come before it.
 *
 * The derived order goes only to writes that the session itself read or wrote: these keep a clock, all others have that of the base order.
 * Cost: O(r m s) a round, for r operations of the session, m writes that it read or wrote and s sessions; in practice two or three rounds.
 */
export class Saturation {
  private readonly history: SessionHistory;
  private readonly base: BaseOrder;
  private readonly pace: Pace;
  /** The writes by session and key, and the sessions by column. */
  private readonly writes: Chains;
  private readonly writers: Int32Array;
  private readonly forks = new Map<number, number[]>();
  /** Clocks of what comes strictly before the marked writes of the session at hand, and these by column in the order of position. */
  private stored = new Map<number, Int32Array>();
  private marked: number[][] = [];
  private markedColumns: number[] = [];
  private derivations: Derivation[] = [];
  /** Columns of the clock at hand that were raised and not looked at yet. */
  private readonly dirty: number[] = [];
  private readonly isDirty: Uint8Array;
  /** Counts how often some stored clock grew, and when each was last closed. */
  private growth = 0;
  private closedAt = new Map<number, number>();

  constructor(history: SessionHistory, base: BaseOrder, pace: Pace) {
    this.history = history;
    this.base = base;
    this.pace = pace;
    const { count, isWrite, key, keys, session, position, sessions, forkOf } = history;
    this.writes = new Chains(sessions.length, keys.length);
    this.writers = int32s(base.columns);
    this.isDirty = uint8s(base.columns);
    for (let n = 0; n < count; n++) {
      if (isWrite[n] === 1) this.writes.push(session[n]!, key[n]!, position[n]!, n);
    }
    base.column.forEach((column, s) => {
      if (column >= 0) this.writers[column] = s;
    });
    forkOf.forEach((stem, s) => {
      if (stem >= 0) this.forks.set(stem, [...(this.forks.get(stem) ?? []), sessions[s]![0]!]);
    });
  }

  /** The first contradiction in the view of the session. Undefined also if the time was over (`pace.ended`). */
  conflict(session: number): Conflict | undefined {
    this.prepare(session);
    for (;;) {
      const derived = this.derivations.length;
      const outcome = this.round(session);
      if (this.pace.ended) return undefined;
      if (outcome !== 'grown' && outcome !== undefined) return outcome;
      if (outcome === undefined && this.derivations.length === derived) return undefined;
    }
  }

  private prepare(session: number): void {
    const { sessions, isWrite, source, position, session: of } = this.history;
    const { columns, column } = this.base;
    this.stored = new Map();
    this.closedAt = new Map();
    this.derivations = [];
    for (const c of this.markedColumns) this.marked[c] = [];
    const columnsOfMarked = new Set<number>();
    const mark = (write: number): void => {
      if (this.stored.has(write)) return;
      const c = column[of[write]!]!;
      const clock = int32s(columns);
      clock.set(this.base.clock(write));
      clock[c] = position[write]! - 1;
      this.stored.set(write, clock);
      this.marked[c] ??= [];
      this.marked[c].push(write);
      columnsOfMarked.add(c);
    };
    for (const operation of sessions[session]!) {
      if (isWrite[operation] === 1) mark(operation);
      else if (source[operation] !== INITIAL) mark(source[operation]!);
      for (const fork of this.forks.get(operation) ?? []) mark(fork);
    }
    this.markedColumns = [...columnsOfMarked];
    for (const c of this.markedColumns) this.marked[c]!.sort((a, b) => position[a]! - position[b]!);
  }

  /** Once through the session. `grown` if a clock grew though nothing was derived. */
  private round(session: number): Conflict | 'grown' | undefined {
    const { sessions, isWrite, source, position, key } = this.history;
    const own = this.base.column[session]!;
    const before = int32s(this.base.columns);
    let grown = false;
    for (const operation of sessions[session]!) {
      if (this.pace.over(1 + (before.length >> 3) + this.markedColumns.length)) return undefined;
      if (isWrite[operation] === 1) {
        if (this.raiseStored(operation, before)) grown = true;
        this.include(before, operation);
      } else {
        const from = source[operation]!;
        if (from !== INITIAL) this.include(before, from);
        const conflict = this.derive(session, operation, from, key[operation]!, before);
        if (conflict !== undefined) return conflict;
      }
      if (own >= 0 && before[own]! > position[operation]!) {
        // The session's own later write: positions of reads are never in a clock.
        const write = this.writeAt(session, before[own]!);
        return { session, derivations: this.derivations, kind: 'session', write, read: operation };
      }
      for (const fork of this.forks.get(operation) ?? []) {
        if (before[this.base.column[this.history.session[fork]!]!]! > 0) {
          return { session, derivations: this.derivations, kind: 'session', write: fork, read: operation };
        }
        if (this.raiseStored(fork, before)) grown = true;
      }
    }
    return grown ? 'grown' : undefined;
  }

  /** All writes of the key before the read must come before what it returned. */
  private derive(
    session: number,
    read: number,
    from: number,
    key: number,
    before: Int32Array,
  ): Conflict | undefined {
    const { position } = this.history;
    const stored = from === INITIAL ? undefined : this.stored.get(from)!;
    const fromColumn = from === INITIAL ? -1 : this.base.column[this.history.session[from]!]!;
    const circular: Conflict = { session, derivations: this.derivations, kind: 'order', write: from, read };
    if (stored !== undefined) {
      this.closeStored(from, stored);
      if (stored[fromColumn]! >= position[from]!) return circular;
    }
    for (let c = 0; c < before.length; c++) {
      if (before[c] === 0 || (stored !== undefined && before[c]! <= stored[c]!)) continue;
      const write = this.writes.lastAt(this.writers[c]!, key, before[c]!);
      if (write < 0 || write === from) continue;
      if (stored === undefined) {
        return { session, derivations: this.derivations, kind: 'initial', write, read };
      }
      if (position[write]! <= stored[c]!) continue;
      this.derivations.push({ before: write, after: from, read });
      this.include(stored, write);
      this.growth++;
      if (stored[fromColumn]! >= position[from]!) return circular;
      this.passOn(from);
    }
    return undefined;
  }

  private raiseStored(write: number, by: Int32Array): boolean {
    const stored = this.stored.get(write)!;
    let grown = false;
    for (let c = 0; c < stored.length; c++) {
      if (by[c]! <= stored[c]!) continue;
      stored[c] = by[c]!;
      grown = true;
    }
    if (grown) this.growth++;
    return grown;
  }

  /** Adds a write, with all that comes before it, to a clock that is closed. */
  private include(clock: Int32Array, write: number): void {
    this.raise(clock, this.base.clock(write));
    const stored = this.stored.get(write);
    if (stored !== undefined) this.raise(clock, stored);
    this.close(clock);
  }

  private raise(clock: Int32Array, to: Int32Array): void {
    const { dirty, isDirty } = this;
    for (let c = 0; c < clock.length; c++) {
      if (to[c]! <= clock[c]!) continue;
      clock[c] = to[c]!;
      if (isDirty[c] === 1) continue;
      isDirty[c] = 1;
      dirty.push(c);
    }
  }

  /**
   * Adds what comes before the marked writes in the columns that were raised, until nothing is new. Of each session the last one is enough: what comes
   * before a marked write comes before the later ones of its session too (`passOn`).
   */
  private close(clock: Int32Array): void {
    const { dirty, isDirty } = this;
    for (let c = dirty.pop(); c !== undefined; c = dirty.pop()) {
      isDirty[c] = 0;
      const writes = this.marked[c];
      if (writes === undefined || writes.length === 0) continue;
      const last = this.lastMarked(c, clock[c]!);
      if (last >= 0) this.raise(clock, this.stored.get(writes[last]!)!);
    }
  }

  /** Closes the clock of a marked write, if any of them has grown since it was last closed. */
  private closeStored(write: number, stored: Int32Array): void {
    if (this.closedAt.get(write) === this.growth) return;
    for (const c of this.markedColumns) {
      this.isDirty[c] = 1;
      this.dirty.push(c);
    }
    this.close(stored);
    this.closedAt.set(write, this.growth);
  }

  private passOn(write: number): void {
    const { position, session } = this.history;
    const own = this.base.column[session[write]!]!;
    const writes = this.marked[own]!;
    const stored = this.stored.get(write)!;
    for (let i = this.lastMarked(own, position[write]!) + 1; i < writes.length; i++) {
      const later = this.stored.get(writes[i]!)!;
      for (let c = 0; c < later.length; c++) if (stored[c]! > later[c]!) later[c] = stored[c]!;
    }
  }

  private lastMarked(c: number, position: number): number {
    const writes = this.marked[c]!;
    let low = 0;
    let high = writes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.history.position[writes[middle]!]! <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private writeAt(session: number, position: number): number {
    return this.history.sessions[session]![position - 1]!;
  }
}
