import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiskFailure, DiskFull, SyncFailure } from '../contract/errors.ts';
import type { UnsyncedWrites } from '../contract/levers.ts';
import { DiskState } from './disk-state.ts';
import { createRandom } from './random.ts';

const utf8 = new TextEncoder();
const bytes = (text: string) => utf8.encode(text);
/** Content as text; zeros as dots. */
const text = (disk: DiskState, file: string, offset?: number, length?: number) =>
  new TextDecoder().decode(disk.read(file, offset, length)).replaceAll('\0', '.');

const disk = (capacity = 1_000_000) => new DiskState(capacity);

/** All distinct outcomes over many seeds, sorted. */
function outcomes(seeds: number, outcome: (seed: string) => string): string[] {
  return [...new Set(Array.from({ length: seeds }, (_, nth) => outcome(`outcome/${nth}`)))].sort();
}

describe('DiskState without faults', () => {
  it('appends, writes, reads, cuts, replaces, removes and lists', () => {
    const d = disk();
    expect(d.append('log', bytes('hello '))).toBe(0);
    expect(d.append('log', bytes('world'))).toBe(6);
    expect(text(d, 'log')).toBe('hello world');
    expect(text(d, 'log', 6)).toBe('world');
    expect(text(d, 'log', 3, 4)).toBe('lo w');
    expect(text(d, 'log', 9, 100)).toBe('ld');
    expect(text(d, 'log', 100)).toBe('');
    expect(text(d, 'log', 2, 0)).toBe('');
    d.write('log', 6, bytes('WORLDS'));
    d.write('log', 14, bytes('!'));
    expect(text(d, 'log')).toBe('hello WORLDS..!');
    d.truncate('log', 5);
    d.truncate('log', 50);
    d.append('log', bytes('?'));
    expect(text(d, 'log')).toBe('hello?');
    d.replace('vote', bytes('n1'));
    d.write('a', 0, bytes(''));
    expect(d.list()).toEqual(['a', 'log', 'vote']);
    expect([d.size('a'), d.size('log'), d.size('vote'), d.size('none'), d.used]).toEqual([0, 6, 2, 0, 8]);
    d.remove('log');
    d.remove('none');
    d.truncate('none', 0);
    d.sync('none');
    expect(d.list()).toEqual(['a', 'vote']);
    expect(text(d, 'log')).toBe('');
    expect(d.used).toBe(2);
  });

  it('shows zeros, not what was cut, where a file grows again', () => {
    const d = disk();
    d.append('f', bytes('secret'));
    d.truncate('f', 1);
    d.write('f', 5, bytes('x'));
    expect(text(d, 'f')).toBe('s....x');
  });

  it('takes copies on the way in and out', () => {
    const d = disk();
    const own = bytes('abc');
    d.append('f', own);
    d.replace('g', own);
    own.fill(0);
    d.read('f').fill(0);
    d.sync('f');
    d.sync('g');
    d.powerLost('lose', createRandom('x'));
    expect([text(d, 'f'), text(d, 'g')]).toEqual(['abc', 'abc']);
  });

  it.each<[string, (d: DiskState) => void]>([
    ['an offset of 0 or more in f, got -1', (d) => d.write('f', -1, bytes('x'))],
    ['an offset of 0 or more in f, got 0.5', (d) => d.read('f', 0.5)],
    ['a length of 0 or more in f, got NaN', (d) => d.read('f', 0, Number.NaN)],
    ['a length of 0 or more in f, got -2', (d) => d.truncate('f', -2)],
    ['1 bit or more to flip, got 0', (d) => d.flip(0, createRandom('s'))],
  ])('refuses %s', (expectation, act) => {
    expect(() => act(disk())).toThrow(new RangeError(`expected ${expectation}`));
  });
});

describe('DiskState and loss of power', () => {
  /** `base` is synced; an append, an overwrite and a cut are not. */
  const prepared = () => {
    const d = disk();
    d.append('log', bytes('base'));
    d.sync('log');
    return d;
  };

  it('keeps what was synced and loses or keeps the rest, as told', () => {
    for (const [mode, expected] of [
      ['lose', ['base', 0, 1, 0]],
      ['keep', ['basemore', 1, 0, 0]],
    ] as const) {
      const d = prepared();
      d.append('log', bytes('more'));
      expect(d.unsynced).toBe(1);
      const { kept, lost, torn } = d.powerLost(mode, createRandom('s'));
      expect([text(d, 'log'), kept, lost, torn]).toEqual(expected);
      expect([d.used, d.unsynced]).toEqual([d.size('log'), 0]);
    }
  });

  it('tears an append: a prefix, with the rest absent or zeros', () => {
    const seen = outcomes(200, (seed) => {
      const d = prepared();
      d.append('log', bytes('more'));
      expect(d.powerLost('tear', createRandom(seed))).toEqual({ kept: 0, lost: 0, torn: 1 });
      return text(d, 'log');
    });
    expect(seen).toEqual(['basem', 'basem...', 'basemo', 'basemo..', 'basemor', 'basemor.']);
  });

  it('tears an overwrite: a prefix, with the old bytes behind it', () => {
    const seen = outcomes(100, (seed) => {
      const d = prepared();
      d.write('log', 1, bytes('XYZ'));
      d.powerLost('tear', createRandom(seed));
      return text(d, 'log');
    });
    expect(seen).toEqual(['bXYe', 'bXse']);
  });

  it('draws for each write on its own: holes of zeros before what was kept', () => {
    const seen = outcomes(2_000, (seed) => {
      const d = prepared();
      d.append('log', bytes('12'));
      d.append('log', bytes('34'));
      const fates = d.powerLost('draw', createRandom(seed));
      expect(fates.kept + fates.lost + fates.torn).toBe(2);
      expect(d.counters).toMatchObject(fates);
      return text(d, 'log');
    });
    expect(seen).toEqual([
      'base',
      'base..3',
      'base..3.',
      'base..34',
      'base1',
      'base1.',
      'base1.3',
      'base1.3.',
      'base1.34',
      'base12',
      'base123',
      'base123.',
      'base1234',
    ]);
  });

  it('may lose a cut and keep the shorter content written after it, with the old tail behind', () => {
    const seen = outcomes(500, (seed) => {
      const d = prepared();
      d.truncate('log', 1);
      d.append('log', bytes('XY'));
      d.powerLost('draw', createRandom(seed));
      return text(d, 'log');
    });
    expect(seen).toEqual(['b', 'bX', 'bX.', 'bXY', 'bXYe', 'bXse', 'base']);
  });

  it('loses a whole new file with its creation, even what was written to it', () => {
    const seen = outcomes(500, (seed) => {
      const d = disk();
      d.append('new', bytes('12'));
      d.powerLost('draw', createRandom(seed));
      return `${d.list()}:${text(d, 'new')}`;
    });
    expect(seen).toEqual([':', 'new:', 'new:1', 'new:1.', 'new:12']);
  });

  it('brings a removed file back unless the removal was synced', () => {
    const d = prepared();
    d.remove('log');
    d.powerLost('lose', createRandom('s'));
    expect([d.list(), text(d, 'log'), d.used]).toEqual([['log'], 'base', 4]);
    d.remove('log');
    d.sync('log');
    d.powerLost('lose', createRandom('s'));
    expect([d.list(), d.used]).toEqual([[], 0]);
  });

  it('holds the old or the new file, nothing between, after a removal and a new creation', () => {
    const seen = outcomes(500, (seed) => {
      const d = prepared();
      d.remove('log');
      d.append('log', bytes('N'));
      d.powerLost('draw', createRandom(seed));
      return `${d.list()}:${text(d, 'log')}`;
    });
    expect(seen).toEqual([':', 'log:', 'log:N', 'log:base']);
  });

  it('holds the replaced content in every mode, once it is synced', () => {
    for (const mode of ['keep', 'lose', 'tear', 'draw'] as const) {
      const d = prepared();
      d.append('log', bytes('more'));
      d.replace('log', bytes('new'));
      d.sync('log');
      expect(d.powerLost(mode, createRandom('s'))).toEqual({ kept: 0, lost: 0, torn: 0 });
      expect(text(d, 'log')).toBe('new');
    }
  });

  it('holds the old or the new content, whole, of a replacement that was not synced', () => {
    const left = (change: (d: DiskState) => void, mode: UnsyncedWrites = 'draw') =>
      outcomes(200, (seed) => {
        const d = prepared();
        change(d);
        d.powerLost(mode, createRandom(seed));
        expect(d.used).toBe(d.size('log'));
        return `${d.list()}:${text(d, 'log')}`;
      });
    const replaced = (d: DiskState): void => d.replace('log', bytes('new'));
    expect(left(replaced)).toEqual(['log:base', 'log:new']);
    expect(left(replaced, 'lose')).toEqual(['log:base']);
    expect(left(replaced, 'keep')).toEqual(['log:new']);
    // What comes after it goes with it; what was there before has a fate of its own.
    const appended = (d: DiskState): void => {
      d.append('log', bytes('X'));
      d.replace('log', bytes('new'));
      d.append('log', bytes('er'));
    };
    expect(left(appended, 'lose')).toEqual(['log:base']);
    expect(left(appended)).toEqual([
      'log:base',
      'log:baseX',
      'log:new',
      'log:newe',
      'log:newe.',
      'log:newer',
    ]);
  });

  it('writes its journal by itself, rather than keep every content there ever was', () => {
    const d = prepared();
    for (let nth = 0; nth < 1000; nth++) d.replace('log', bytes(`${nth}`));
    expect(d.unsynced).toBe(64);
    d.powerLost('lose', createRandom('s'));
    expect(text(d, 'log')).toBe('935');
  });

  it('is repeatable: the same seed, the same fates, whatever the order in which files came to be', () => {
    const run = (names: readonly string[]) => {
      const d = disk();
      for (const name of names) d.append(name, bytes(`content of ${name}`));
      d.powerLost('draw', createRandom('same'));
      return d.list().map((name) => `${name}:${text(d, name)}`);
    };
    expect(run(['a', 'b', 'c', 'd'])).toEqual(run(['d', 'b', 'a', 'c']));
  });
});

type Step =
  | { readonly do: 'append'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly do: 'write'; readonly file: string; readonly at: number; readonly bytes: Uint8Array }
  | { readonly do: 'replace'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly do: 'truncate'; readonly file: string; readonly at: number }
  | { readonly do: 'remove'; readonly file: string }
  | { readonly do: 'sync'; readonly file: string };

const file = fc.constantFrom('a', 'b');
const content = fc.uint8Array({ maxLength: 12 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('append' as const), file, bytes: content }),
  fc.record({ do: fc.constant('write' as const), file, at: fc.nat(20), bytes: content }),
  fc.record({ do: fc.constant('replace' as const), file, bytes: content }),
  fc.record({ do: fc.constant('truncate' as const), file, at: fc.nat(20) }),
  fc.record({ do: fc.constant('remove' as const), file }),
  fc.record({ do: fc.constant('sync' as const), file }),
);

/** Arrays of numbers, copied whole: what the cache shows, what was synced, and which bytes no unsynced step touched. */
class NaiveFile {
  /** Replacements of all files that may be lost, in order. */
  readonly journal: { readonly file: NaiveFile; readonly content: number[] }[];

  cache: number[] | undefined;
  stable: number[] | undefined;
  touched = new Set<number>();
  named = false;

  constructor(journal: NaiveFile['journal']) {
    this.journal = journal;
  }

  take(step: Step): void {
    const before = this.cache;
    if (step.do === 'sync') {
      const last = this.journal.findLastIndex(({ file }) => file === this);
      for (const { file, content } of this.journal.splice(0, last + 1)) file.stable = content;
      this.settle();
    } else if (step.do === 'replace') {
      this.cache = [...step.bytes];
      for (let at = 0; at < (this.stable?.length ?? 0); at++) this.touched.add(at);
      this.named = true;
      this.journal.push({ file: this, content: this.cache });
    } else if (step.do === 'remove') {
      this.cache = undefined;
      this.named ||= before !== undefined;
    } else if (step.do === 'truncate') {
      this.cache = before?.slice(0, step.at);
      for (let at = step.at; at < (before?.length ?? 0); at++) this.touched.add(at);
    } else {
      this.named ||= before === undefined;
      const after = [...(before ?? [])];
      const at = step.do === 'write' ? step.at : after.length;
      if (step.bytes.length > 0) while (after.length < at) this.touched.add(after.push(0) - 1);
      for (const [nth, byte] of step.bytes.entries()) {
        after[at + nth] = byte;
        this.touched.add(at + nth);
      }
      this.cache = after;
    }
  }

  private settle(): void {
    this.stable = this.cache && [...this.cache];
    this.touched.clear();
    this.named = false;
  }
}

function apply(d: DiskState, step: Step): void {
  if (step.do === 'append') d.append(step.file, step.bytes);
  else if (step.do === 'write') d.write(step.file, step.at, step.bytes);
  else if (step.do === 'replace') d.replace(step.file, step.bytes);
  else if (step.do === 'truncate') d.truncate(step.file, step.at);
  else if (step.do === 'remove') d.remove(step.file);
  else d.sync(step.file);
}

describe('DiskState against a naive model', () => {
  it('shows every step at once, and after a loss of power what was synced, byte for byte', () => {
    const modes = fc.constantFrom<UnsyncedWrites>('keep', 'lose', 'tear', 'draw');
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        modes,
        fc.string({ minLength: 1 }),
        (steps, mode, seed) => {
          const d = disk();
          const journal: NaiveFile['journal'] = [];
          const model = { a: new NaiveFile(journal), b: new NaiveFile(journal) };
          const read = (name: string) => (d.list().includes(name) ? [...d.read(name)] : undefined);
          for (const one of steps) {
            apply(d, one);
            model[one.file as 'a' | 'b'].take(one);
            expect([read('a'), read('b')]).toEqual([model.a.cache, model.b.cache]);
            expect(d.used).toBe((model.a.cache?.length ?? 0) + (model.b.cache?.length ?? 0));
          }
          d.powerLost(mode, createRandom(seed));
          for (const name of ['a', 'b'] as const) {
            const { cache, stable, touched, named } = model[name];
            const found = read(name);
            if (mode === 'keep') expect(found).toEqual(cache);
            if (mode === 'lose') expect(found).toEqual(stable);
            if (touched.size === 0 && !named) expect(found).toEqual(stable);
            if (!named) {
              for (const [at, byte] of (stable ?? []).entries()) {
                if (!touched.has(at)) expect(found?.[at]).toBe(byte);
              }
            }
          }
          // What is left is stable: a second loss of power changes nothing.
          const left = [read('a'), read('b')];
          expect(d.powerLost('lose', createRandom(seed))).toEqual({ kept: 0, lost: 0, torn: 0 });
          expect([read('a'), read('b')]).toEqual(left);
        },
      ),
      { seed: 1, numRuns: 2_000 },
    );
  });
});

describe('DiskState with flipped bits', () => {
  const synced = (content: string) => {
    const d = disk();
    d.append('log', bytes(content));
    d.sync('log');
    return d;
  };
  const flippedBits = (d: DiskState, was: string) => {
    let count = 0;
    for (const [at, byte] of d.read('log').entries()) {
      for (let x = byte ^ bytes(was)[at]!; x !== 0; x &= x - 1) count++;
    }
    return count;
  };

  it('flips that many bits within one aligned word, seen by the next read', () => {
    const was = 'a record of some length, and more';
    for (const bits of [1, 2, 5]) {
      const d = synced(was);
      const damage = d.flip(bits, createRandom(`flip/${bits}`))!;
      expect(damage.outcome).toBe('no-effect');
      const word = damage.offset >> 3;
      expect((damage.offset + damage.length - 1) >> 3).toBe(word);
      d.read('log', 0, word * 8);
      d.read('log', word * 8 + 8);
      expect(damage.outcome).toBe('no-effect');
      expect(flippedBits(d, was)).toBe(bits);
      expect(damage.outcome).toBe('bit');
      expect(d.counters.flipped).toBe(1);
    }
  });

  it('flips no more bits than a short file has', () => {
    const d = synced('x');
    expect(d.flip(64, createRandom('s'))).toMatchObject({ kind: 'flip', file: 'log', offset: 0, length: 1 });
    expect(d.read('log')[0]).toBe(bytes('x')[0]! ^ 0xff);
  });

  it('reaches every byte of every file with the name part, and no others', () => {
    const d = disk();
    for (const [name, content] of [
      ['log-1', 'abc'],
      ['log-2', 'de'],
      ['vote', 'f'],
      ['log-empty', ''],
    ] as const) {
      d.append(name, bytes(content));
      d.sync(name);
    }
    d.append('log-unsynced', bytes('xyz'));
    const hit = outcomes(300, (seed) => {
      const damage = d.flip(1, createRandom(seed), 'log')!;
      return `${damage.file}:${damage.offset}`;
    });
    expect(hit).toEqual(['log-1:0', 'log-1:1', 'log-1:2', 'log-2:0', 'log-2:1']);
    expect(d.flip(1, createRandom('s'), 'snapshot')).toBeUndefined();
    expect(d.badSector(createRandom('s'), 'snapshot')).toBeUndefined();
  });

  it('is masked when overwritten, cut, replaced or removed, durably, before any read', () => {
    const ends: ((d: DiskState) => void)[] = [
      (d) => d.write('log', 0, bytes('0123456789')),
      (d) => d.truncate('log', 0),
      (d) => d.replace('log', bytes('new')),
      (d) => d.remove('log'),
    ];
    for (const end of ends) {
      const d = synced('0123456789');
      const damage = d.flip(2, createRandom('s'))!;
      end(d);
      d.sync('log');
      d.read('log');
      expect(damage.outcome).toBe('masked');
      expect(d.counters.flipped).toBe(0);
    }
  });

  it('hides under an unsynced write, and shows again when that is lost', () => {
    const d = synced('0123456789');
    const damage = d.flip(1, createRandom('s'))!;
    d.write('log', 0, bytes('abcdefghij'));
    expect(text(d, 'log')).toBe('abcdefghij');
    expect(damage.outcome).toBe('no-effect');
    d.powerLost('lose', createRandom('s'));
    expect(flippedBits(d, '0123456789')).toBe(1);
    expect(damage.outcome).toBe('bit');
  });

  it('leaves an unsynced write over the place alone, now and after its sync', () => {
    const d = synced('01234567');
    d.write('log', 0, bytes('abcdefgh'));
    const damage = d.flip(1, createRandom('s'))!;
    expect(text(d, 'log')).toBe('abcdefgh');
    d.sync('log');
    expect(text(d, 'log')).toBe('abcdefgh');
    expect(damage.outcome).toBe('masked');
  });

  it('flips the stable content of a file whose cut or removal is unsynced', () => {
    const d = synced('01234567');
    d.truncate('log', 0);
    d.append('log', bytes('x'));
    const first = d.flip(1, createRandom('s'))!;
    expect(text(d, 'log')).toBe('x');
    d.remove('log');
    const second = d.flip(1, createRandom('t'))!;
    expect(d.list()).toEqual([]);
    d.powerLost('lose', createRandom('s'));
    expect(flippedBits(d, '01234567')).toBe(2);
    expect([first.outcome, second.outcome]).toEqual(['bit', 'bit']);
  });
});

describe('DiskState with an unreadable sector', () => {
  const long = 'x'.repeat(1_300);
  /** A file of three sectors, of which the drawn one is bad. */
  const prepared = (seed: string) => {
    const d = disk();
    d.replace('log', bytes(long));
    return { d, damage: d.badSector(createRandom(seed))! };
  };

  it('is one of the sectors, the last one cut at the end of the file', () => {
    const drawn = outcomes(100, (seed) => {
      const { damage } = prepared(seed);
      return `${damage.offset}+${damage.length}`;
    });
    expect(drawn).toEqual(['0+512', '1024+276', '512+512']);
  });

  it('fails the reads that overlap it, and those only', () => {
    const { d, damage } = prepared('s');
    const { offset, length } = damage;
    expect(d.read('log', 0, offset).length).toBe(offset);
    expect(d.read('log', offset + length).length).toBe(1_300 - offset - length);
    expect([damage.outcome, d.counters.unreadable]).toEqual(['no-effect', 0]);
    expect(() => d.read('log', offset + length - 1, 1)).toThrow(
      new DiskFailure('log', `unreadable sector at byte ${offset + length - 1}`),
    );
    expect(() => d.read('log')).toThrow(DiskFailure);
    expect([damage.outcome, d.counters.unreadable]).toEqual(['bit', 2]);
    expect(d.size('log')).toBe(1_300);
  });

  it('is readable where it was written again, and wholly so after the rest was', () => {
    const { d, damage } = prepared('s');
    const { offset, length } = damage;
    d.write('log', offset, new Uint8Array(length - 1));
    d.sync('log');
    expect(() => d.read('log')).toThrow(`unreadable sector at byte ${offset + length - 1}`);
    d.write('log', offset + length - 1, new Uint8Array(1));
    expect(d.read('log').length).toBe(1_300);
    d.sync('log');
    expect(d.read('log').length).toBe(1_300);
  });

  it('lets appends go on behind it', () => {
    const d = disk();
    d.replace('log', bytes('head'));
    d.badSector(createRandom('s'));
    expect(d.append('log', bytes('tail'))).toBe(4);
    d.sync('log');
    expect(text(d, 'log', 4)).toBe('tail');
    expect(() => d.read('log')).toThrow(new DiskFailure('log', 'unreadable sector at byte 0'));
  });
});

describe('DiskState that is full', () => {
  it('refuses what exceeds its capacity, with nothing written', () => {
    const d = disk(10);
    d.append('f', bytes('12345678'));
    expect(() => d.append('f', bytes('abc'))).toThrow(new DiskFull('f', 3));
    expect(() => d.write('g', 2 ** 50, bytes('a'))).toThrow(DiskFull);
    expect(() => d.replace('f', bytes('abc'))).toThrow(DiskFull);
    d.write('f', 6, bytes('abcd'));
    expect(text(d, 'f')).toBe('123456abcd');
    expect([d.list(), d.used, d.counters.full]).toEqual([['f'], 10, 3]);
    d.truncate('f', 2);
    d.replace('f', bytes('new'));
    expect([text(d, 'f'), d.used]).toEqual(['new', 3]);
  });

  it('takes overwrites and refuses growth while a fault fills it, until both of two faults heal', () => {
    const d = disk();
    d.append('f', bytes('1234'));
    d.setFull(true);
    d.setFull(true);
    expect(() => d.append('f', bytes('5'))).toThrow(DiskFull);
    d.write('f', 0, bytes('ab'));
    d.truncate('f', 3);
    d.append('f', bytes('4'));
    d.setFull(false);
    expect(() => d.append('f', bytes('5'))).toThrow(DiskFull);
    d.setFull(false);
    d.append('f', bytes('5'));
    expect([text(d, 'f'), d.counters.full]).toEqual(['ab345', 2]);
  });
});

describe('DiskState that cannot sync', () => {
  it('saves nothing, until both of two faults heal', () => {
    const d = disk();
    d.append('f', bytes('old'));
    d.sync('f');
    d.setFailingSyncs(true);
    d.setFailingSyncs(true);
    d.append('f', bytes('er'));
    const failure = new SyncFailure('f');
    expect(() => d.sync('f')).toThrow(failure);
    expect(() => d.replace('f', bytes('new'))).toThrow(failure);
    expect(text(d, 'f')).toBe('older');
    d.setFailingSyncs(false);
    expect(() => d.sync('f')).toThrow(failure);
    d.powerLost('lose', createRandom('s'));
    d.setFailingSyncs(false);
    d.sync('f');
    expect([text(d, 'f'), d.counters.unsyncable]).toEqual(['old', 3]);
  });
});

describe('DiskState that is destroyed', () => {
  it('fails every operation until an empty disk takes its place', () => {
    const d = disk();
    d.replace('f', bytes('gone'));
    d.setFull(true);
    d.destroy();
    const failure = (name: string) => new DiskFailure(name, 'the disk is destroyed');
    const operations: (() => void)[] = [
      () => d.append('f', bytes('x')),
      () => d.write('f', 0, bytes('x')),
      () => d.replace('f', bytes('x')),
      () => d.read('f'),
      () => d.size('f'),
      () => d.truncate('f', 0),
      () => d.remove('f'),
      () => d.sync('f'),
    ];
    for (const operation of operations) expect(operation).toThrow(failure('f'));
    expect(() => d.list()).toThrow(failure('/'));
    expect([d.destroyed, d.used, d.counters.destroyed]).toEqual([true, 0, 9]);
    expect(d.flip(1, createRandom('s'))).toBeUndefined();
    expect(d.badSector(createRandom('s'))).toBeUndefined();
    expect(d.powerLost('draw', createRandom('s'))).toEqual({ kept: 0, lost: 0, torn: 0 });
    d.replaceDisk();
    expect([d.destroyed, d.list(), text(d, 'f')]).toEqual([false, [], '']);
    d.append('f', bytes('new'));
    expect(text(d, 'f')).toBe('new');
    d.setFull(true);
    d.setFull(false);
    expect(() => d.append('f', bytes('er'))).toThrow(DiskFull);
    d.setFull(false);
    d.append('f', bytes('er'));
    expect(text(d, 'f')).toBe('newer');
  });
});

describe('DiskState under load', () => {
  it('appends and syncs without copying whole files', () => {
    const d = disk(64 * 2 ** 20);
    const record = new Uint8Array(100).fill(7);
    for (let nth = 0; nth < 200_000; nth++) {
      d.append('log', record);
      d.sync('log');
    }
    expect([d.size('log'), d.used, d.unsynced]).toEqual([20_000_000, 20_000_000, 0]);
  });
});
