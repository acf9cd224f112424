import type { Random } from '../contract/random.ts';
import { DiskDamage } from './disk-damage.ts';
import type { DiskFile } from './disk-file.ts';

/** The least that a disk reads or fails to read. */
const SECTOR = 512;
/** Bits that flip together lie in one aligned word of this many bytes. */
const WORD = 8;

type Files = ReadonlyMap<string, DiskFile>;

/** As `DiskState.flip`. @throws RangeError */
export function flipBits(files: Files, bits: number, random: Random, part: string): DiskDamage | undefined {
  if (!Number.isSafeInteger(bits) || bits < 1) {
    throw new RangeError(`expected 1 bit or more to flip, got ${bits}`);
  }
  const place = placeIn(files, random, part, 1);
  if (place === undefined) return undefined;
  const { name, file, unit } = place;
  const from = unit - (unit % WORD);
  const masks = new Uint8Array(Math.min(WORD, file.stableSize - from));
  const candidates = random.shuffle(Array.from({ length: masks.length * 8 }, (_, bit) => bit));
  for (const bit of candidates.slice(0, bits)) masks[bit >> 3]! |= 1 << (bit & 7);
  for (const [nth, mask] of masks.entries()) if (mask !== 0) file.flip(from + nth, mask);
  const first = masks.findIndex((mask) => mask !== 0);
  const last = masks.findLastIndex((mask) => mask !== 0);
  const bad = masks.subarray(first, last + 1).map((mask) => (mask === 0 ? 0 : 1));
  const damage = new DiskDamage('flip', name, from + first, bad);
  file.addDamage(damage);
  return damage;
}

/** As `DiskState.badSector`. */
export function spoilSector(files: Files, random: Random, part: string): DiskDamage | undefined {
  const place = placeIn(files, random, part, SECTOR);
  if (place === undefined) return undefined;
  const { name, file, unit } = place;
  const from = unit * SECTOR;
  const length = Math.min(SECTOR, file.stableSize - from);
  const damage = new DiskDamage('unreadable', name, from, new Uint8Array(length).fill(1));
  file.addDamage(damage);
  return damage;
}

/** A place of stable content in units of this many bytes, all of which are equally likely, whatever the order in which files came to be. */
function placeIn(files: Files, random: Random, part: string, unitBytes: number) {
  const names = [...files]
    .flatMap(([name, file]) => (file.stableSize > 0 && name.includes(part) ? name : []))
    .sort();
  const units = names.map((name) => Math.ceil(files.get(name)!.stableSize / unitBytes));
  const total = units.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let unit = random.integer(0, total - 1);
  let nth = 0;
  for (; unit >= units[nth]!; nth++) unit -= units[nth]!;
  const name = names[nth]!;
  return { name, file: files.get(name)!, unit };
}
