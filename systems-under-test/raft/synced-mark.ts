import type { Disk } from '../../harness/contract/index.ts';
import { readAroundDamage } from '../shared/read-around-damage.ts';
import { encodeRecord, scanRecords } from '../shared/record.ts';

const FILE = 'synced';
/** Slots lie in different sectors, so that one bad sector does not take both. */
const SLOT_APART = 4096;

export interface FoundMark {
  /** The highest index that was ever marked; 0 if none was. */
  readonly through: number;
  /** True if a slot does not hold what was written there: the mark may have been higher. */
  readonly damaged: boolean;
}

/**
 * How much of the log is known to be on stable storage, kept apart from the log itself. Without it, a flipped bit in the last synced
 * record looks just like a write that a power failure tore, and cutting it off would forget an acknowledged entry. (The
 * persist record of Alagappan et al., "Protocol-Aware Recovery for Consensus-Based Storage", FAST 2018, section 3.3.)
 *
 * The mark is written after the log was synced and is itself synced before anybody is told, and the log is not written meanwhile. So
 * one crash can tear the mark or the end of the log, never both; if both are damaged, something synced was.
 * Two slots are written in turn: a torn mark leaves the one before.
 */
export class SyncedMark {
  private readonly disk: Disk;
  private version = 0;
  through = 0;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  async load(): Promise<FoundMark> {
    const bytes = await readAroundDamage(this.disk, FILE);
    let damaged = bytes.length === 0;
    for (let at = 0; at < bytes.length; at += SLOT_APART) {
      const slot = scanRecords(bytes.subarray(at, at + SLOT_APART)).records[0];
      if (slot === undefined) damaged = true;
      else if (slot.sequence > this.version) {
        this.version = slot.sequence;
        this.through = slot.payload as number;
      }
    }
    return { through: this.through, damaged };
  }

  /** Writes both slots anew. @throws DiskFull, DiskFailure */
  async reset(through: number): Promise<void> {
    const bytes = new Uint8Array(2 * SLOT_APART);
    bytes.set(encodeRecord(++this.version, through), (this.version % 2) * SLOT_APART);
    bytes.set(encodeRecord(++this.version, through), (this.version % 2) * SLOT_APART);
    this.through = through;
    await Promise.all([this.disk.replace(FILE, bytes), this.disk.sync(FILE)]);
  }

  /** Moves the mark, up or down; resolves when it is on stable storage. Takes no new room. @throws DiskFailure */
  async move(through: number): Promise<void> {
    const slot = encodeRecord(++this.version, through);
    this.through = through;
    await Promise.all([this.disk.write(FILE, (this.version % 2) * SLOT_APART, slot), this.disk.sync(FILE)]);
  }
}
