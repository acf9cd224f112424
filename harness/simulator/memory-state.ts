import { HostError } from '../contract/errors.ts';
import type { MemoryRegion } from '../contract/host.ts';
import type { Evidence } from '../contract/levers.ts';
import type { Random } from '../contract/random.ts';

/** Bytes that share one error-correcting code. */
const WORD = 8;
/** Flipped bits of one word that SEC-DED notices at most; more are taken for something else and go through. */
const NOTICED = 2;

/** An error that the memory noticed and could not correct: the machine stops. */
export class MachineCheck extends HostError {
  constructor(region: string, word: number) {
    super('machine-check', `uncorrectable memory error in word ${word} of region ${region}`, false);
  }
}

/** Words, by what became of the bits that flipped in them. */
export interface MemoryCounters {
  /** One bit, put right by the code. */
  corrected: number;
  /** Two bits: the machine stopped. */
  detected: number;
  /** Read as they were. */
  escaped: number;
  /** Written over before anybody read them. */
  overwritten: number;
}

/** One fault in one word. */
export interface MemoryFlip {
  readonly region: string;
  /** Index of the word: bytes 8 * word and on. */
  readonly word: number;
  /** `bit`: it was read, or stopped the machine; `masked`: corrected or overwritten; `no-effect`: nobody came by. */
  readonly outcome: Evidence['outcome'];
}

/** The flipped bits that one word holds, whichever faults they came from. */
interface Damage {
  readonly flips: { outcome: Evidence['outcome'] }[];
  /** For each byte of the word, the bits that are not as written. */
  readonly masks: Uint8Array;
  /** The code does not notice it: what matters is which bytes are read. */
  silent: boolean;
  stopped: boolean;
}

/**
 * A machine's memory during one incarnation, in words of 64 bits under the ECC setting.
 *
 * What may break: with `off`, a read returns the flipped bits. With `sec-ded` every access to a damaged word (partial writes read it first)
 * corrects one bit, or stops the machine at two; three and more pass for valid. What must survive: whole words
 * written anew, and all words that were not hit. Flips in the code's own bits are not modelled.
 *
 * Cost: O(bytes) per access, without further checks while no flip lies in the region.
 */
export class MemoryState {
  readonly counters: MemoryCounters = { corrected: 0, detected: 0, escaped: 0, overwritten: 0 };
  private readonly ecc: 'off' | 'sec-ded';
  private readonly onMachineCheck: (check: MachineCheck) => void;
  private readonly regions = new Map<string, Region>();

  /** @param onMachineCheck Stops the machine; called once for each word found, before the access throws. */
  constructor(ecc: 'off' | 'sec-ded', onMachineCheck: (check: MachineCheck) => void) {
    this.ecc = ecc;
    this.onMachineCheck = onMachineCheck;
  }

  /** Zeroed bytes. @throws RangeError if the name is taken or the size is no whole number. */
  region(name: string, bytes: number): MemoryRegion {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new RangeError(`expected a size of 0 bytes or more for region ${name}, got ${bytes}`);
    }
    if (this.regions.has(name)) throw new RangeError(`expected a new name for a region, got ${name} again`);
    const region = new Region(name, bytes, this.counters, this.onMachineCheck);
    this.regions.set(name, region);
    return region;
  }

  /** The incarnation ends, and its memory with it. */
  clear(): void {
    this.regions.clear();
  }

  /**
   * Flips bits of drawn words among those ever written, no word twice.
   * @param bits At most as many as the word has within the region are flipped.
   * @param words All in use are hit if they are fewer.
   * @throws RangeError
   */
  flip(bits: number, words: number, random: Random): MemoryFlip[] {
    if (!Number.isSafeInteger(bits) || bits < 1) {
      throw new RangeError(`expected 1 bit or more to flip, got ${bits}`);
    }
    const used = [...this.regions.values()].flatMap((region) =>
      region.wordsInUse().map((word) => ({ region, word })),
    );
    const flips: MemoryFlip[] = [];
    for (let hit = 0; hit < Math.min(words, used.length); hit++) {
      // The first so many of a shuffle, without shuffling the rest.
      const drawn = random.integer(hit, used.length - 1);
      const { region, word } = used[drawn]!;
      used[drawn] = used[hit]!;
      flips.push(region.flip(word, bits, random, this.ecc));
    }
    return flips;
  }
}

class Region implements MemoryRegion {
  readonly name: string;
  private readonly bytes: Uint8Array;
  /** For each word: 1 once it was written. */
  private readonly inUse: Uint8Array;
  private readonly damaged = new Map<number, Damage>();
  private readonly counters: MemoryCounters;
  private readonly onMachineCheck: (check: MachineCheck) => void;

  constructor(
    name: string,
    length: number,
    counters: MemoryCounters,
    onMachineCheck: (check: MachineCheck) => void,
  ) {
    this.name = name;
    this.bytes = new Uint8Array(length);
    this.inUse = new Uint8Array(Math.ceil(length / WORD));
    this.counters = counters;
    this.onMachineCheck = onMachineCheck;
  }

  get length(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    this.check(offset, length);
    if (this.damaged.size > 0) this.meet(offset, offset + length, false);
    return this.bytes.slice(offset, offset + length);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.check(offset, bytes.length);
    if (bytes.length === 0) return;
    const end = offset + bytes.length;
    if (this.damaged.size > 0) this.meet(offset, end, true);
    this.bytes.set(bytes, offset);
    this.inUse.fill(1, Math.floor(offset / WORD), Math.ceil(end / WORD));
  }

  private check(offset: number, length: number): void {
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (!whole || offset < 0 || length < 0 || offset + length > this.bytes.length) {
      throw new RangeError(
        `expected a range within the ${this.bytes.length} bytes of region ${this.name}, got ${length} bytes at ${offset}`,
      );
    }
  }

  wordsInUse(): number[] {
    const words: number[] = [];
    for (let word = 0; word < this.inUse.length; word++) if (this.inUse[word] === 1) words.push(word);
    return words;
  }

  flip(word: number, bits: number, random: Random, ecc: 'off' | 'sec-ded'): MemoryFlip {
    const start = word * WORD;
    const size = Math.min(WORD, this.bytes.length - start);
    let damage = this.damaged.get(word);
    if (damage === undefined) {
      damage = { flips: [], masks: new Uint8Array(size), silent: ecc === 'off', stopped: false };
      this.damaged.set(word, damage);
    }
    const flip = { region: this.name, word, outcome: 'no-effect' as Evidence['outcome'] };
    damage.flips.push(flip);
    const candidates = random.shuffle(Array.from({ length: size * 8 }, (_, bit) => bit));
    for (const bit of candidates.slice(0, bits)) {
      damage.masks[bit >> 3]! ^= 1 << (bit & 7);
      this.bytes[start + (bit >> 3)]! ^= 1 << (bit & 7);
    }
    const flipped = bitsIn(damage.masks);
    if (flipped > NOTICED) damage.silent = true;
    // Two faults that hit the same bits undid each other.
    if (flipped === 0) this.damaged.delete(word);
    return flip;
  }

  /** An access to from..to meets the damaged words among them, in order. @throws MachineCheck */
  private meet(from: number, to: number, writing: boolean): void {
    if (from === to) return;
    const last = Math.floor((to - 1) / WORD);
    for (let word = Math.floor(from / WORD); word <= last; word++) {
      const damage = this.damaged.get(word);
      if (damage === undefined) continue;
      const start = word * WORD;
      const first = Math.max(from - start, 0);
      const end = Math.min(to - start, damage.masks.length);
      if (writing && first === 0 && end === damage.masks.length) this.overwrite(word, damage);
      else if (!damage.silent) this.decode(word, damage);
      else if (writing) {
        damage.masks.fill(0, first, end);
        if (bitsIn(damage.masks) === 0) this.overwrite(word, damage);
      } else if (bitsIn(damage.masks.subarray(first, end)) > 0) {
        this.settle(word, damage, 'bit');
        this.counters.escaped++;
      }
    }
  }

  private overwrite(word: number, damage: Damage): void {
    this.settle(word, damage, 'masked');
    this.counters.overwritten++;
  }

  /** The code looks at a word with one or two flipped bits. */
  private decode(word: number, damage: Damage): void {
    if (bitsIn(damage.masks) === 1) {
      for (const [nth, mask] of damage.masks.entries()) this.bytes[word * WORD + nth]! ^= mask;
      this.settle(word, damage, 'masked');
      this.counters.corrected++;
      return;
    }
    const check = new MachineCheck(this.name, word);
    if (!damage.stopped) {
      damage.stopped = true;
      for (const flip of damage.flips) flip.outcome = 'bit';
      this.counters.detected++;
      this.onMachineCheck(check);
    }
    throw check;
  }

  /** The end of it as damage: from here on the word's content is simply its content. */
  private settle(word: number, damage: Damage, outcome: Evidence['outcome']): void {
    if (!damage.stopped) for (const flip of damage.flips) flip.outcome = outcome;
    this.damaged.delete(word);
  }
}

function bitsIn(masks: Uint8Array): number {
  let count = 0;
  for (const mask of masks) for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
