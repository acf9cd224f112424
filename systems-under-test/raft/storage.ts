import { DiskFull, type Host, HostError, type Json, MILLISECOND } from '../../harness/contract/index.ts';
import { readAroundDamage } from '../shared/read-around-damage.ts';
import { scanRecords } from '../shared/record.ts';
import { seal } from '../shared/sealed.ts';
import { type DurableState, DurableStateFile } from './durable-state.ts';
import { entryOf, type Log } from './log.ts';
import type { Entry, Snapshot } from './messages.ts';
import { readSealed } from './sealed-file.ts';
import { type FoundMark, SyncedMark } from './synced-mark.ts';

export const LOG = 'log';
export const SNAPSHOT = 'snapshot';
/** How long to wait before a full disk is tried again. */
const RETRY = 50 * MILLISECOND;
/** No cut is due. */
const NOWHERE = Number.POSITIVE_INFINITY;

/** What a disk held when the process started. */
export interface Found {
  /** Undefined if no copy of term and vote is intact (or none was ever written). */
  readonly state: DurableState | undefined;
  readonly snapshot: Snapshot | undefined;
  /** The intact entries that follow the snapshot. */
  readonly entries: readonly Entry[];
  /** What was marked as synced, to compare it with; undefined if a snapshot has contradicted it since. */
  readonly mark: FoundMark | undefined;
  /** True if something that was synced is damaged or missing: entries after the intact ones may have been acknowledged. */
  readonly lost: boolean;
  /** True if an unsynced tail, torn by a crash, was left out: nobody was told of it. */
  readonly torn: boolean;
}

export interface StorageFlaws {
  readonly logNotSynced: boolean;
  readonly voteNotPersisted: boolean;
  readonly checksumNotVerified: boolean;
}

/**
 * Brings state, log and snapshots to the disk. The server changes them in memory and says what changed; one writer takes all that has
 * gathered to the disk at once (group commit), in an order in which a crash at any point leaves something sound:
 *
 * 1. term and vote; 2. a new snapshot, then the log without what it covers; 3. a cut, before which the mark is taken back;
 * 4. new entries, synced, then the mark.
 *
 * `settled` runs a callback once everything changed before is on stable storage: nothing that depends on it may be sent earlier.
 */
export class Storage {
  private readonly host: Host;
  private readonly flaws: StorageFlaws;
  private readonly stateFile: DurableStateFile;
  private readonly mark: SyncedMark;
  private log: Log | undefined;

  private state: DurableState | undefined;
  private snapshot: Snapshot | undefined;
  /** Entries up to here are in the file, synced, as they are in memory. */
  private written = 0;
  /** What the mark says; less than `written` only while it is being moved. */
  private marked = 0;
  /** First index that the file holds. */
  private fileFirst = 1;
  /** Where the file must be cut before it is written on: entries from here on were replaced in memory. */
  private cut = NOWHERE;
  /** True while the log's file is known to be damaged, though memory holds what it should. */
  private rewriteDue = false;
  private busy = false;
  private waiting: (() => void)[] = [];
  /** True while the disk refuses writes for want of room. */
  full = false;
  /** Called when the disk begins to refuse writes. */
  onFull: () => void = () => {};
  /** Called after each round of writing. */
  onProgress: () => void = () => {};

  constructor(host: Host, flaws: StorageFlaws) {
    this.host = host;
    this.flaws = flaws;
    this.stateFile = new DurableStateFile(host.disk);
    this.mark = new SyncedMark(host);
  }

  /** True if a snapshot still waits to be written. */
  get savingSnapshot(): boolean {
    return this.snapshot !== undefined;
  }

  /** Entries up to here are on stable storage. */
  get durableIndex(): number {
    return Math.min(this.marked, this.cut - 1);
  }

  /** Reads what the disk holds; changes nothing. A disk that does not answer at all ends the process. */
  async inspect(): Promise<Found> {
    try {
      return await this.readAll();
    } catch (error) {
      if (error instanceof HostError) return this.giveUp(error);
      throw error;
    }
  }

  private async readAll(): Promise<Found> {
    const { disk } = this.host;
    const verify = !this.flaws.checksumNotVerified;
    const state = await this.stateFile.load();
    const snapshotFile = await readSealed(disk, SNAPSHOT, verify);
    const scan = scanRecords(await readAroundDamage(disk, LOG), verify);
    const mark = await this.mark.load();

    const damagedTail = scan.damage !== undefined;
    if (snapshotFile === 'damaged')
      return { state, snapshot: undefined, entries: [], mark, lost: verify, torn: false };
    const snapshot = snapshotFile === 'missing' ? undefined : (snapshotFile.content as Snapshot);
    const base = snapshot?.at ?? { index: 0, term: 0 };
    const records = scan.records.filter((record) => record.sequence > base.index);
    const atBase = scan.records.find((record) => record.sequence === base.index);
    // An installation of a snapshot that was interrupted before the old log, which it contradicts, was removed.
    const contradicted = atBase !== undefined && entryOf(atBase.payload)?.term !== base.term;
    const follows = records.length === 0 || records[0]!.sequence === base.index + 1;
    const parsed = contradicted || !follows ? [] : records.map((record) => entryOf(record.payload));
    const wrong = parsed.indexOf(undefined);
    const entries = (wrong < 0 ? parsed : parsed.slice(0, wrong)) as Entry[];

    const intact = base.index + entries.length;
    const lost = !contradicted && (intact < mark.through || (damagedTail && mark.damaged) || !follows);
    return {
      state,
      snapshot,
      entries,
      mark: contradicted ? undefined : mark,
      lost: lost && verify,
      torn: damagedTail && !lost,
    };
  }

  /**
   * Puts the disk into a state from which writing can go on: exactly the given state and log, synced. What was left in the
   * page cache by a process that died becomes stable here, before anybody is told of it. Retries while the disk is full.
   */
  async begin(state: DurableState, found: Found, log: Log): Promise<void> {
    const { disk } = this.host;
    this.compare(found, log);
    this.log = log;
    await this.untilThereIsRoom(async () => {
      await this.stateFile.save(state);
      if (found.snapshot === undefined) await disk.remove(SNAPSHOT);
      await disk.sync(SNAPSHOT);
      await this.writeLogFile(log.base.index + 1);
      await this.mark.reset(this.written, log.chainAt(this.written));
      this.marked = this.written;
    });
  }

  /** The end of it all: what was synced is what was read back, whatever lies between. */
  private compare({ state, mark, lost }: Found, log: Log): void {
    if (mark === undefined || lost) return;
    const { through, chain } = mark;
    this.host.always(through <= log.lastIndex, 'what was synced is found again', {
      through,
      found: log.lastIndex,
    });
    this.host.always(
      !log.knows(through) || log.chainAt(through) === chain,
      'the log that is read is the log that was synced',
      { through },
    );
    this.host.always(
      state === undefined || !log.knows(through) || log.termAt(through) <= state.term,
      'the term is found again in which entries were acknowledged',
      { through, term: state?.term ?? 0 },
    );
  }

  saveState(state: DurableState): void {
    this.state = state;
    this.wake();
  }

  /** The log grew. */
  appended(): void {
    this.wake();
  }

  /** Entries from this index on were removed from the log. */
  truncated(from: number): void {
    if (from < this.cut) this.cut = from;
    this.wake();
  }

  saveSnapshot(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.wake();
  }

  /** The file of the log is damaged: it is written anew from memory. */
  rewriteLog(): void {
    this.rewriteDue = true;
    this.wake();
  }

  /** Runs the callback when everything changed before is on stable storage: at once, if it is. */
  settled(callback: () => void): void {
    if (this.clean && !this.busy) callback();
    else this.waiting.push(callback);
  }

  private get clean(): boolean {
    return (
      this.state === undefined &&
      this.snapshot === undefined &&
      this.cut === NOWHERE &&
      !this.rewriteDue &&
      this.log !== undefined &&
      this.written === this.log.lastIndex &&
      this.marked === this.written
    );
  }

  private wake(): void {
    if (this.busy || this.log === undefined) return;
    this.busy = true;
    void this.write(this.log);
  }

  private async write(log: Log): Promise<void> {
    for (;;) {
      const waiting = this.waiting;
      this.waiting = [];
      await this.untilThereIsRoom(() => this.round(log));
      if (this.clean) {
        // Those who began to wait during the round wait for nothing more.
        waiting.push(...this.waiting);
        this.waiting = [];
        this.busy = false;
      }
      const again = this.busy;
      this.onProgress();
      for (const callback of waiting) callback();
      if (!again) return;
    }
  }

  /** Repeats the task while the disk is full. Any other failure of the disk ends the process: it cannot keep its promises. */
  private async untilThereIsRoom(task: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await task();
        this.full = false;
        return;
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        if (!(error instanceof DiskFull)) return this.giveUp(error);
        if (!this.full) {
          this.full = true;
          this.onFull();
        }
        this.host.sometimes(true, 'writing waits for room on the disk');
        await this.host.sleep(RETRY);
      }
    }
  }

  private giveUp(error: HostError): Promise<never> {
    this.host.exit(`${error.code}: ${error.message}`);
    // The process is over; nobody must go on as if the task had been done.
    return new Promise(() => {});
  }

  private async round(log: Log): Promise<void> {
    if (this.state !== undefined) await this.writeState(this.state);
    if (this.snapshot !== undefined) await this.writeSnapshots(log);
    // A snapshot that is installed meanwhile replaces the log: then the next round writes all of it.
    if (this.cut !== NOWHERE && this.snapshot === undefined) await this.cutFile(log);
    if (this.rewriteDue && this.cut === NOWHERE && this.snapshot === undefined) {
      this.rewriteDue = false;
      await this.writeLogFile(this.fileFirst);
    }
    if (this.written < log.lastIndex && this.snapshot === undefined) await this.appendToFile(log);
    // What is marked may be acknowledged: its term, which may have come since the round began, is to be on disk before it.
    if (this.state !== undefined) await this.writeState(this.state);
    if (this.marked !== this.written && this.cut === NOWHERE && this.snapshot === undefined) {
      await this.moveMark(log, this.written);
    }
  }

  private async writeState(state: DurableState): Promise<void> {
    if (!this.flaws.voteNotPersisted) await this.stateFile.save(state);
    if (this.state === state) this.state = undefined;
  }

  private async writeSnapshots(log: Log): Promise<void> {
    const { disk } = this.host;
    let saved: Snapshot | undefined;
    let through = 0;
    while (this.snapshot !== undefined && this.snapshot !== saved) {
      saved = this.snapshot;
      await disk.replace(SNAPSHOT, seal(saved satisfies Json), { sync: true });
      through = saved.at.index;
      // The mark goes down only where the snapshot, or a newer leader, contradicts what it counted.
      const sound = Math.max(log.base.index, Math.min(log.lastIndex, this.cut - 1));
      if (sound < this.marked) await this.moveMark(log, sound);
    }
    // It waits to be saved until the log begins after it: if there is no room for that now, memory must not forget what the file still begins with.
    await this.writeLogFile(through + 1);
    if (this.snapshot === saved) this.snapshot = undefined;
  }

  /** Writes the log from this index on as a new file, which takes the place of the old one at once. */
  private async writeLogFile(first: number): Promise<void> {
    const log = this.log!;
    const last = log.lastIndex;
    this.cut = NOWHERE;
    const bytes = this.records(log, first, last);
    await this.host.disk.replace(LOG, bytes, { sync: true });
    this.fileFirst = first;
    this.written = last;
  }

  private async cutFile(log: Log): Promise<void> {
    const cut = this.cut;
    this.cut = NOWHERE;
    if (cut > this.written) return;
    const length = this.records(log, this.fileFirst, cut - 1).length;
    this.written = cut - 1;
    if (this.marked > this.written) await this.moveMark(log, this.written);
    // If a loss of power undoes it, the old entries are there again: the mark does not count them, and what is acknowledged is synced after it.
    await this.host.disk.truncate(LOG, length);
  }

  private async appendToFile(log: Log): Promise<void> {
    const { disk } = this.host;
    const last = log.lastIndex;
    const sync = !this.flaws.logNotSynced;
    await disk.append(LOG, this.records(log, this.written + 1, last), { sync });
    if (!sync) this.marked = last;
    this.written = last;
  }

  private async moveMark(log: Log, through: number): Promise<void> {
    await this.mark.move(through, log.chainAt(through));
    this.marked = through;
  }

  private records(log: Log, first: number, last: number): Uint8Array {
    const records: Uint8Array[] = [];
    let length = 0;
    for (let index = first; index <= last; index++) {
      const record = log.record(index);
      records.push(record);
      length += record.length;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const record of records) {
      bytes.set(record, at);
      at += record.length;
    }
    return bytes;
  }
}
