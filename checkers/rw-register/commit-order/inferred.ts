import { int32s } from '../../transactions/arrays.ts';
import { IntList } from '../../transactions/int-list.ts';
import type { TransactionTable } from '../../transactions/transaction-table.ts';
import type { MicroOperations } from '../micro-operations.ts';
import type { Sessions } from '../sessions.ts';
import { INITIAL, type Versions } from '../versions.ts';

/** What the axioms are applied to. Only transactions that happened count. */
export interface Run {
  readonly table: TransactionTable;
  readonly micros: MicroOperations;
  readonly versions: Versions;
  readonly sessions: Sessions;
}

/**
 * Commit orders that an axiom demands: transaction `first` wrote the key of `read`, and the reader had seen that transaction; so it was committed before
 * the one whose write was read. Where the initial state was read, nothing can be before it: that is wrong in itself.
 */
export class Inferred {
  readonly first = new IntList();
  readonly read = new IntList();
  private readonly run: Run;

  constructor(run: Run) {
    this.run = run;
  }

  /** `seen` is a transaction that writes the key of the read. Reads that tell no version, and those of `seen` itself, demand nothing. */
  add(seen: number, read: number): void {
    const { micros, versions } = this.run;
    const source = versions.source[read]!;
    if (source !== INITIAL) {
      if (source < 0 || versions.version[source] === 0) return;
      if (micros.writes.transaction[source] === seen || micros.reads.transaction[read] === seen) return;
    }
    this.first.push(seen);
    this.read.push(read);
  }
}

/** Transactions with more writes than this are looked up by a table. */
const FEW = 16;

/** Finds the version of a key that a transaction wrote. */
export class WriteLookup {
  private readonly micros: MicroOperations;
  private readonly version: Uint8Array;
  private readonly slots: Int32Array;

  /** Cost: linear in the writes of large transactions. */
  constructor({ micros, versions: { version } }: Run) {
    this.micros = micros;
    this.version = version;
    const { writes } = micros;
    let many = 0;
    for (let t = 0; t + 1 < writes.from.length; t++) {
      const count = writes.from[t + 1]! - writes.from[t]!;
      if (count > FEW) many += count;
    }
    this.slots = int32s(many === 0 ? 1 : 1 << (33 - Math.clz32(many)));
    if (many === 0) return;
    for (let write = 0; write < writes.count; write++) {
      const t = writes.transaction[write]!;
      if (version[write] === 1 && writes.from[t + 1]! - writes.from[t]! > FEW)
        this.slots[this.slotOf(t, writes.key[write]!)] = write + 1;
    }
  }

  /** The write, or -1. */
  find(transaction: number, key: number): number {
    const { from, key: keyOf } = this.micros.writes;
    const start = from[transaction]!;
    const end = from[transaction + 1]!;
    if (end - start > FEW) return this.slots[this.slotOf(transaction, key)]! - 1;
    for (let write = start; write < end; write++)
      if (keyOf[write] === key && this.version[write] === 1) return write;
    return -1;
  }

  private slotOf(transaction: number, key: number): number {
    const { writes } = this.micros;
    const mask = this.slots.length - 1;
    let slot = (Math.imul(transaction, 0x85ebca6b) + key) & mask;
    for (;;) {
      const write = this.slots[slot]! - 1;
      if (write < 0 || (writes.transaction[write] === transaction && writes.key[write] === key)) return slot;
      slot = (slot + 1) & mask;
    }
  }
}
