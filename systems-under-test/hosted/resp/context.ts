import type { Database } from './database/database.ts';
import { isEmpty, type Kind, type Value, type ValueOf } from './database/values.ts';
import type { Engine } from './engine.ts';
import { wrongType } from './protocol/errors.ts';
import type { Argv, Session } from './session.ts';

/** The class of a keyspace event and its name: `$:set`, `g:del`. */
export type KeyEvent = `${'g' | '$' | 'l' | 's' | 'h' | 'z' | 'x' | 'e' | 't' | 'm' | 'n'}:${string}`;

/** What a command reaches while it runs, and what it did. */
export class Context {
  readonly engine: Engine;
  readonly session: Session;
  /** Within EXEC or a script: nothing waits. */
  readonly nested: boolean;
  /** How much was changed; 0: nothing goes to replicas and the log. */
  dirty = 0;
  /** What goes there instead of the command itself. */
  effects: Argv[] | null = null;

  constructor(engine: Engine, session: Session, nested: boolean) {
    this.engine = engine;
    this.session = session;
    this.nested = nested;
  }

  get database(): Database {
    return this.engine.databases[this.session.database]!;
  }

  /** Milliseconds since the epoch: the moment of the command. */
  get now(): number {
    return this.engine.now;
  }

  value(key: string): Value | undefined {
    return this.database.get(key);
  }

  /** @throws CommandError (WRONGTYPE) if the key holds something else. */
  read<K extends Kind>(key: string, kind: K): ValueOf<K> | undefined {
    const value = this.database.get(key);
    if (value === undefined) return undefined;
    if (value.kind !== kind) throw wrongType();
    return value as ValueOf<K>;
  }

  /** The same, made and put there if there is none. */
  readOrMake<K extends Kind>(key: string, kind: K, make: () => ValueOf<K>): ValueOf<K> {
    const value = this.read(key, kind);
    if (value !== undefined) return value;
    const made = make();
    this.database.set(key, made);
    return made;
  }

  /** Tells watchers, those who wait and those who listen that the key changed. */
  changed(key: string, event: KeyEvent, count = 1): void {
    this.dirty += count;
    this.engine.touch(this.database, key);
    this.engine.notify(this.database, event, key);
  }

  /** After something was taken out: the key goes with its last element. */
  removeIfEmpty(key: string, value: Value): boolean {
    if (!isEmpty(value)) return false;
    this.database.delete(key);
    this.engine.notify(this.database, 'g:del', key);
    return true;
  }

  /** Deletes a key; true if it was there. */
  remove(key: string, event: KeyEvent = 'g:del'): boolean {
    if (!this.database.delete(key)) return false;
    this.changed(key, event);
    return true;
  }

  /** One more command that goes there instead. */
  alsoReplicate(command: Argv): void {
    this.effects = [...(this.effects ?? []), command];
  }

  replicateAs(...commands: Argv[]): void {
    this.effects = commands;
  }
}
