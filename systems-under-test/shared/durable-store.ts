import { DiskFull, type Host, HostError } from '../../harness/contract/index.ts';
import { Batch, type Change, type Command, type Outcome } from './command.ts';
import { DamagedMemory } from './region-table.ts';
import { loadSealed, seal } from './sealed.ts';
import type { ValueTable } from './value-table.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

export interface DurableStoreOptions {
  /** Bytes of log after which a checkpoint is taken. */
  readonly checkpointBytes: number;
  /** Faults on purpose, for those who plant them. */
  readonly skipSync?: boolean;
  readonly keepGoingWhenFull?: boolean;
  readonly checkpointInPlace?: boolean;
}

const LOG = 'log';
const CHECKPOINT = 'checkpoint';

/** `time`: by the wall clock, in microseconds; for people who look at the log. Nothing depends on it. */
type LogEntry = { readonly time: number; readonly changes: readonly Change[] };

interface Waiting {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * A table of values whose changes are on stable storage before anybody hears of them: a write-ahead log with group commit, and
 * checkpoints that let it be cut (Gray and Reuter, "Transaction Processing", chapters 9 and 10).
 *
 * *Group commit.* Commands that arrive during a sync wait and go to the disk together, as one record. They are carried out on a
 * batch beside the table; the table changes, and replies leave, when the record is synced. So nobody reads what a power failure may still take.
 *
 * *Fail-stop.* When stable storage turns out to be damaged, or a write fails for any reason but lack of room, the store
 * stops: what it does not know it does not say (Schlichting and Schneider, "Fail-Stop Processors", 1983; and after a failed sync nobody knows what
 * reached the disk: Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
export class DurableStore {
  private readonly host: Host;
  private readonly table: ValueTable;
  private readonly options: DurableStoreOptions;
  private log: WriteAheadLog | undefined;
  private waiting: Waiting[] = [];
  private committing = false;
  /** Why nothing is served: not open yet, or stopped for good. */
  private stopped: string | undefined = 'starting';
  /** A value in memory is damaged: the table has to be made anew from the disk. */
  private damaged = false;
  /** Only by a fault on purpose: the log is given up. */
  private memoryOnly = false;

  constructor(host: Host, table: ValueTable, options: DurableStoreOptions) {
    this.host = host;
    this.table = table;
    this.options = options;
  }

  /** Reads checkpoint and log into the table. Never throws for a damaged disk: the store then answers every command with the reason. */
  async open(): Promise<void> {
    try {
      const sequence = this.load(await this.host.disk.read(CHECKPOINT));
      const { log, payloads } = await WriteAheadLog.open(this.host.disk, LOG, sequence);
      for (const { changes } of payloads as readonly LogEntry[]) {
        for (const [key, value] of changes) this.table.set(key, value);
      }
      this.log = log;
      this.stopped = undefined;
      this.host.note('recovered', { sequence: log.sequence, records: payloads.length });
    } catch (error) {
      this.stop(error);
    }
  }

  /** Carries out a command. Reads are answered at once, from what is durable. */
  execute(command: Command): Promise<Outcome> {
    if (this.stopped !== undefined) return Promise.resolve({ type: 'fail', error: this.stopped });
    if (command.f === 'read') return Promise.resolve(this.attempt(new Batch(this.table), command));
    return new Promise((resolve) => {
      this.waiting.push({ command, resolve });
      if (!this.committing) void this.commitAll();
    });
  }

  private attempt(batch: Batch, command: Command): Outcome {
    try {
      return batch.execute(command);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error instanceof DamagedMemory) {
        this.damaged = true;
        if (!this.committing) void this.commitAll();
      }
      return { type: 'fail', error: error.code };
    }
  }

  private async commitAll(): Promise<void> {
    this.committing = true;
    while (this.waiting.length > 0 || this.damaged) {
      if (this.damaged) await this.rebuild();
      const group = this.waiting;
      this.waiting = [];
      await this.commit(group);
    }
    this.committing = false;
  }

  /** Everything in the table is on the disk, too. */
  private async rebuild(): Promise<void> {
    this.damaged = false;
    if (this.stopped !== undefined) return;
    this.stopped = 'rebuilding';
    this.table.clear();
    await this.open();
  }

  private async commit(group: readonly Waiting[]): Promise<void> {
    if (this.stopped !== undefined) {
      for (const { resolve } of group) resolve({ type: 'fail', error: this.stopped });
      return;
    }
    const log = this.log!;
    const batch = new Batch(this.table);
    const outcomes = group.map(({ command }) => this.attempt(batch, command));
    try {
      if (batch.changes.length > 0) {
        if (this.memoryOnly) throw new DiskFull(LOG, 0);
        const entry: LogEntry = { time: this.host.clock.wall(), changes: batch.changes };
        await log.append(entry, this.options.skipSync !== true);
      }
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error instanceof DiskFull) {
        this.memoryOnly = this.options.keepGoingWhenFull === true;
        if (this.memoryOnly) batch.publish();
        else outcomes.fill({ type: 'fail', error: error.code });
      } else {
        // The record may be on the disk or not: only the next start will tell.
        outcomes.fill({ type: 'info', error: error.code });
        this.stop(error);
      }
      group.forEach(({ resolve }, nth) => {
        resolve(outcomes[nth]!);
      });
      return;
    }
    batch.publish();
    group.forEach(({ resolve }, nth) => {
      resolve(outcomes[nth]!);
    });
    await this.tidy(log);
  }

  /** Between two groups: a checkpoint if the log has grown long, or the mark that the last record is whole. */
  private async tidy(log: WriteAheadLog): Promise<void> {
    try {
      if (log.bytes >= this.options.checkpointBytes) await this.checkpoint(log);
      else if (this.waiting.length === 0) await log.mark();
    } catch (error) {
      // A full disk has no room for a second checkpoint: the log stays, and the next group tries again.
      if (error instanceof DiskFull) return;
      if (error instanceof DamagedMemory) this.damaged = true;
      else this.stop(error);
    }
  }

  /** After a crash at any point, the old checkpoint with the whole log, the new one with it, or the new one with an empty log. */
  private async checkpoint(log: WriteAheadLog): Promise<void> {
    const bytes = seal({ sequence: log.sequence, entries: this.table.entries() });
    if (this.options.checkpointInPlace === true) await this.host.disk.write(CHECKPOINT, 0, bytes);
    else await this.host.disk.replace(CHECKPOINT, bytes, { sync: true });
    await log.cut();
    this.host.note('checkpoint', { sequence: log.sequence, bytes: bytes.length });
  }

  /** @returns The sequence number up to which the checkpoint holds the log's records. @throws DamagedStorage */
  private load(bytes: Uint8Array): number {
    const content = loadSealed(bytes, CHECKPOINT);
    if (content === undefined) return 0;
    const { sequence, entries } = content as { sequence: number; entries: readonly Change[] };
    for (const [key, value] of entries) this.table.set(key, value);
    return sequence;
  }

  private stop(error: unknown): void {
    if (!(error instanceof HostError)) throw error;
    this.stopped = error.code;
    this.host.note('stopped', { error: error.code, message: error.message });
  }
}
