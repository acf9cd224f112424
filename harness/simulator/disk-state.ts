import { DiskFailure, DiskFull, SyncFailure } from '../contract/errors.ts';
import type { UnsyncedWrites } from '../contract/levers.ts';
import type { Random } from '../contract/random.ts';
import type { Nanos } from '../contract/time.ts';
import type { DiskDamage } from './disk-damage.ts';
import { DiskFile, type Fates } from './disk-file.ts';
import { Renamings } from './disk-renamings.ts';
import { flipBits, spoilSector } from './disk-spoiling.ts';

/** What the disk's faults have done since it exists. */
export interface DiskCounters extends Fates {
  /** Operations refused for lack of room. */
  full: number;
  /** Operations that met a destroyed disk. */
  destroyed: number;
  /** Reads refused because of an unreadable sector. */
  unreadable: number;
  /** Reads that returned flipped bits. */
  flipped: number;
  /** Syncs that failed. */
  unsyncable: number;
}

/**
 * A machine's disk and page cache. It outlives processes (whose death loses nothing) and, less some of what was not synced, the machine's
 * power. Same operations and errors as `Disk` of the contract, without the latency.
 *
 * What may break: at power loss each unsynced write is kept, lost or torn, independently of earlier and later ones, as file systems do
 * not order data; a write that was kept after one that was lost leaves zeros (or old bytes) between. Stable bits flip, sectors become
 * unreadable; room runs out; the disk is destroyed. What must survive: everything synced, and nothing of a write refused.
 *
 * Not modelled: pages in memory that hide damage to the disk beneath until they are dropped (damage shows at the next read), and writing back without `sync`.
 *
 * Cost: each operation O(bytes it moves) on average, sync O(bytes unsynced).
 */
export class DiskState {
  readonly counters: DiskCounters = {
    kept: 0,
    lost: 0,
    torn: 0,
    full: 0,
    destroyed: 0,
    unreadable: 0,
    flipped: 0,
    unsyncable: 0,
  };
  private readonly capacity: number;
  private readonly files = new Map<string, DiskFile>();
  private readonly renamings = new Renamings(this.files);
  /** When what is done now happens, if a process blocks until then; 0 for at once. */
  private at: Nanos = 0;
  /** Something was done that has not happened yet, to these files. */
  private unsettled = false;
  private readonly waitedFor = new Set<DiskFile>();
  /** Syncs that a process blocks on, to be done when it is there. */
  private deferred: { readonly file: DiskFile; readonly name: string; readonly at: Nanos }[] = [];
  private usedBytes = 0;
  /** How many faults keep it full, and what they left. */
  private fills = 0;
  private fillLimit = 0;
  private isDestroyed = false;
  /** How many faults make syncs fail. */
  private syncFaults = 0;

  /** @param capacity Bytes. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Bytes in files, as the page cache shows them. */
  get used(): number {
    return this.usedBytes;
  }

  get destroyed(): boolean {
    return this.isDestroyed;
  }

  /** Operations that a loss of power could lose now. */
  get unsynced(): number {
    let sum = 0;
    for (const file of this.files.values()) sum += file.unsynced;
    return sum + this.renamings.unsynced;
  }

  /** @returns The offset at which the bytes stand. @throws DiskFull, DiskFailure */
  append(name: string, bytes: Uint8Array): number {
    this.check(name);
    const file = this.files.get(name);
    const offset = file?.size ?? 0;
    this.put(name, file, offset, bytes);
    return offset;
  }

  /** @throws DiskFull, DiskFailure, RangeError */
  write(name: string, offset: number, bytes: Uint8Array): void {
    this.check(name);
    position(name, 'an offset', offset);
    this.put(name, this.files.get(name), offset, bytes);
  }

  private put(name: string, known: DiskFile | undefined, offset: number, bytes: Uint8Array): void {
    const size = known?.size ?? 0;
    const growth = bytes.length === 0 ? 0 : Math.max(0, offset + bytes.length - size);
    this.makeRoom(name, growth, bytes.length);
    const file = known ?? this.create(name);
    file.write(offset, bytes, this.when(file));
    this.usedBytes += growth;
  }

  /** Renames a synced temporary over the file. Needs room for both contents. @throws DiskFull, DiskFailure */
  replace(name: string, bytes: Uint8Array): void {
    this.check(name);
    this.mustSync(name);
    this.makeRoom(name, bytes.length, bytes.length);
    this.usedBytes += bytes.length - (this.files.get(name)?.size ?? 0);
    this.renamings.rename(new DiskFile(bytes), undefined, name, this.at);
  }

  /** @returns A copy, shorter than asked at the end of the file. @throws DiskFailure, RangeError */
  read(name: string, offset = 0, length = Number.POSITIVE_INFINITY): Uint8Array {
    this.check(name);
    position(name, 'an offset', offset);
    if (length !== Number.POSITIVE_INFINITY) position(name, 'a length', length);
    const file = this.files.get(name);
    if (file === undefined) return new Uint8Array(0);
    let flipped = false;
    for (const { damage, at } of file.damagesWithin(offset, offset + length)) {
      damage.meet();
      if (damage.kind === 'unreadable') {
        this.counters.unreadable++;
        throw new DiskFailure(name, `unreadable sector at byte ${at}`);
      }
      flipped = true;
    }
    if (flipped) this.counters.flipped++;
    return file.slice(offset, offset + length);
  }

  /** @throws DiskFailure */
  size(name: string): number {
    this.check(name);
    return this.files.get(name)?.size ?? 0;
  }

  /** A length beyond the end changes nothing. @throws DiskFailure, RangeError */
  truncate(name: string, length: number): void {
    this.check(name);
    position(name, 'a length', length);
    const file = this.files.get(name);
    if (file === undefined) return;
    this.usedBytes -= Math.max(0, file.size - length);
    file.truncate(length, this.when(file));
  }

  /** @throws DiskFailure */
  remove(name: string): void {
    this.check(name);
    const file = this.files.get(name);
    if (file === undefined) return;
    this.usedBytes -= file.size;
    file.remove(this.when(file));
  }

  /** @throws DiskFailure */
  exists(name: string): boolean {
    this.check(name);
    return this.files.get(name)?.exists ?? false;
  }

  /** @throws DiskFailure */
  some(prefix: string): boolean {
    this.check(prefix);
    for (const [name, file] of this.files) if (file.exists && name.startsWith(prefix)) return true;
    return false;
  }

  /**
   * Gives a file another name, in place of what has it; nothing if there is no such file. A loss of power keeps or loses it, and then all renamings after
   * it; what was written to the file and not synced meets its own fate. @throws DiskFailure
   */
  rename(from: string, to: string): void {
    this.check(from);
    const file = this.files.get(from);
    if (from === to || !file?.exists) return;
    this.usedBytes -= this.files.get(to)?.size ?? 0;
    this.renamings.rename(file, from, to, this.at);
  }

  /** Names, sorted by code unit. @throws DiskFailure */
  list(): string[] {
    this.check('/');
    return this.names((file) => file.exists);
  }

  /** Makes durable what was done to this file, its creation or removal included. @throws DiskFailure */
  sync(name: string): void {
    this.check(name);
    this.mustSync(name);
    const file = this.files.get(name);
    if (this.at > 0) {
      if (file !== undefined) this.deferred.push({ file, name, at: this.at });
      return;
    }
    this.renamings.harden(name, 0);
    if (file !== undefined) this.harden(name, file, 0);
  }

  private mustSync(name: string): void {
    if (this.syncFaults === 0) return;
    this.counters.unsyncable++;
    throw new SyncFailure(name);
  }

  private harden(name: string, file: DiskFile, until: Nanos): void {
    file.sync(until);
    if (file.vanished && this.files.get(name) === file) this.files.delete(name);
  }

  /** A process blocks until then: so late happens what it does now. Undone by `unblock`. */
  blockUntil(at: Nanos): void {
    this.at = at;
    this.unsettled = true;
  }

  unblock(): void {
    this.at = 0;
  }

  /** When what is done to this file now happens. */
  private when(file: DiskFile): Nanos {
    if (this.at > 0) this.waitedFor.add(file);
    return this.at;
  }

  /** The process got to the end of its event: all that it blocked on has happened. */
  settle(): void {
    if (!this.unsettled) return;
    this.unsettled = false;
    this.happened(Number.POSITIVE_INFINITY);
    for (const file of this.waitedFor) file.settle();
    this.waitedFor.clear();
    this.renamings.settle();
  }

  /** The process died when it had got as far as this: what it was blocked on, and all after it, never happens. */
  cutOff(after: Nanos): void {
    if (!this.unsettled) return;
    this.happened(after);
    this.deferred = [];
    this.renamings.cutOff(after);
    this.usedBytes = 0;
    for (const [name, file] of this.files) {
      file.cutOff(after);
      this.usedBytes += file.size;
      if (file.vanished) this.files.delete(name);
    }
    this.settle();
  }

  private happened(until: Nanos): void {
    if (this.deferred.length === 0) return;
    const done = this.deferred.filter(({ at }) => at <= until);
    this.deferred = this.deferred.filter(({ at }) => at > until);
    for (const { file, name, at } of done) {
      this.renamings.harden(name, at);
      this.harden(name, file, at);
    }
  }

  /** The machine dies: what was not synced meets its fate; what is left is on stable storage. */
  powerLost(mode: UnsyncedWrites, random: Random): Fates {
    const fates: Fates = { kept: 0, lost: 0, torn: 0 };
    this.usedBytes = 0;
    this.renamings.powerLost(mode, random, fates);
    for (const name of this.names(() => true)) {
      const file = this.files.get(name)!;
      file.powerLost(mode, random, fates);
      this.usedBytes += file.size;
      if (file.vanished) this.files.delete(name);
    }
    this.counters.kept += fates.kept;
    this.counters.lost += fates.lost;
    this.counters.torn += fates.torn;
    return fates;
  }

  /**
   * Flips bits of one aligned 64-bit word at a drawn place of the stable content.
   * @param bits At most as many as the word has within the file are flipped.
   * @param part Only files whose name contains this.
   * @returns undefined if there is no such content. @throws RangeError
   */
  flip(bits: number, random: Random, part = ''): DiskDamage | undefined {
    return flipBits(this.files, bits, random, part);
  }

  /** Makes a drawn sector of the stable content unreadable. @returns undefined if there is no content in files whose name contains `part`. */
  badSector(random: Random, part = ''): DiskDamage | undefined {
    return spoilSector(this.files, random, part);
  }

  /** Full: no room beyond what is used now. Counts: two faults that fill it must both heal. */
  setFull(on: boolean): void {
    if (on) this.fillLimit = this.fills === 0 ? this.usedBytes : Math.min(this.fillLimit, this.usedBytes);
    this.fills = Math.max(0, this.fills + (on ? 1 : -1));
  }

  /** Removes the files whose name contains this, at once and durably. @returns how many there were. */
  deleteFiles(part: string): number {
    if (this.isDestroyed) return 0;
    const names = this.names((file, name) => file.exists && name.includes(part));
    for (const name of names) {
      this.remove(name);
      this.files.get(name)!.sync(Number.POSITIVE_INFINITY);
    }
    return names.length;
  }

  /** Syncs fail while it is on. Counts, as `setFull`. */
  setFailingSyncs(on: boolean): void {
    this.syncFaults = Math.max(0, this.syncFaults + (on ? 1 : -1));
  }

  /** All content is gone; every operation fails until `replaceDisk`. */
  destroy(): void {
    this.clear();
    this.isDestroyed = true;
  }

  /** An empty disk takes the place of this one. */
  replaceDisk(): void {
    this.clear();
    this.isDestroyed = false;
  }

  private clear(): void {
    this.files.clear();
    this.renamings.clear();
    this.deferred = [];
    this.usedBytes = 0;
    // The faults that filled the old disk have yet to heal, but do not fill this one.
    this.fillLimit = this.capacity;
  }

  private create(name: string): DiskFile {
    const file = new DiskFile();
    this.files.set(name, file);
    return file;
  }

  private names(wanted: (file: DiskFile, name: string) => boolean): string[] {
    const names: string[] = [];
    for (const [name, file] of this.files) if (wanted(file, name)) names.push(name);
    return names.sort();
  }

  private check(name: string): void {
    if (!this.isDestroyed) return;
    this.counters.destroyed++;
    throw new DiskFailure(name, 'the disk is destroyed');
  }

  private makeRoom(name: string, growth: number, bytes: number): void {
    const limit = this.fills > 0 ? Math.min(this.fillLimit, this.capacity) : this.capacity;
    if (growth === 0 || this.usedBytes + growth <= limit) return;
    this.counters.full++;
    throw new DiskFull(name, bytes);
  }
}

function position(file: string, what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`expected ${what} of 0 or more in ${file}, got ${value}`);
  }
}
