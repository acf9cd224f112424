import { type Disk, HostError, type Json } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';
import { decodeSlot, encodeSlot } from './slot.ts';

/** What is stored under a key. `writer` names the request that wrote it. */
export type Block = {
  readonly key: Key;
  readonly value: Json;
  /** 1 for the first; one more with each write. */
  readonly version: number;
  readonly writer: string;
};

const FILE = 'blocks';

/** A disk that cannot be read at this place, or holds an older version than was acknowledged. */
export class DamagedBlock extends HostError {
  constructor(key: Key) {
    super('damaged-block', `the block of ${key} is not what was written last`, true);
  }
}

/**
 * Blocks on one disk, each in two slots side by side, written in turn: a write that is cut short destroys the older version and
 * not the newer one (shadow paging; Lorie: "Physical Integrity in a Large Segmented Database", ACM TODS 2(1), 1977). A slot has a checksum; of two sound
 * ones the higher version counts.
 *
 * Reads go to the disk. What happens to one key happens one after the other: nobody reads a version that is not yet on stable
 * storage, as it may be gone after a power failure.
 *
 * A new version whose slot is damaged later looks as if its write had been cut short. While the process lives, it knows better, and says so.
 */
export class Blocks {
  private readonly disk: Disk;
  private readonly slotBytes: number;
  private readonly acknowledgesUnsynced: boolean;
  /** The place of each key, and the version that was written last. */
  private readonly places = new Map<Key, { readonly place: number; version: number }>();
  private readonly turns = new Map<Key, Promise<unknown>>();
  private used = 0;

  private constructor(disk: Disk, slotBytes: number, acknowledgesUnsynced: boolean) {
    this.disk = disk;
    this.slotBytes = slotBytes;
    this.acknowledgesUnsynced = acknowledgesUnsynced;
  }

  /** Finds what is on the disk. It is synced before anybody sees it: the process that wrote it may have died before its own sync. */
  static async open(disk: Disk, slotBytes: number, acknowledgesUnsynced: boolean): Promise<Blocks> {
    const blocks = new Blocks(disk, slotBytes, acknowledgesUnsynced);
    const bytes = await disk.read(FILE);
    await disk.sync(FILE);
    blocks.used = Math.ceil(bytes.length / (2 * slotBytes));
    for (let place = 0; place < blocks.used; place++) {
      const block = blocks.newest(bytes.subarray(place * 2 * slotBytes, (place + 1) * 2 * slotBytes));
      if (block !== undefined) blocks.places.set(block.key, { place, version: block.version });
    }
    return blocks;
  }

  /** Undefined for a key that was never written. @throws DamagedBlock, DiskFailure */
  get(key: Key): Promise<Block | undefined> {
    return this.inTurn(key, () => this.read(key));
  }

  /**
   * Writes the version after `ifVersion` (0: there is none yet), if that is the present one. A second copy of the same request finds
   * that it is not. @returns False if it is not. @throws DiskFull: nothing happened. DamagedBlock, DiskFailure
   */
  put(block: Omit<Block, 'version'>, ifVersion: number | undefined): Promise<boolean> {
    return this.inTurn(block.key, async () => {
      const known = this.places.get(block.key);
      const present = known?.version ?? 0;
      if (ifVersion !== undefined && present !== ifVersion) return false;
      const place = known?.place ?? this.used++;
      const version = present + 1;
      const slot = encodeSlot({ ...block, version }, this.slotBytes);
      const offset = (2 * place + (version % 2)) * this.slotBytes;
      await this.disk.write(FILE, offset, slot, { sync: !this.acknowledgesUnsynced });
      this.places.set(block.key, { place, version });
      return true;
    });
  }

  private async read(key: Key): Promise<Block | undefined> {
    const known = this.places.get(key);
    if (known === undefined) return undefined;
    const bytes = await this.disk.read(FILE, 2 * known.place * this.slotBytes, 2 * this.slotBytes);
    const block = this.newest(bytes);
    if (block === undefined || block.version !== known.version) throw new DamagedBlock(key);
    return block;
  }

  private newest(pair: Uint8Array): Block | undefined {
    const slots = [pair.subarray(0, this.slotBytes), pair.subarray(this.slotBytes)];
    const [first, second] = slots.map((slot) => decodeSlot(slot) as Block | undefined);
    if (first === undefined || second === undefined) return first ?? second;
    return first.version > second.version ? first : second;
  }

  private async inTurn<T>(key: Key, act: () => Promise<T>): Promise<T> {
    const before = this.turns.get(key);
    const mine = (async () => {
      await before?.catch(() => {});
      return act();
    })();
    this.turns.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.turns.get(key) === mine) this.turns.delete(key);
    }
  }
}
