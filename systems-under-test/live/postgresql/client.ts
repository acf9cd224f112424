import type { Client, Completion, Host, Request, Setting } from '../../../harness/contract/index.ts';
import type { PostgresqlOptions } from './options.ts';
import { Refused, Session } from './session.ts';
import { Declined, statementOf, transactionOf } from './statements.ts';

const LEVELS = {
  'read-committed': 'READ COMMITTED',
  'repeatable-read': 'REPEATABLE READ',
  serializable: 'SERIALIZABLE',
} as const;

/**
 * Whatever goes wrong before COMMIT is sent is `fail`: a transaction that nobody commits is rolled back. COMMIT without an answer is `info`,
 * and so is a single statement without one, unless it reads.
 */
export class PostgresqlClient implements Client {
  private readonly session: Session;
  private readonly level: string;
  private readonly ofLists: boolean;

  constructor(host: Host, setting: Setting<PostgresqlOptions>) {
    this.session = new Session(host, setting.hosts.server!, setting.options.requestTimeout);
    this.level = LEVELS[setting.options.isolation];
    this.ofLists = setting.workload.name === 'list-append';
  }

  async invoke(request: Request): Promise<Completion> {
    try {
      await this.session.connect();
    } catch (error) {
      return { type: 'fail', error: `not connected: ${(error as Error).message}` };
    }
    const { node } = this.session;
    return { ...(await this.carryOut(request)), node };
  }

  close(): void {
    this.session.close();
  }

  private async carryOut(request: Request): Promise<Completion> {
    const statement = statementOf(request);
    if (statement === undefined) return this.transaction(request);
    try {
      return { type: 'ok', value: await statement(this.session) };
    } catch (error) {
      const definite = error instanceof Refused || request.f === 'read';
      return { type: definite ? 'fail' : 'info', error: (error as Error).message };
    }
  }

  private async transaction(request: Request): Promise<Completion> {
    const { session } = this;
    let sent = false;
    try {
      await session.query(`BEGIN ISOLATION LEVEL ${this.level}`);
      const value = await transactionOf(request, this.ofLists)(session);
      sent = true;
      const { command } = await session.query('COMMIT');
      // The answer to COMMIT in a transaction that has failed already.
      if (command === 'ROLLBACK') return { type: 'fail', error: 'rolled back' };
      return { type: 'ok', value };
    } catch (error) {
      const refused = error instanceof Refused || error instanceof Declined;
      if (refused && !sent) await session.query('ROLLBACK').catch(() => {});
      return { type: refused || !sent ? 'fail' : 'info', error: (error as Error).message };
    }
  }
}
