import type { UnsyncedWrites } from '../contract/levers.ts';
import type { Random } from '../contract/random.ts';
import type { Nanos } from '../contract/time.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { DiskDamage } from './disk-damage.ts';

/** Unsynced operations, by what became of them. */
export interface Fates {
  kept: number;
  lost: number;
  torn: number;
}

/** An operation that the page cache shows and stable storage does not have yet. */
type Pending = Change & {
  /** When it happens, if the process that blocks on it is not there yet; 0 if it has happened. */
  at: Nanos;
};

type Change =
  /** Bytes from `dirtyFrom` (the end of the file then, if the write left a gap) to offset + bytes.length are the cache's. */
  | {
      readonly kind: 'write';
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly dirtyFrom: number;
    }
  | { readonly kind: 'truncate'; readonly length: number }
  | { readonly kind: 'create' }
  | { readonly kind: 'remove' };

/**
 * One name on the disk, in two layers: what the page cache shows and what stable storage holds (undefined: no such file), with the
 * operations by which they differ, in order.
 *
 * Invariant: stable content with all pending operations applied is the cache's content. Damage is in the stable layer and shows
 * through wherever no pending operation covers it.
 */
export class DiskFile {
  private cache: ByteBuffer | undefined;
  private stable: ByteBuffer | undefined;
  private pending: Pending[] = [];
  private damages: DiskDamage[] = [];

  /** @param synced Content that is on stable storage. Default: no such file. */
  constructor(synced?: Uint8Array) {
    if (synced === undefined) return;
    this.stable = new ByteBuffer(synced);
    this.cache = new ByteBuffer(synced);
  }

  get exists(): boolean {
    return this.cache !== undefined;
  }

  /** Nothing is left of it in either layer. */
  get vanished(): boolean {
    return this.cache === undefined && this.stable === undefined && this.pending.length === 0;
  }

  get size(): number {
    return this.cache?.length ?? 0;
  }

  get stableSize(): number {
    return this.stable?.length ?? 0;
  }

  get unsynced(): number {
    return this.pending.length;
  }

  slice(from: number, to: number): Uint8Array {
    return this.cache?.slice(from, to) ?? new Uint8Array(0);
  }

  write(offset: number, bytes: Uint8Array, at: Nanos): void {
    if (this.cache === undefined) {
      this.cache = new ByteBuffer();
      this.pending.push({ kind: 'create', at });
    }
    if (bytes.length === 0) return;
    const dirtyFrom = Math.min(offset, this.cache.length);
    this.pending.push({ kind: 'write', offset, bytes: bytes.slice(), dirtyFrom, at });
    this.cache.write(offset, bytes);
  }

  truncate(length: number, at: Nanos): void {
    if (this.cache === undefined || length >= this.cache.length) return;
    this.pending.push({ kind: 'truncate', length, at });
    this.cache.truncate(length);
  }

  /** Its name is durable, so that it exists; what was written to it may be lost. */
  named(): void {
    const last = this.pending.findLastIndex(({ kind }) => kind === 'create');
    if (last < 0) return;
    for (const operation of this.pending.splice(0, last + 1)) this.harden(operation);
  }

  /** What was done to it after so many pending operations is lost. */
  forgetSince(operations: number): void {
    if (this.pending.length > operations) this.keep(operations);
  }

  remove(at: Nanos): void {
    if (this.cache === undefined) return;
    this.pending.push({ kind: 'remove', at });
    this.cache = undefined;
  }

  /** Its content is gone for good, and with it all damage to it. */
  discard(): void {
    this.overwritten(0, Number.POSITIVE_INFINITY);
  }

  /** Makes durable what happened until then. */
  sync(until: Nanos): void {
    const later = this.pending.findIndex(({ at }) => at > until);
    const durable = this.pending.splice(0, later < 0 ? this.pending.length : later);
    for (const operation of durable) this.harden(operation);
  }

  /** Everything has happened. */
  settle(): void {
    for (const operation of this.pending) operation.at = 0;
  }

  /** What the process that died had yet to do never happens. */
  cutOff(after: Nanos): void {
    const kept = this.pending.findIndex(({ at }) => at > after);
    if (kept >= 0) this.keep(kept);
  }

  /** Forgets all pending operations but the first ones. */
  private keep(operations: number): void {
    this.pending.length = operations;
    this.cache = this.stable && new ByteBuffer(this.stable.view());
    for (const operation of this.pending) {
      if (operation.kind === 'create') this.cache = new ByteBuffer();
      else if (operation.kind === 'remove') this.cache = undefined;
      else if (operation.kind === 'truncate') this.cache?.truncate(operation.length);
      else this.cache?.write(operation.offset, operation.bytes);
    }
  }

  /** Decides the fate of each pending operation; then the cache holds what is stable. */
  powerLost(mode: UnsyncedWrites, random: Random, fates: Fates): void {
    if (this.pending.length === 0) return;
    // A journal keeps the order of creations and removals of a name: with one, all that follow are lost. Nothing
    // orders data and lengths.
    let nameLost = false;
    for (const operation of this.pending) {
      const named = operation.kind === 'create' || operation.kind === 'remove';
      const fate = nameLost ? 'lose' : fateOf(operation, mode, random);
      if (fate === 'keep') this.harden(operation);
      else if (fate === 'tear' && operation.kind === 'write')
        this.tear(operation.offset, operation.bytes, random);
      else if (named) nameLost = true;
      if (fate === 'keep') fates.kept++;
      else if (fate === 'tear') fates.torn++;
      else fates.lost++;
    }
    this.pending = [];
    this.cache = this.stable && new ByteBuffer(this.stable.view());
  }

  private harden(operation: Pending): void {
    if (operation.kind === 'create') {
      this.stable = new ByteBuffer();
    } else if (operation.kind === 'remove') {
      this.stable = undefined;
      this.overwritten(0, Number.POSITIVE_INFINITY);
    } else if (operation.kind === 'truncate') {
      this.stable?.truncate(operation.length);
      this.overwritten(operation.length, Number.POSITIVE_INFINITY);
    } else {
      this.stable?.write(operation.offset, operation.bytes);
      this.overwritten(operation.offset, operation.offset + operation.bytes.length);
    }
  }

  /** A prefix arrives. Beyond it old bytes stay; where there were none, the file is shorter, or its length came first and zeros stand there. */
  private tear(offset: number, bytes: Uint8Array, random: Random): void {
    const arrived = random.integer(1, bytes.length - 1);
    this.stable?.write(offset, bytes.subarray(0, arrived));
    this.overwritten(offset, offset + arrived);
    if (random.chance(0.5)) this.stable?.extend(offset + bytes.length);
  }

  private overwritten(from: number, to: number): void {
    if (this.damages.length === 0) return;
    for (const damage of this.damages) damage.heal(from, to);
    this.damages = this.damages.filter((damage) => !damage.healed);
  }

  /** Flips the bits of the mask in the byte of stable content, and in the cache unless a pending operation covers it. */
  flip(at: number, mask: number): void {
    this.stable!.flip(at, mask);
    if (!this.dirty(at)) this.cache!.flip(at, mask);
  }

  addDamage(damage: DiskDamage): void {
    this.damages.push(damage);
  }

  /** Damages that a read of from..to meets, with the first place of each, in the order they came. */
  damagesWithin(from: number, to: number): { readonly damage: DiskDamage; readonly at: number }[] {
    if (this.damages.length === 0) return [];
    return this.damages
      .map((damage) => ({ damage, at: damage.firstBad(from, to, (at) => !this.dirty(at)) }))
      .filter(({ at }) => at >= 0);
  }

  private dirty(at: number): boolean {
    return this.pending.some((operation) => {
      if (operation.kind === 'write') {
        return at >= operation.dirtyFrom && at < operation.offset + operation.bytes.length;
      }
      return operation.kind !== 'truncate' || at >= operation.length;
    });
  }
}

/** Only writes of two bytes or more can tear; where all are to be torn, the others are kept. */
function fateOf(operation: Pending, mode: UnsyncedWrites, random: Random): 'keep' | 'lose' | 'tear' {
  const tearable = operation.kind === 'write' && operation.bytes.length > 1;
  if (mode === 'tear') return tearable ? 'tear' : 'keep';
  if (mode !== 'draw') return mode;
  return random.pick(tearable ? (['keep', 'lose', 'tear'] as const) : (['keep', 'lose'] as const));
}
