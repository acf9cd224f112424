import type pg from 'pg';
import { type Host, MILLISECOND, machineOf, type Nanos } from '../../../harness/contract/index.ts';
import { PORT } from './cluster.ts';

/** The server answered that it did not carry out the statement. Its transaction is rolled back. */
export class Refused extends Error {}
/** No answer, or an answer that says nothing about the transaction: the connection is gone. */
export class Unanswered extends Error {}

/** SQLSTATE classes in which the server ends the connection, whatever became of the statement: connection exceptions and shutdowns. */
const CONNECTION_ENDS = /^(08|57P0)/;

/** A connection to the server that takes writes. Found by asking one after the other, as `target_session_attrs=read-write` does. */
export class Session {
  private readonly servers: readonly { readonly name: string; readonly address: string }[];
  private readonly milliseconds: number;
  private connection: pg.Client | undefined;
  private turn: number;

  /** `servers`: names of their hosts. */
  constructor(host: Host, servers: readonly string[], timeout: Nanos) {
    this.servers = servers.map((name) => ({ name, address: machineOf(host).addressOf(name) }));
    this.milliseconds = timeout / MILLISECOND;
    this.turn = host.incarnation - 1;
  }

  /** Of the server to which it is connected. */
  get node(): string {
    return this.servers[this.turn % this.servers.length]!.name;
  }

  close(): void {
    this.connection?.end().catch(() => {});
    this.connection = undefined;
  }

  /** @throws Error when no server takes writes: nothing was sent then that matters. */
  async connect(): Promise<void> {
    if (this.connection !== undefined) return;
    let last: unknown;
    for (let tries = 0; tries < this.servers.length; tries++) {
      try {
        await this.open();
        return;
      } catch (error) {
        last = error;
        this.close();
        this.turn++;
      }
    }
    throw last;
  }

  /** One statement. @throws Refused, Unanswered */
  async query(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    try {
      return await this.connection!.query(text, [...values]);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !CONNECTION_ENDS.test(code))
        throw new Refused(`${code} ${message}`);
      this.close();
      throw new Unanswered(message);
    }
  }

  private async open(): Promise<void> {
    // Loaded by clients alone: the registry of systems is loaded by every command.
    const { default: library } = await import('pg');
    const connection = new library.Client({
      host: this.servers[this.turn % this.servers.length]!.address,
      port: PORT,
      user: 'postgres',
      database: 'postgres',
      connectionTimeoutMillis: this.milliseconds,
      query_timeout: this.milliseconds,
    });
    this.connection = connection;
    connection.on('error', () => {
      if (this.connection === connection) this.connection = undefined;
    });
    await connection.connect();
    const { rows } = await connection.query('SELECT pg_is_in_recovery() AS standby');
    if ((rows[0] as { standby: boolean }).standby) throw new Error('a standby takes no writes');
  }
}
