import type { Completion, Host, Json, Nanos } from '../../harness/contract/index.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { Key } from './transaction.ts';

/** Thrown by statements and by whoever gives a transaction up: it certainly does not commit. */
export class GivenUp extends Error {
  readonly reason: Json;
  constructor(reason: Json) {
    super(String(reason));
    this.reason = reason;
  }
}

/** Statements of an open transaction. Each is a round trip. @throws GivenUp */
export interface Statements {
  read(key: Key): Promise<Json>;
  write(key: Key, value: Json): Promise<void>;
  append(key: Key, element: Json): Promise<void>;
}

/** What a client does in one transaction. */
export interface Work {
  readonly readOnly: boolean;
  /** @throws GivenUp, also to abort by its own decision. */
  run(statements: Statements): Promise<Json>;
}

/** Runs transactions on the server, one after the other, thinking between statements. */
export class Session {
  private readonly host: Host;
  private readonly server: string;
  private readonly think: Nanos;
  private readonly timeout: Nanos;
  private readonly connection: SessionClient;

  constructor(
    host: Host,
    server: string,
    { think, timeout }: { readonly think: Nanos; readonly timeout: Nanos },
  ) {
    this.host = host;
    this.server = server;
    this.think = think;
    this.timeout = timeout;
    this.connection = new SessionClient(host);
  }

  async transaction(work: Work): Promise<Completion> {
    const until = this.host.clock.monotonic() + this.timeout;
    const node = this.server;
    let value: Json;
    try {
      await this.must('begin', null, work.readOnly ? 'read-only' : null, until);
      value = await work.run(this.statements(until));
      await this.pause();
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      // Nobody waits for the reply: without it the server aborts the transaction when it has lived too long.
      this.call('abort', null, null, until).catch(() => {});
      return { type: 'fail', error: error.reason, node };
    }
    const committed = await this.call('commit', null, null, until);
    if (committed.type === 'ok') return { type: 'ok', value, node };
    // Whether a transaction that changes nothing was committed makes no difference to anybody but its client.
    return work.readOnly ? { type: 'fail', error: committed.error, node } : committed;
  }

  private statements(until: Nanos): Statements {
    let first = true;
    const statement = async (f: string, key: Key, value: Json): Promise<Json> => {
      if (!first) await this.pause();
      first = false;
      return this.must(f, key, value, until);
    };
    return {
      read: (key) => statement('read', key, null),
      write: async (key, value) => void (await statement('write', key, value)),
      append: async (key, element) => void (await statement('append', key, element)),
    };
  }

  private async pause(): Promise<void> {
    if (this.think > 0) await this.host.sleep(this.host.random.exponential(this.think));
  }

  private async must(f: string, key: Key | null, value: Json, until: Nanos): Promise<Json> {
    const completion = await this.call(f, key, value, until);
    if (completion.type === 'ok') return completion.value;
    throw new GivenUp(completion.error);
  }

  private async call(f: string, key: Key | null, value: Json, until: Nanos): Promise<Completion> {
    const request = key === null ? { f, value } : { f, key, value };
    const completion = await this.connection.call(this.server, request, until);
    // This server redirects nobody.
    return completion.type === 'redirected' ? { type: 'fail', error: 'redirected' } : completion;
  }
}
