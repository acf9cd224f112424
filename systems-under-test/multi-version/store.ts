import type { Host, Json, Nanos } from '../../harness/contract/index.ts';
import type { Key, Level, Transaction } from './transaction.ts';

type Message = { readonly [name: string]: Json };

const OK = { type: 'ok', value: null } as const;

function failed(error: string): Json {
  return { type: 'fail', error };
}

/**
 * Carries out the statements of sessions, of which each has at most one transaction open: `begin`, `read`, `write`, `append` (to a list), `commit`,
 * `abort`. A transaction whose session begins another, or that lives too long, is aborted; its later statements fail.
 */
export class Store {
  private readonly host: Pick<Host, 'after'>;
  private readonly level: Level;
  private readonly lifetime: Nanos;
  private readonly open = new Map<string, Transaction>();
  private begun = 0;

  constructor(host: Pick<Host, 'after'>, level: Level, lifetime: Nanos) {
    this.host = host;
    this.level = level;
    this.lifetime = lifetime;
  }

  async execute(session: string, { f, key, value = null }: Message): Promise<Json> {
    if (f === 'begin') return this.begin(session, value === 'read-only');
    const transaction = this.open.get(session);
    if (transaction === undefined) return failed('no-transaction');
    if (f === 'abort') return this.abort(session, transaction, 'aborted');
    if (f === 'commit') return this.commit(session, transaction);
    if (typeof key !== 'string' && typeof key !== 'number') return failed('bad-key');
    if (f === 'read') return { type: 'ok', value: this.level.read(transaction, key) };
    if (f === 'write' || f === 'append') return this.change(session, transaction, f, key, value);
    return failed('bad-statement');
  }

  private begin(session: string, readOnly: boolean): Json {
    const former = this.open.get(session);
    if (former !== undefined) this.abort(session, former, 'aborted');
    const transaction: Transaction = {
      age: ++this.begun,
      readOnly,
      snapshot: this.level.begin(readOnly),
      keysRead: new Set(),
      written: new Map(),
    };
    this.open.set(session, transaction);
    this.host.after(this.lifetime, () => {
      if (this.open.get(session) === transaction) this.abort(session, transaction, 'expired');
    });
    return OK;
  }

  private async change(
    session: string,
    transaction: Transaction,
    f: 'write' | 'append',
    key: Key,
    value: Json,
  ): Promise<Json> {
    if (transaction.readOnly) return failed('read-only');
    const admitted = await this.level.admit(transaction, key);
    // It may have been aborted while it waited.
    if (this.open.get(session) !== transaction) return failed('no-transaction');
    if (!admitted) return this.abort(session, transaction, 'conflict');
    this.level.write(transaction, key, f === 'write' ? value : this.appended(transaction, key, value));
    return OK;
  }

  private appended(transaction: Transaction, key: Key, element: Json): Json {
    const list = this.level.read(transaction, key);
    return [...(Array.isArray(list) ? (list as readonly Json[]) : []), element];
  }

  private commit(session: string, transaction: Transaction): Json {
    if (!this.level.commit(transaction)) return this.abort(session, transaction, 'conflict');
    this.open.delete(session);
    return OK;
  }

  private abort(session: string, transaction: Transaction, error: string): Json {
    this.open.delete(session);
    this.level.abort(transaction);
    return failed(error);
  }
}
