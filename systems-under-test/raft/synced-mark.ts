import type { Clock, Disk, Host } from '../../harness/contract/index.ts';
import { readAroundDamage } from '../shared/read-around-damage.ts';
import { encodeRecord, scanRecords } from '../shared/record.ts';

/** Written in turn: a mark that a crash tears leaves the one before. */
const FILES = ['synced-a', 'synced-b'] as const;

export interface FoundMark {
  /** The last index that was marked; 0 if none was. */
  readonly through: number;
  /** Digest of the log up to there (`log.ts`). */
  readonly chain: number;
  /** True if a file does not hold what was written there: the mark may have been higher. */
  readonly damaged: boolean;
}

/**
 * How much of the log is known to be on stable storage, kept apart from the log itself. Without it, a flipped bit in the last synced
 * record looks just like a write that a power failure tore, and cutting it off would forget an acknowledged entry. (The
 * persist record of Alagappan et al., "Protocol-Aware Recovery for Consensus-Based Storage", FAST 2018, section 3.3.)
 *
 * The mark is written after the log was synced and is itself synced before anybody is told, and the log is not written meanwhile. So
 * one crash can tear the mark or the end of the log, never both; if both are damaged, something synced was.
 */
export class SyncedMark {
  private readonly disk: Disk;
  private readonly clock: Clock;
  private version = 0;

  constructor(host: Host) {
    this.disk = host.disk;
    this.clock = host.clock;
  }

  /** @throws DiskFailure if the disk does not answer at all. */
  async load(): Promise<FoundMark> {
    let marked: readonly [through: number, chain: number] = [0, 0];
    let damaged = false;
    for (const file of FILES) {
      const record = scanRecords(await readAroundDamage(this.disk, file)).records[0];
      if (record === undefined) damaged = true;
      else if (record.sequence > this.version) {
        this.version = record.sequence;
        const [through, chain] = record.payload as readonly [number, number, number];
        marked = [through, chain];
      }
    }
    return { through: marked[0], chain: marked[1], damaged };
  }

  /** Writes both files anew. @throws DiskFull, DiskFailure */
  async reset(through: number, chain: number): Promise<void> {
    for (let left = FILES.length; left > 0; left--) {
      const file = FILES[++this.version % FILES.length]!;
      await this.disk.replace(file, this.record(through, chain), { sync: true });
    }
  }

  /** Moves the mark, up or down; resolves when it is on stable storage. Takes no new room. @throws DiskFailure */
  async move(through: number, chain: number): Promise<void> {
    const file = FILES[++this.version % FILES.length]!;
    await this.disk.write(file, 0, this.record(through, chain), { sync: true });
  }

  /** With the time of day, for people who read the disk of a dead server; nothing is decided by it. */
  private record(through: number, chain: number): Uint8Array {
    return encodeRecord(this.version, [through, chain, this.clock.wall()]);
  }
}
