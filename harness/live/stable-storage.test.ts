import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MILLISECOND, type UnsyncedWrites } from '../contract/index.ts';
import { createRandom } from '../simulator/index.ts';
import { isNative, native } from './native.ts';
import { preloading } from './preload.ts';
import { afterPowerLoss, StableStorage } from './stable-storage.ts';

const PAGE = 4096;

/** What is left of a file, and how its pages fared. */
function left(cached: string, synced: string, mode: UnsyncedWrites, seed: number) {
  const fates = { kept: 0, lost: 0, torn: 0 };
  const bytes = afterPowerLoss(
    Buffer.from(cached),
    Buffer.from(synced),
    mode,
    createRandom(`${seed}`),
    fates,
  );
  return { text: bytes.toString('latin1').replaceAll('\0', '.'), ...fates };
}

describe('what a loss of power leaves of a file', () => {
  const outcomes = (cached: string, synced: string, mode: UnsyncedWrites): string[] =>
    [...new Set(Array.from({ length: 100 }, (_, seed) => left(cached, synced, mode, seed).text))].sort();

  it('is what was synced, if all else is lost, and all of it, if all is kept', () => {
    expect(left('synced, and more', 'synced', 'lose', 1)).toEqual({
      text: 'synced',
      kept: 0,
      lost: 1,
      torn: 0,
    });
    expect(left('short', 'was longer', 'lose', 1).text).toBe('was longer');
    expect(left('synced, and more', 'synced', 'keep', 1)).toMatchObject({
      text: 'synced, and more',
      kept: 1,
    });
    expect(left('short', 'was longer', 'keep', 1).text).toBe('short');
    expect(left('same', 'same', 'draw', 1)).toEqual({ text: 'same', kept: 0, lost: 0, torn: 0 });
  });

  it('has a part of what was appended, and perhaps the length of all of it, if it is torn', () => {
    expect(outcomes('okABC', 'ok', 'tear')).toEqual(['okA', 'okA..', 'okAB', 'okAB.']);
    expect(outcomes('okABC', 'ok', 'draw')).toEqual([
      'ok',
      'ok...',
      'okA',
      'okA..',
      'okAB',
      'okAB.',
      'okABC',
    ]);
  });

  it('has old bytes where new ones did not arrive', () => {
    expect(outcomes('newer', 'older', 'draw')).toContain('newer');
    expect(outcomes('newer', 'older', 'draw')).toContain('older');
    expect(outcomes('newer', 'older', 'draw')).toContain('neder');
  });

  it('decides page by page', () => {
    const big = `${'a'.repeat(PAGE)}${'b'.repeat(PAGE)}`;
    const kinds = outcomes(big, '', 'draw').map((text) => `${text.includes('a')}/${text.includes('b')}`);
    expect(new Set(kinds)).toEqual(new Set(['false/false', 'false/true', 'true/false', 'true/true']));
  });

  it('leaves alone what did not change, in every mode', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.string({ maxLength: 40 }),
        fc.constantFrom<UnsyncedWrites>('keep', 'lose', 'tear', 'draw'),
        fc.nat(1000),
        (synced, appended, mode, seed) => {
          const fates = { kept: 0, lost: 0, torn: 0 };
          const [before, after] = [Buffer.from(synced), Buffer.from(synced + appended)];
          const bytes = afterPowerLoss(after, before, mode, createRandom(`${seed}`), fates);
          expect(bytes.subarray(0, before.length)).toEqual(before);
          expect(bytes.length).toBeLessThanOrEqual(after.length);
        },
      ),
    );
  });
});

describe.skipIf(!isNative())('stable storage', () => {
  let folder = '';
  let storage: StableStorage;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stable-'));
    mkdirSync(join(folder, 'files'));
    storage = new StableStorage('n1', join(folder, 'files'), folder, native('disk', folder)!);
  });
  afterEach(() => {
    storage.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const file = (name: string): string => join(folder, 'files', name);
  const shell = (...words: string[]): void => {
    execaSync('sh', ['-c', words.join(' ')], { cwd: file(''), env: preloading([storage.preload]) });
  };
  const lose = () => storage.powerLost('lose', createRandom('s'));

  it('is what programs have synced, by the file or all at once; the rest goes with the power', () => {
    shell('printf one > a; printf one > b; sync a; printf two >> a; printf two >> b');
    expect(storage.syncs).toBe(1);
    expect(lose()).toEqual({ kept: 0, lost: 2, torn: 0 });
    expect([readFileSync(file('a'), 'utf8'), readFileSync(file('b'), 'utf8')]).toEqual(['one', '']);
    appendFileSync(file('b'), 'x');
    storage.settle();
    truncateSync(file('a'), 1);
    lose();
    expect([readFileSync(file('a'), 'utf8'), readFileSync(file('b'), 'utf8')]).toEqual(['one', 'x']);
    expect(storage.blind).toBe(false);
  });

  it('follows a file through its renamings', () => {
    shell('printf new > tmp; sync tmp; mv tmp config');
    lose();
    expect(readFileSync(file('config'), 'utf8')).toBe('new');
  });

  it('loses nothing where a program writes so that it cannot be followed', () => {
    shell('dd if=/dev/zero of=a bs=10 count=1 oflag=dsync');
    writeFileSync(file('b'), 'not synced');
    expect(storage.blind).toBe(true);
    lose();
    expect(readFileSync(file('b'), 'utf8')).toBe('not synced');
  });

  it('saves nothing while syncs fail', () => {
    shell('printf one > a; sync a; printf two >> a');
    storage.failing(true);
    shell('sync a || printf failed > b');
    expect([readFileSync(file('b'), 'utf8'), storage.failed]).toEqual(['failed', 1]);
    storage.failing(false);
    lose();
    expect(readFileSync(file('a'), 'utf8')).toBe('one');
  });

  it('takes longer to sync when it is slow', () => {
    storage.delay(50 * MILLISECOND);
    const before = performance.now();
    shell('printf x > a; sync a; sync a');
    expect(performance.now() - before).toBeGreaterThan(90);
    storage.delay(-50 * MILLISECOND);
    shell('sync a');
    expect([storage.syncs, storage.slowed]).toEqual([3, 2]);
  });
});
