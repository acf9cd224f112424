import type { Json } from '../../harness/contract/index.ts';
import type { Key, ValueTable } from './value-table.ts';

/** What a client may ask of a key-value store. */
export type Command =
  | { readonly f: 'read'; readonly key: Key }
  | { readonly f: 'write'; readonly key: Key; readonly value: Json }
  | { readonly f: 'cas'; readonly key: Key; readonly value: readonly [expected: Json, next: Json] };

export type Outcome =
  | { readonly type: 'ok'; readonly value: Json }
  | { readonly type: 'fail' | 'info'; readonly error: string };

/** A change of one key, as logs and copies carry it. */
export type Change = readonly [key: Key, value: Json];

/** Reads a command from a message. @returns the reason why it is none, otherwise. */
export function parseCommand(message: { readonly [name: string]: Json }): Command | string {
  const { f, key, value } = message;
  if (typeof key !== 'string' && typeof key !== 'number') return `expected a key, got ${JSON.stringify(key)}`;
  if (f === 'read') return { f, key };
  if (f === 'write') return { f, key, value: value ?? null };
  if (f === 'cas' && Array.isArray(value) && value.length === 2)
    return { f, key, value: [value[0]!, value[1]!] };
  return `expected read, write or cas with [expected, new], got ${JSON.stringify(f)}`;
}

/** Values are compared as JSON; objects by their properties in the order in which they stand. */
export function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * Commands carried out on a table, one after the other, without changing it: the changes are kept beside until they are
 * safe (`changes`), and then go in at once (`publish`), or never.
 */
export class Batch {
  private readonly table: ValueTable;
  private readonly changed = new Map<Key, Json>();

  constructor(table: ValueTable) {
    this.table = table;
  }

  /** The outcome, on condition that the batch is published. @throws DamagedMemory, ValueTooLarge. */
  execute(command: Command): Outcome {
    const { key } = command;
    const current = this.changed.has(key) ? this.changed.get(key)! : this.table.get(key);
    if (command.f === 'read') return { type: 'ok', value: current };
    const next = command.f === 'write' ? command.value : command.value[1];
    if (command.f === 'cas' && !same(current, command.value[0]))
      return { type: 'fail', error: 'cas-mismatch' };
    this.table.admit(next);
    this.changed.set(key, next);
    return { type: 'ok', value: command.value };
  }

  get changes(): readonly Change[] {
    return [...this.changed];
  }

  publish(): void {
    for (const [key, value] of this.changed) this.table.set(key, value);
  }
}
