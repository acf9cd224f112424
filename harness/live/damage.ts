import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Evidence, Random } from '../contract/index.ts';
import { command } from './commands.ts';
import { hostFiles } from './host-files.ts';

const WORD = 8;
const PAGE = 4096;
/** Pages that are looked at for one that is in use. */
const LOOKS = 100;
/** Of one region: a gigabyte. */
const PAGES_MOST = 262_144;

/** What was done, and what became of it by now. */
export type Damage = () => Evidence;

const NOTHING: Damage = () => ({ outcome: 'no-effect', figures: {} });

/** Flips bits of one byte after the other, from a drawn place of a drawn file on. It is masked once the place has been written again. */
export function flipFile(folder: string, bits: number, random: Random, part?: string): Damage {
  const files = hostFiles(folder, part).filter((name) => statSync(join(folder, name)).size > 0);
  const name = files[random.integer(0, Math.max(0, files.length - 1))];
  if (name === undefined) return NOTHING;
  const path = join(folder, name);
  const offset = random.integer(0, statSync(path).size - 1);
  const flipped = flip(path, offset, Math.min(WORD, statSync(path).size - offset), bits, random);
  return () => {
    const now = at(path, offset, flipped.after.length);
    const stays = now?.equals(flipped.after) === true;
    return { outcome: stays ? 'bit' : 'masked', figures: { file: name, offset, bits: flipped.bits, stays } };
  };
}

/** Removes files for good; what a server holds open stays readable to it. */
export function deleteFiles(folder: string, part?: string): Damage {
  const files = hostFiles(folder, part);
  for (const name of files) rmSync(join(folder, name), { force: true });
  const figures = { filesDeleted: files.length, first: files[0] ?? null };
  return () => ({ outcome: files.length > 0 ? 'bit' : 'no-effect', figures });
}

/** Bytes that are free in the file system of this folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Gives a folder that is a file system in memory this size; as small as what is in it, if undefined. */
export function resize(folder: string, bytes?: number): void {
  const { blocks, bfree, bsize } = statfsSync(folder);
  command(['mount', '-o', `remount,size=${bytes ?? (blocks - bfree) * bsize}`, folder]);
}

/**
 * Flips bits of a word in the memory of a running process: of a page that is there, and a word that is not zero, so that something is hit that is in use. Masked once the word has been written
 * again, as far as one can see: whether anybody read it meanwhile, nobody knows.
 */
export function flipMemory(pids: readonly number[], bits: number, random: Random): Damage {
  const candidates = pids.map((pid) => ({ pid, pages: presentPages(pid) }));
  const largest = candidates.sort((a, b) => b.pages.length - a.pages.length || a.pid - b.pid)[0];
  if (largest === undefined || largest.pages.length === 0) return NOTHING;
  const { pid, pages } = largest;
  const memory = `/proc/${pid}/mem`;
  for (let look = 0; look < LOOKS; look++) {
    const page = random.pick(pages);
    const word = wordInUse(at(memory, page.address, PAGE), random);
    if (word === undefined) continue;
    const address = page.address + word;
    const before = at(memory, address, WORD);
    const { after } = flip(memory, address, WORD, bits, random);
    return () => {
      const now = at(memory, address, WORD);
      const figures = {
        process: pid,
        address: `0x${address.toString(16)}`,
        region: page.region,
        before: before?.toString('hex') ?? null,
        after: after.toString('hex'),
        found: now?.toString('hex') ?? 'the process has ended',
      };
      return { outcome: now === undefined || now.equals(after) ? 'bit' : 'masked', figures };
    };
  }
  return NOTHING;
}

/** A drawn word of these bytes that is not zero. */
function wordInUse(bytes: Buffer | undefined, random: Random): number | undefined {
  if (bytes === undefined) return undefined;
  const used: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += WORD)
    if (bytes.readBigUInt64LE(offset) !== 0n) used.push(offset);
  return used.length === 0 ? undefined : random.pick(used);
}

interface Page {
  readonly address: number;
  readonly region: string;
}

/** Pages of a process's data that are in memory: bit 63 of their entries in the page map. */
function presentPages(pid: number): Page[] {
  return regionsOf(pid).flatMap(({ from, to, name }) => {
    const count = Math.min(PAGES_MOST, (to - from) / PAGE);
    const entries = at(`/proc/${pid}/pagemap`, (from / PAGE) * 8, count * 8);
    if (entries === undefined) return [];
    const pages: Page[] = [];
    for (let nth = 0; nth < count; nth++)
      if ((entries[nth * 8 + 7]! & 0x80) !== 0) pages.push({ address: from + nth * PAGE, region: name });
    return pages;
  });
}

interface Region {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Where a process keeps its data: heap and other private memory that is of no file. */
function regionsOf(pid: number): Region[] {
  try {
    // A kernel thread, or one of nsenter that has not become the server yet, has none.
    readlinkSync(`/proc/${pid}/exe`);
    return readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [range = '', rights, , , inode, name = 'anonymous'] = line.trim().split(/\s+/);
        const [from, to] = range.split('-').map((text) => Number.parseInt(text, 16));
        const isData = rights === 'rw-p' && inode === '0' && (name === 'anonymous' || name === '[heap]');
        return isData ? [{ from: from!, to: to!, name }] : [];
      });
  } catch {
    return [];
  }
}

function at(path: string, offset: number, length: number): Buffer | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return readSync(file, bytes, 0, length, offset) === length ? bytes : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Flips so many different bits of these bytes. */
function flip(path: string, offset: number, length: number, bits: number, random: Random) {
  const after = Buffer.from(at(path, offset, length)!);
  const all = Array.from({ length: length * 8 }, (_, bit) => bit);
  const chosen = random.shuffle(all).slice(0, bits);
  for (const bit of chosen) after[bit >> 3]! ^= 1 << (bit & 7);
  const file = openSync(path, 'r+');
  try {
    writeSync(file, after, 0, length, offset);
  } finally {
    closeSync(file);
  }
  return { after, bits: chosen.length };
}
