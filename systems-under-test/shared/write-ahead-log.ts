import { type Disk, DiskFull, HostError, type Json } from '../../harness/contract/index.ts';
import { encodeRecord, scanRecords } from './record.ts';

/** Stable storage does not hold what was put there. Nothing may be cut off and forgotten: the data is known to be damaged. */
export class DamagedStorage extends HostError {
  constructor(file: string, at: number, what: string) {
    super('damaged-storage', `${file} is damaged at offset ${at}: ${what}`, true);
  }
}

/**
 * A log of checksummed records in one file, each on stable storage before `append` resolves.
 *
 * How a record that was never finished is told from one that was damaged later: the next record is written only after the sync of the
 * one before has returned, so an intact record *after* a damaged one proves that the damaged one had been whole. For the last
 * record `mark` leaves the proof: an empty record written (not synced) behind it, which the next one overwrites. Only
 * when the power fails before the mark reached the disk, and the last record is damaged besides, does it look like a torn one.
 * The question is put by Alagappan et al., "Protocol-Aware Recovery for Consensus-Based Storage", FAST 2018, section 3.3.
 */
export class WriteAheadLog {
  private readonly disk: Disk;
  readonly file: string;
  /** Sequence number of the last record; numbers go on after a cut. */
  sequence: number;
  /** Where the next record goes. */
  private end: number;
  /** True if the last record is known to be on stable storage. */
  private synced = true;

  private constructor(disk: Disk, file: string, sequence: number, end: number) {
    this.disk = disk;
    this.file = file;
    this.sequence = sequence;
    this.end = end;
  }

  /**
   * Reads the log and cuts a torn tail off. What is found is synced before it is returned: after the death of a process it may still have
   * been in the page cache only, and nobody must see what the next power failure takes away.
   * `after`: records up to this sequence number are in a checkpoint and left out.
   * @throws DamagedStorage if a record that once was whole is damaged or missing; DiskFailure.
   */
  static async open(
    disk: Disk,
    file: string,
    after: number,
    verify = true,
  ): Promise<{ readonly log: WriteAheadLog; readonly payloads: readonly Json[] }> {
    const bytes = await disk.read(file);
    const { records, damage } = scanRecords(bytes, verify);
    if (damage?.kind === 'corrupt') throw new DamagedStorage(file, damage.at, damage.what);

    const entries = records.filter((record) => record.payload !== undefined);
    const first = entries[0];
    if (first !== undefined && first.sequence > after + 1) {
      throw new DamagedStorage(file, 0, `expected sequence number ${after + 1}, got ${first.sequence}`);
    }
    const last = entries.at(-1);
    const end = last?.to ?? 0;
    if (end < bytes.length) await disk.truncate(file, end);
    if (bytes.length > 0) await disk.sync(file);
    const log = new WriteAheadLog(disk, file, Math.max(after, last?.sequence ?? 0), end);
    const fresh = entries.filter((entry) => entry.sequence > after);
    return { log, payloads: fresh.map((entry) => entry.payload as Json) };
  }

  get bytes(): number {
    return this.end;
  }

  /**
   * Appends one record and syncs it. Not to be called again before it has resolved.
   * @throws DiskFull: nothing was written and the log is as before. DiskFailure: nobody knows what is on the disk.
   */
  async append(payload: Json, sync = true): Promise<void> {
    const bytes = encodeRecord(this.sequence + 1, payload);
    await this.disk.write(this.file, this.end, bytes, { sync });
    this.sequence += 1;
    this.end += bytes.length;
    this.synced = sync;
  }

  /** Leaves the proof that the last record is on stable storage. To be called when nothing waits to be appended. */
  async mark(): Promise<void> {
    if (this.end === 0 || !this.synced) return;
    try {
      await this.disk.write(this.file, this.end, encodeRecord(this.sequence));
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
    }
  }

  /** Removes all records, which a checkpoint now holds. */
  async cut(): Promise<void> {
    await this.disk.truncate(this.file, 0);
    await this.disk.sync(this.file);
    this.end = 0;
  }
}
