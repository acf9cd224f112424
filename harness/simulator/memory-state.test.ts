import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MachineCheck, MemoryState } from './memory-state.ts';
import { createRandom } from './random.ts';

/** Words of which every byte is its own number, so that damage is seen by its place. */
const numbers = (length: number, from = 0) => Uint8Array.from({ length }, (_, nth) => from + nth);

/** A memory with one region whose first words were written, and what it told of machine checks. */
function prepared(ecc: 'off' | 'sec-ded', written = 8, length = 64) {
  const checks: string[] = [];
  const memory = new MemoryState(ecc, (check) => checks.push(check.message));
  const region = memory.region('table', length);
  region.write(0, numbers(written));
  return { memory, region, checks };
}

function flippedBits(found: Uint8Array, expected: Uint8Array): number {
  let count = 0;
  for (const [at, byte] of found.entries()) {
    for (let rest = byte ^ expected[at]!; rest !== 0; rest &= rest - 1) count++;
  }
  return count;
}

const NONE = { corrected: 0, detected: 0, escaped: 0, overwritten: 0 };

describe('MemoryState without flips', () => {
  it('is zeroed, keeps what is written, and copies on the way in and out', () => {
    const { memory, region } = prepared('sec-ded', 4, 10);
    const own = numbers(3, 100);
    region.write(7, own);
    own.fill(0);
    region.read(0, 10).fill(9);
    region.write(10, own.subarray(0, 0));
    expect([...region.read(0, 10)]).toEqual([0, 1, 2, 3, 0, 0, 0, 100, 101, 102]);
    expect([...region.read(10, 0)]).toEqual([]);
    expect([region.name, region.length]).toEqual(['table', 10]);
    expect(memory.counters).toEqual(NONE);
  });

  it('refuses ranges outside a region, sizes that are none, names used twice, and no bits', () => {
    const { memory, region } = prepared('off', 8, 10);
    for (const act of [
      () => region.read(-1, 2),
      () => region.read(8, 3),
      () => region.read(0, -1),
      () => region.read(0.5, 1),
      () => region.write(9, numbers(2)),
    ]) {
      expect(act).toThrow(RangeError);
    }
    expect(() => region.read(8, 3)).toThrow(
      'expected a range within the 10 bytes of region table, got 3 bytes at 8',
    );
    expect(() => memory.region('table', 1)).toThrow('expected a new name for a region, got table again');
    expect(() => memory.region('x', -1)).toThrow('expected a size of 0 bytes or more for region x, got -1');
    expect(() => memory.flip(0, 1, createRandom('s'))).toThrow('expected 1 bit or more to flip, got 0');
  });

  it('starts anew with each incarnation', () => {
    const { memory } = prepared('off');
    memory.clear();
    expect(memory.flip(1, 1, createRandom('s'))).toEqual([]);
    expect([...memory.region('table', 4).read(0, 4)]).toEqual([0, 0, 0, 0]);
  });
});

describe('MemoryState: where bits flip', () => {
  it('hits each word ever written, and no others', () => {
    const memory = new MemoryState('off', () => {});
    memory.region('never', 64);
    memory.region('a', 64).write(15, numbers(2));
    memory.region('b', 12).write(9, numbers(1));
    const hit = new Set<string>();
    for (let nth = 0; nth < 100; nth++) {
      const { region, word } = memory.flip(1, 1, createRandom(`draw/${nth}`))[0]!;
      hit.add(`${region}:${word}`);
    }
    expect([...hit].sort()).toEqual(['a:1', 'a:2', 'b:1']);
  });

  it('hits nothing while nothing was written', () => {
    const memory = new MemoryState('off', () => {});
    memory.region('a', 64);
    expect(memory.flip(1, 1, createRandom('s'))).toEqual([]);
  });

  it('stays within a last word that is cut short', () => {
    const { memory, region } = prepared('off', 1, 1);
    expect(memory.flip(64, 1, createRandom('s'))[0]).toMatchObject({ region: 'table', word: 0 });
    expect([...region.read(0, 1)]).toEqual([255]);
  });
});

describe('MemoryState without ECC', () => {
  it('returns the flipped bits: escaped, once the byte is read', () => {
    const { memory, region } = prepared('off', 24);
    const flip = memory.flip(3, 1, createRandom('s'))[0]!;
    expect([flip.outcome, memory.counters]).toEqual(['no-effect', NONE]);
    for (let word = 0; word < 3; word++) if (word !== flip.word) region.read(word * 8, 8);
    expect([flip.outcome, memory.counters]).toEqual(['no-effect', NONE]);
    expect(flippedBits(region.read(0, 24), numbers(24))).toBe(3);
    expect(flippedBits(region.read(0, 24), numbers(24))).toBe(3);
    expect([flip.outcome, memory.counters]).toEqual(['bit', { ...NONE, escaped: 1 }]);
  });

  it('masks what is written over before it is read, byte by byte', () => {
    const { memory, region } = prepared('off');
    const flip = memory.flip(1, 1, createRandom('s'))[0]!;
    for (let byte = 0; byte < 8; byte++) region.write(byte, numbers(1, byte));
    expect(flippedBits(region.read(0, 8), numbers(8))).toBe(0);
    expect([flip.outcome, memory.counters]).toEqual(['masked', { ...NONE, overwritten: 1 }]);
  });

  it('leaves the other bytes of a word damaged after a partial write', () => {
    const { memory, region } = prepared('off');
    const flip = memory.flip(64, 1, createRandom('s'))[0]!;
    region.write(0, numbers(7));
    expect(flip.outcome).toBe('no-effect');
    expect([...region.read(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7 ^ 255]);
    expect([flip.outcome, memory.counters]).toEqual(['bit', { ...NONE, escaped: 1 }]);
  });

  it('is as it was after two flips of the same bits', () => {
    const { memory, region } = prepared('off');
    const flips = [memory.flip(64, 1, createRandom('s'))[0]!, memory.flip(64, 1, createRandom('t'))[0]!];
    expect([...region.read(0, 8)]).toEqual([...numbers(8)]);
    expect([flips.map(({ outcome }) => outcome), memory.counters]).toEqual([
      ['no-effect', 'no-effect'],
      NONE,
    ]);
  });
});

describe('MemoryState with SEC-DED', () => {
  it('corrects one flipped bit at the next access to its word, and scrubs it', () => {
    const { memory, region, checks } = prepared('sec-ded');
    for (const round of [1, 2, 3]) {
      const flip = memory.flip(1, 1, createRandom(`s${round}`))[0]!;
      region.read(8, 8);
      expect(flip.outcome).toBe('no-effect');
      expect([...region.read(round, 1)]).toEqual([round]);
      expect([...region.read(0, 8)]).toEqual([...numbers(8)]);
      expect([flip.outcome, memory.counters]).toEqual(['masked', { ...NONE, corrected: round }]);
    }
    expect(checks).toEqual([]);
  });

  it('stops the machine at two flipped bits, and tells so once', () => {
    const { memory, region, checks } = prepared('sec-ded');
    const flip = memory.flip(2, 1, createRandom('s'))[0]!;
    expect([...region.read(8, 8)]).toEqual(new Array(8).fill(0));
    expect(() => region.read(0, 1)).toThrow(new MachineCheck('table', 0));
    expect(() => region.read(0, 64)).toThrow(MachineCheck);
    expect(checks).toEqual(['uncorrectable memory error in word 0 of region table']);
    expect([flip.outcome, memory.counters]).toEqual(['bit', { ...NONE, detected: 1 }]);
  });

  it('stops the machine when a second bit flips before the first was corrected', () => {
    const { memory, region, checks } = prepared('sec-ded');
    const flips = ['s', 't'].map((seed) => memory.flip(1, 1, createRandom(seed))[0]!);
    expect(() => region.read(0, 8)).toThrow(MachineCheck);
    expect(flips.map(({ outcome }) => outcome)).toEqual(['bit', 'bit']);
    expect([checks.length, memory.counters]).toEqual([1, { ...NONE, detected: 1 }]);
  });

  it('lets three flipped bits and more through', () => {
    const { memory, region, checks } = prepared('sec-ded');
    const flip = memory.flip(3, 1, createRandom('s'))[0]!;
    expect(flippedBits(region.read(0, 8), numbers(8))).toBe(3);
    expect([flip.outcome, checks, memory.counters]).toEqual(['bit', [], { ...NONE, escaped: 1 }]);
  });

  it('is healed by a whole word written, without a check', () => {
    for (const bits of [1, 2, 3]) {
      const { memory, region, checks } = prepared('sec-ded');
      const flip = memory.flip(bits, 1, createRandom('s'))[0]!;
      region.write(0, numbers(8, 50));
      expect([...region.read(0, 8)]).toEqual([...numbers(8, 50)]);
      expect([flip.outcome, checks, memory.counters]).toEqual(['masked', [], { ...NONE, overwritten: 1 }]);
    }
  });

  it('reads the word first for a partial write: corrects one bit, stops at two with nothing written', () => {
    const one = prepared('sec-ded');
    one.memory.flip(1, 1, createRandom('s'));
    one.region.write(2, Uint8Array.of(99));
    expect([...one.region.read(0, 8)]).toEqual([0, 1, 99, 3, 4, 5, 6, 7]);
    expect(one.memory.counters).toEqual({ ...NONE, corrected: 1 });

    const two = prepared('sec-ded', 16);
    let flip = two.memory.flip(2, 1, createRandom('s'))[0]!;
    while (flip.word !== 1) {
      two.region.write(0, numbers(8));
      flip = two.memory.flip(2, 1, createRandom(`more/${two.memory.counters.overwritten}`))[0]!;
    }
    expect(() => two.region.write(0, numbers(9, 90))).toThrow(new MachineCheck('table', 1));
    expect(two.checks.length).toBe(1);
  });
});

describe('MemoryState against plain bytes', () => {
  it('returns what was written under single flips with SEC-DED, whatever the accesses', () => {
    const access = fc.record({
      kind: fc.constantFrom('read', 'write', 'flip'),
      offset: fc.nat(30),
      length: fc.nat(30),
      seed: fc.string({ minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(access, { maxLength: 40 }), (accesses) => {
        const memory = new MemoryState('sec-ded', () => expect.unreachable());
        const region = memory.region('r', 31);
        const plain = new Uint8Array(31);
        for (const { kind, offset, length, seed } of accesses) {
          const end = Math.min(31, offset + length);
          if (kind === 'flip') {
            // Scrubbed before, so that no word ever holds two flipped bits.
            region.read(0, 31);
            memory.flip(1, 1, createRandom(seed));
          } else if (kind === 'write') {
            region.write(offset, numbers(end - offset, length));
            plain.set(numbers(end - offset, length), offset);
          } else {
            expect([...region.read(offset, end - offset)]).toEqual([...plain.slice(offset, end)]);
          }
        }
        expect([...region.read(0, 31)]).toEqual([...plain]);
        expect(memory.counters).toMatchObject({ detected: 0, escaped: 0 });
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
