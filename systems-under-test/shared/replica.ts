import {
  type Copy,
  DiskFailure,
  DiskFull,
  type Host,
  type Nanos,
  SECOND,
  SyncFailure,
} from '../../harness/contract/index.ts';
import { byKey } from './by-key.ts';
import type { Change } from './command.ts';
import { comparePositions, type Position, START } from './position.ts';
import { loadSealed, seal } from './sealed.ts';
import { stopped } from './stopped.ts';
import { plainTable, type ValueTable } from './value-table.ts';
import { DamagedStorage, WriteAheadLog } from './write-ahead-log.ts';

type ReplicaHost = Pick<Host, 'clock' | 'disk' | 'always' | 'copies' | 'exit'>;

/** A whole copy, as it goes to a new backup. */
export type Snapshot = { readonly position: Position; readonly entries: readonly Change[] };

/** The state file names the log that continues it, so that an old log never continues a new state. */
type StateFile = Snapshot & { readonly generation: number };
/** `time`: by this machine's wall clock, in microseconds; for people who look at the log. Nothing depends on it. */
type LogEntry = { readonly time: number; readonly position: Position; readonly changes: readonly Change[] };

/** After its disk was full, a server had better not offer its copy for so long. */
const SHY_AFTER_FULL: Nanos = SECOND;

const STATE = 'state';
const READY = 'ready';

/**
 * A server's copy of the data, in memory and on disk: a state file, a log that continues it, and the view in which the
 * copy was whole.
 * What changes the data is carried out one after the other, in the order of the calls.
 */
export class Replica {
  readonly table: ValueTable = plainTable();
  position: Position = START;
  /** The last view at whose beginning the copy was whole; 0 if it never was. */
  ready = 0;
  private readonly host: ReplicaHost;
  private readonly checkpointBytes: number;
  private generation = 0;
  private log!: WriteAheadLog;
  /** Resolves when the last change called for is done. */
  private turn: Promise<unknown> = Promise.resolve();
  private busySince: Nanos | undefined;
  private fullAt: Nanos | undefined;

  constructor(host: ReplicaHost, checkpointBytes: number) {
    this.host = host;
    this.checkpointBytes = checkpointBytes;
  }

  /**
   * Reads what the disk holds. A damaged copy is given up as a whole: the server is then one without state, and the view service will see to
   * it that it gets one. One that cannot be synced is not damaged: the process ends, for others to look after the disk.
   * @returns What was damaged, if anything was.
   */
  async open(): Promise<string | undefined> {
    this.host.copies(() => this.look());
    try {
      await this.load();
      return undefined;
    } catch (error) {
      if (error instanceof SyncFailure) return stopped(this.host, error);
      if (!(error instanceof DamagedStorage) && !(error instanceof DiskFailure)) throw error;
      this.table.clear();
      this.position = START;
      this.ready = 0;
      // First of all the mark: who dies half-way must not find it beside what is left, and take that for the whole copy.
      for (const file of new Set([READY, ...(await this.host.disk.list())])) {
        await this.host.disk.remove(file);
        await this.host.disk.sync(file);
      }
      this.generation = 0;
      this.log = (await WriteAheadLog.open(this.host.disk, this.logFile(), 0)).log;
      return error.message;
    }
  }

  private async load(): Promise<void> {
    const ready = loadSealed(await this.host.disk.read(READY), READY) as number | undefined;
    const state = loadSealed(await this.host.disk.read(STATE), STATE) as StateFile | undefined;
    if (state !== undefined) this.take(state);
    this.generation = state?.generation ?? 0;
    const { log, payloads } = await WriteAheadLog.open(this.host.disk, this.logFile(), 0);
    this.log = log;
    for (const entry of payloads as readonly LogEntry[]) this.apply(entry.position, entry.changes);
    this.ready = ready ?? 0;
  }

  private logFile(): string {
    return `log-${this.generation}`;
  }

  private take({ position, entries }: Snapshot): void {
    this.table.clear();
    for (const [key, value] of entries) this.table.set(key, value);
    this.position = position;
  }

  private apply(position: Position, changes: readonly Change[]): void {
    for (const [key, value] of changes) this.table.set(key, value);
    this.position = position;
  }

  /** The same records in the same order make the same copy. */
  private look(): readonly Copy[] {
    const { position, table, ready } = this;
    return ready === 0 ? [] : [{ of: 'the data', at: position, state: byKey(table.entries()) }];
  }

  snapshot(): Snapshot {
    return { position: this.position, entries: this.table.entries() };
  }

  /** Carries out a task when all earlier ones are done. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.turn.then(() => {
      this.busySince = this.host.clock.monotonic();
      return task();
    });
    this.turn = done
      .catch(() => {})
      .then(() => {
        this.busySince = undefined;
      });
    return done;
  }

  /** True if the disk has been at one task for this long: then nobody should count on this copy. */
  stuckFor(time: Nanos): boolean {
    return this.busySince !== undefined && this.host.clock.monotonic() - this.busySince >= time;
  }

  /** There was no room on the disk for what came from others. */
  wasFull(): void {
    this.fullAt = this.host.clock.monotonic();
  }

  /** True if others may count on this copy: its disk is neither stuck for this time nor was it full a moment ago. */
  able(patience: Nanos): boolean {
    if (this.stuckFor(patience)) return false;
    return this.fullAt === undefined || this.host.clock.monotonic() - this.fullAt > SHY_AFTER_FULL;
  }

  /** Makes the changes durable, then visible; in turn. @throws DiskFull: nothing happened. DiskFailure. */
  async append(position: Position, changes: readonly Change[]): Promise<void> {
    const before = this.position;
    this.host.always(comparePositions(position, before) > 0, 'a log only goes forward', { position, before });
    const entry: LogEntry = { time: this.host.clock.wall(), position, changes };
    await this.log.append(entry);
    this.apply(position, changes);
  }

  /** In turn, after an append, when nothing waits: proof for the next start that the last record is whole, or a checkpoint. */
  async tidy(): Promise<void> {
    try {
      if (this.log.bytes < this.checkpointBytes) await this.log.mark();
      else await this.install(this.snapshot());
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
    }
  }

  /** Replaces the whole copy; in turn. @throws DiskFull: the old one stays. DiskFailure. */
  async install(snapshot: Snapshot): Promise<void> {
    const old = this.logFile();
    const state: StateFile = { ...snapshot, generation: this.generation + 1 };
    await this.host.disk.replace(STATE, seal(state), { sync: true });
    this.take(snapshot);
    this.generation++;
    this.log = (await WriteAheadLog.open(this.host.disk, this.logFile(), 0)).log;
    // If it comes back after a loss of power, nobody reads it: the state names another one.
    await this.host.disk.remove(old);
  }

  /** Keeps that the copy was whole at the beginning of this view. @throws DiskFull: it is not kept. DiskFailure. */
  async keepReady(view: number): Promise<void> {
    await this.host.disk.replace(READY, seal(view), { sync: true });
    this.ready = view;
  }
}
