import { type Host, type Machine, machineOf, SECOND } from '../../../harness/contract/index.ts';
import type { PostgresqlOptions } from './options.ts';

export const PORT = 5432;

/** Debian keeps the server's programs out of the way, a folder for each version. */
const PATH = [17, 16, 15, 14, 13]
  .map((version) => `/usr/lib/postgresql/${version}/bin`)
  .concat('/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin')
  .join(':');

/** It refuses to run as root. */
const AS = { user: 'postgres', environment: { PATH, PGCONNECT_TIMEOUT: '2' } } as const;

/** For a machine that is busy with other things: initdb alone takes a second of CPU time. */
const START_WITHIN = 90 * SECOND;
const ASK_WITHIN = SECOND;

/** What one server says of itself. */
export interface Standing {
  readonly inRecovery: boolean;
  readonly timeline: number;
}

/** The tables of all workloads. */
const TABLES = `
CREATE TABLE elements (k text, v bigint, PRIMARY KEY (k, v));
CREATE TABLE registers (k text PRIMARY KEY, v bigint);
CREATE TABLE lists (k text PRIMARY KEY, v text NOT NULL);
CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL);`;

/** One PostgreSQL server on its host: the commands of its administrator. */
export class Cluster {
  private readonly host: Host;
  private readonly machine: Machine;
  private readonly options: Pick<PostgresqlOptions, 'replication' | 'synchronousCommit'>;

  constructor(host: Host, options: Pick<PostgresqlOptions, 'replication' | 'synchronousCommit'>) {
    this.host = host;
    this.machine = machineOf(host);
    this.options = options;
  }

  /** A new database with the tables. */
  async create(accounts: string): Promise<void> {
    await this.run([
      'initdb',
      '-D',
      'data',
      '-A',
      'trust',
      '-U',
      'postgres',
      '--no-sync',
      '--no-instructions',
    ]);
    await this.configure();
    await this.start();
    await this.sql(this.machine.address, `${TABLES}\n${accounts}`, START_WITHIN);
  }

  /** A copy of the server at this address, as its standby. */
  async copyFrom(address: string): Promise<void> {
    await this.run(['rm', '-rf', 'data']);
    const name = this.host.name;
    await this.run([
      'pg_basebackup',
      `--dbname=host=${address} port=${PORT} user=postgres application_name=${name}`,
      '--pgdata=data',
      '--write-recovery-conf',
      '--checkpoint=fast',
    ]);
    await this.configure();
    await this.start();
  }

  async start(): Promise<void> {
    // Of a process that was killed.
    await this.run(['rm', '-f', 'data/postmaster.pid']);
    const server = this.machine.spawn('postgresql', ['postgres', '-D', 'data'], AS);
    await server.line(/database system is ready to accept/, START_WITHIN);
  }

  async stop(): Promise<void> {
    await this.run(['pg_ctl', '-D', 'data', '-m', 'immediate', 'stop']);
  }

  async promote(): Promise<void> {
    await this.sql(this.machine.address, 'SELECT pg_promote()', START_WITHIN);
  }

  /** @throws Error when it does not answer. */
  async standingOf(address: string): Promise<Standing> {
    const answer = await this.sql(
      address,
      'SELECT pg_is_in_recovery(), timeline_id FROM pg_control_checkpoint()',
      ASK_WITHIN,
    );
    const [recovery, timeline] = answer.trim().split('|');
    return { inRecovery: recovery === 't', timeline: Number(timeline) };
  }

  /** Set-up does not wait for a standby that is not there yet. */
  private sql(address: string, statement: string, within: number): Promise<string> {
    const environment = { ...AS.environment, PGOPTIONS: '-c synchronous_commit=local' };
    const command = [
      'psql',
      '-h',
      address,
      '-p',
      String(PORT),
      '-U',
      'postgres',
      '-v',
      'ON_ERROR_STOP=1',
      '-Atq',
    ];
    return this.machine.run(command, { ...AS, environment, within, input: statement });
  }

  private async configure(): Promise<void> {
    const { replication, synchronousCommit } = this.options;
    const settings = [
      "listen_addresses = '*'",
      "unix_socket_directories = ''",
      'shared_buffers = 16MB',
      'max_connections = 60',
      'wal_keep_size = 64MB',
      'hot_standby = on',
      `synchronous_commit = ${synchronousCommit}`,
      // Below the time that clients wait.
      'deadlock_timeout = 100ms',
      // Dead peers are noticed within seconds instead of minutes.
      'wal_sender_timeout = 3s',
      'wal_receiver_timeout = 3s',
      'wal_retrieve_retry_interval = 500ms',
      ...(replication === 'synchronous' ? ["synchronous_standby_names = 'ANY 1 (*)'"] : []),
    ];
    await this.run(['sh', '-c', 'cat > data/conf.ours && sync data/conf.ours'], `${settings.join('\n')}\n`);
    await this.run([
      'sh',
      '-c',
      'grep -q conf.ours data/postgresql.conf || { echo "include \'conf.ours\'" >> data/postgresql.conf; sync data/postgresql.conf; }',
    ]);
    const access = 'host all all 10.77.0.0/16 trust\nhost replication all 10.77.0.0/16 trust\n';
    await this.run(['sh', '-c', 'cat > data/pg_hba.conf && sync data/pg_hba.conf'], access);
  }

  private run(command: readonly string[], input?: string): Promise<string> {
    return this.machine.run(command, { ...AS, within: START_WITHIN, ...(input !== undefined && { input }) });
  }
}
