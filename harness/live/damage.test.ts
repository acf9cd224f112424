import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRandom } from '../simulator/index.ts';
import { deleteFiles, flipFile, flipMemory } from './damage.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'damage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ones = (bytes: Buffer): number =>
  [...bytes].reduce((sum, byte) => sum + byte.toString(2).replace(/0/g, '').length, 0);

it('flips so many bits of a file that is meant, and sees whether they are written again', () => {
  writeFileSync(join(folder, 'data'), Buffer.alloc(1000));
  writeFileSync(join(folder, 'other'), Buffer.alloc(1000));
  writeFileSync(join(folder, 'data.log'), Buffer.alloc(1000));
  const damage = flipFile(folder, 3, createRandom('files'), 'dat');
  expect(damage()).toMatchObject({ outcome: 'bit', figures: { file: 'data', bits: 3, stays: true } });
  expect(['data', 'other', 'data.log'].map((name) => ones(readFileSync(join(folder, name))))).toEqual([
    3, 0, 0,
  ]);
  writeFileSync(join(folder, 'data'), Buffer.alloc(1000));
  expect(damage()).toMatchObject({ outcome: 'masked', figures: { stays: false } });
});

it('has no effect where there is no such file', () => {
  expect(flipFile(folder, 1, createRandom('none'))().outcome).toBe('no-effect');
  expect(deleteFiles(folder)()).toEqual({ outcome: 'no-effect', figures: { filesDeleted: 0, first: null } });
});

it('deletes the files that are meant', () => {
  for (const name of ['a1', 'a2', 'b']) writeFileSync(join(folder, name), name);
  expect(deleteFiles(folder, 'a')()).toEqual({ outcome: 'bit', figures: { filesDeleted: 2, first: 'a1' } });
  expect(readdirSync(folder)).toEqual(['b']);
});

it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'flips a word in use in the memory of a running process',
  async () => {
    const child = spawn('cat');
    // It echoes: it is loaded whole, and waits.
    const echoed = new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.write('here\n');
    await echoed;
    const damage = flipMemory([child.pid!], 2, createRandom('memory'));
    const { outcome, figures } = damage();
    expect(outcome).toBe('bit');
    const [before, after] = [figures.before, figures.after].map((hex) => BigInt(`0x${hex}`));
    expect(before).not.toBe(0n);
    expect((before! ^ after!).toString(2).replace(/0/g, '')).toBe('11');
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(damage().figures.found).toBe('the process has ended');
  },
);
