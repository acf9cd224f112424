import {
  type Disk,
  DiskFull,
  type Copy as HostCopy,
  HostError,
  type Json,
  Undecodable,
} from '../../harness/contract/index.ts';
import { byKey } from '../shared/by-key.ts';
import type { Change } from '../shared/command.ts';
import { scanRecords } from '../shared/record.ts';
import { loadSealed, seal } from '../shared/sealed.ts';
import type { Key } from '../shared/value-table.ts';
import { DamagedStorage, WriteAheadLog } from '../shared/write-ahead-log.ts';

/** All values after so many records. */
export type State = { readonly sequence: number; readonly entries: readonly Change[] };

/** What one commitment changed. */
export type Changes = readonly Change[];

export const NOTHING: State = { sequence: 0, entries: [] };

const SNAPSHOT = 'snapshot';
const LOG = 'log';

/** The snapshot alone. @throws DamagedStorage, Undecodable, DiskFailure */
export async function readSnapshot(disk: Disk): Promise<State> {
  return (loadSealed(await disk.read(SNAPSHOT), SNAPSHOT) as State | undefined) ?? NOTHING;
}

/** Snapshot and log, as the disk holds them; changes nothing. @throws DamagedStorage, Undecodable, DiskFailure */
export async function readState(disk: Disk): Promise<State> {
  const snapshot = await readSnapshot(disk);
  const { records, damage } = scanRecords(await disk.read(LOG));
  if (damage?.kind === 'corrupt') throw new DamagedStorage(LOG, damage.at, damage.what);
  const values = new Map(snapshot.entries);
  let { sequence } = snapshot;
  for (const record of records) {
    if (record.payload === undefined || record.sequence <= sequence) continue;
    if (record.sequence !== sequence + 1) throw new DamagedStorage(LOG, 0, 'records are missing');
    for (const [key, value] of record.payload as Changes) values.set(key, value);
    sequence = record.sequence;
  }
  return { sequence, entries: [...values] };
}

/** As `readState`; undefined for what is damaged. @throws DiskFailure */
export async function readIntact(disk: Disk): Promise<State | undefined> {
  try {
    return await readState(disk);
  } catch (error) {
    if (error instanceof DamagedStorage || error instanceof Undecodable) return undefined;
    throw error;
  }
}

/** A state in memory and on one disk: a snapshot, and a log of the changes since, both synced before anything here resolves. */
export class Copy {
  private readonly disk: Disk;
  private readonly snapshotBytes: number;
  private log!: WriteAheadLog;
  private values = new Map<Key, Json>();
  sequence = 0;

  constructor(disk: Disk, snapshotBytes: number) {
    this.disk = disk;
    this.snapshotBytes = snapshotBytes;
  }

  /** As hosts show it. */
  look(): readonly HostCopy[] {
    return [{ of: 'the data', at: this.sequence, state: byKey(this.values) }];
  }

  get state(): State {
    return { sequence: this.sequence, entries: [...this.values] };
  }

  /** Becomes this state. After a crash in between, the old snapshot and its log, or the new one with records that it holds already. */
  async replace(state: State): Promise<void> {
    await this.disk.replace(SNAPSHOT, seal(state), { sync: true });
    await this.disk.replace(LOG, new Uint8Array(0));
    const { log } = await WriteAheadLog.open(this.disk, LOG, state.sequence);
    this.log = log;
    this.values = new Map(state.entries);
    this.sequence = state.sequence;
  }

  async append(changes: Changes): Promise<void> {
    await this.log.append(changes);
    this.sequence = this.log.sequence;
    for (const [key, value] of changes) this.values.set(key, value);
    await this.tidy();
  }

  /** A disk without room for a second snapshot keeps the log, and the next record tries again: what is appended is appended. */
  private async tidy(): Promise<void> {
    if (this.log.bytes < this.snapshotBytes) return;
    try {
      await this.replace(this.state);
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
    }
  }

  /**
   * Reads back what the disk should hold, and writes it anew from memory if it does not: files may be gone while the process that keeps them runs and notices
   * nothing. @returns true if something was missing or damaged.
   */
  async verify(): Promise<boolean> {
    const found = await readIntact(this.disk);
    if (found?.sequence === this.sequence) return false;
    await this.replace(this.state);
    return true;
  }
}

/** Runs a program whose disk may fail: then it ends. A full disk is waited out by nobody here; the process starts anew. */
export async function orExit(exit: (reason: string) => void, program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    exit(`${error.code}: ${error.message}`);
  }
}
