import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Nanos, Random, UnsyncedWrites } from '../contract/index.ts';
import { command } from './commands.ts';
import { hostFiles } from './host-files.ts';
import { type Preload, preloading } from './preload.ts';
import { SharedPage } from './shared-page.ts';

/** Fields of the page, as in `native/disk.c`. */
const DEVICE = 0;
const DELAY = 1;
const FAILING = 2;
const SYNCS = 3;
const SLOWED = 4;
const FAILED = 5;
const UNFOLLOWED = 6;
const FIELDS = 7;

/** What a page cache writes at a time. */
const PAGE = 4096;

/** What became of pages that were not synced. */
export type Fates = {
  readonly kept: number;
  readonly lost: number;
  readonly torn: number;
};

/**
 * What is on stable storage of one host: its files as they were when its servers last synced each of them. They do that by the C library, into which a library of ours is
 * preloaded (`native/disk.c`).
 *
 * A loss of power keeps, loses or tears every page of 4096 bytes that was written since, independently, as page caches write them back in any order. Names (creations, removals, renamings) are durable at once:
 * what is left is always what a real disk could have left, but not all that it could. What was written when syncs cannot be followed (`O_DSYNC`, `msync`) is not lost.
 */
export class StableStorage {
  readonly preload: Preload;
  private readonly page: SharedPage;
  private readonly folder: string;
  private readonly stable: string;

  /**
   * `folder`: with the files of the host, a file system of its own. `shared`: one in memory, in which nothing else has this name.
   */
  constructor(name: string, folder: string, shared: string, library: string) {
    this.folder = folder;
    this.stable = join(shared, `stable-${name}`);
    mkdirSync(this.stable);
    chmodSync(this.stable, 0o777);
    const path = join(shared, `disk-${name}`);
    this.page = new SharedPage(path, FIELDS);
    this.page.set(DEVICE, BigInt(statSync(folder).dev));
    const environment = { SIXWAYS_DISK: path, SIXWAYS_STABLE: this.stable, SIXWAYS_FOLDER: folder };
    this.preload = { library, environment };
  }

  /** Files that servers have synced so far, again and again. */
  get syncs(): number {
    return Number(this.page.get(SYNCS));
  }

  /** How many of them were slow. */
  get slowed(): number {
    return Number(this.page.get(SLOWED));
  }

  /** How many failed. */
  get failed(): number {
    return Number(this.page.get(FAILED));
  }

  /** Something was made durable in a way that cannot be followed. */
  get blind(): boolean {
    return this.page.get(UNFOLLOWED) > 0n;
  }

  /** Each sync takes so much longer than before. */
  delay(time: Nanos): void {
    this.page.set(DELAY, this.page.get(DELAY) + BigInt(Math.round(time)));
  }

  /** Syncs fail while it is on. Counts: two faults must both heal. */
  failing(on: boolean): void {
    this.page.set(FAILING, this.page.get(FAILING) + (on ? 1n : -1n));
  }

  /** What is there now is on stable storage: nobody who set this host up has a doubt about that. */
  settle(): void {
    command(['env', ...Object.entries(preloading([this.preload])).map((pair) => pair.join('=')), 'sync']);
  }

  /** The power is gone, and with it, by fate, what was not synced. No process of the host may run. */
  powerLost(mode: UnsyncedWrites, random: Random): Fates {
    const fates = { kept: 0, lost: 0, torn: 0 };
    if (this.blind) return fates;
    for (const { path, copy } of this.files()) {
      const cached = readFileSync(path);
      const synced = existsSync(copy) ? readFileSync(copy) : Buffer.alloc(0);
      const left = afterPowerLoss(cached, synced, mode, random, fates);
      if (!left.equals(cached)) writeFileSync(path, left);
      writeFileSync(copy, left);
      chmodSync(copy, 0o666);
    }
    return fates;
  }

  close(): void {
    this.page.close();
  }

  private files(): { readonly path: string; readonly copy: string }[] {
    return hostFiles(this.folder)
      .map((name) => join(this.folder, name))
      .map((path) => ({ path, copy: join(this.stable, String(statSync(path).ino)) }));
  }
}

/** What is left of a file. `fates` counts. */
export function afterPowerLoss(
  cached: Buffer,
  synced: Buffer,
  mode: UnsyncedWrites,
  random: Random,
  fates: { -readonly [name in keyof Fates]: number },
): Buffer {
  const left = Buffer.alloc(Math.max(cached.length, synced.length));
  synced.copy(left);
  /** Where the last byte stands that is known to be there. */
  let end = synced.length;
  if (cached.length < synced.length && fateOf(mode, random) === 'keep') {
    end = cached.length;
    left.fill(0, end);
  }
  for (let from = 0; from < cached.length; from += PAGE) {
    const to = Math.min(from + PAGE, cached.length);
    const first = firstDifference(cached, synced, from, to);
    if (first < 0) continue;
    const fate = fateOf(mode, random);
    if (fate === 'lose') {
      fates.lost++;
      continue;
    }
    const tears = fate === 'tear' && to - first > 1;
    const until = tears ? first + random.integer(1, to - first - 1) : to;
    cached.copy(left, first, first, until);
    end = Math.max(end, until);
    if (tears) fates.torn++;
    else fates.kept++;
  }
  // The length may have got there though the bytes did not.
  if (mode !== 'lose' && end < cached.length && random.chance(0.5)) end = cached.length;
  return left.subarray(0, end);
}

function fateOf(mode: UnsyncedWrites, random: Random): 'keep' | 'lose' | 'tear' {
  return mode === 'draw' ? random.pick(['keep', 'lose', 'tear'] as const) : mode;
}

/** Of bytes that one has and the other has not, or has otherwise; -1 if there is none. */
function firstDifference(cached: Buffer, synced: Buffer, from: number, to: number): number {
  if (to <= synced.length && cached.compare(synced, from, to, from, to) === 0) return -1;
  for (let at = from; at < to; at++) if (cached[at] !== synced[at]) return at;
  return -1;
}
