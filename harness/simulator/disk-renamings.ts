import type { UnsyncedWrites } from '../contract/levers.ts';
import type { Random } from '../contract/random.ts';
import type { Nanos } from '../contract/time.ts';
import type { DiskFile, Fates } from './disk-file.ts';

/** A renaming not yet durable. */
interface Renaming {
  readonly file: DiskFile;
  /** undefined: a temporary file that nobody sees, removed if the renaming is lost. */
  readonly from: string | undefined;
  readonly to: string;
  /** When it happens, if the process that blocks on it is not there yet; 0 if it has happened. */
  at: Nanos;
  /** What the file had unsynced at that time. */
  readonly unsynced: number;
  /** What had the new name before. */
  readonly replaced: DiskFile | undefined;
}

/** Renamings that a journal holds before it is written without being asked. */
const JOURNAL = 64;

/**
 * Renamings that a loss of power could undo, in the order of the file system's journal: with one, all that follow are lost. The names of files are those
 * of the page cache.
 */
export class Renamings {
  private readonly files: Map<string, DiskFile>;
  private list: Renaming[] = [];

  constructor(files: Map<string, DiskFile>) {
    this.files = files;
  }

  get unsynced(): number {
    return this.list.length;
  }

  rename(file: DiskFile, from: string | undefined, to: string, at: Nanos): void {
    this.list.push({ file, from, to, at, unsynced: file.unsynced, replaced: this.files.get(to) });
    if (from !== undefined) this.files.delete(from);
    this.files.set(to, file);
    if (this.list.length > JOURNAL && this.list[0]!.at === 0) this.durable(1);
  }

  /** Makes them durable up to the last one of this name that has happened by then. */
  harden(name: string, until: Nanos): void {
    if (this.list.length === 0) return;
    const last = this.list.findLastIndex(({ from, to, at }) => at <= until && (from === name || to === name));
    this.durable(last + 1);
  }

  /** So many of them, from the first. */
  private durable(count: number): void {
    for (const { file, replaced } of this.list.splice(0, count)) {
      file.named();
      replaced?.discard();
    }
  }

  /** Decides the fate of each; those that are kept are durable. */
  powerLost(mode: UnsyncedWrites, random: Random, fates: Fates): void {
    if (this.list.length === 0) return;
    const lost = this.list.findIndex(() => mode === 'lose' || (mode === 'draw' && random.chance(0.5)));
    if (lost >= 0) fates.lost += this.undo(lost);
    fates.kept += this.list.length;
    this.durable(this.list.length);
  }

  settle(): void {
    for (const renaming of this.list) renaming.at = 0;
  }

  cutOff(after: Nanos): void {
    const first = this.list.findIndex(({ at }) => at > after);
    if (first >= 0) this.undo(first);
  }

  clear(): void {
    this.list = [];
  }

  /** Gives back the old names, and what had the new ones, from this renaming on. @returns How many. */
  private undo(first: number): number {
    const undone = this.list.splice(first);
    for (const { file, from, to, unsynced, replaced } of undone.reverse()) {
      file.forgetSince(unsynced);
      this.files.delete(to);
      if (from !== undefined) this.files.set(from, file);
      if (replaced !== undefined) this.files.set(to, replaced);
    }
    return undone.length;
  }
}
