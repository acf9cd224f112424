import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, MAIN, sixways } from './testing/sixways.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = folderWith({ 'full/file.txt': '' });
afterAll(folder.remove);
const path = join(folder.path, 'My System');

describe('sixways init', () => {
  it('writes a system, its test, and what CI needs, and says what to do next', async () => {
    const { exitCode, stdout, stderr } = await sixways(['init', 'My System'], { cwd: folder.path });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^wrote 6 files into My System:\n {2}register\.ts\n/);
    expect(stdout).toContain('sixways test ./My System/register.ts');
    const { name, devDependencies } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    expect(name).toBe('my-system');
    expect(resolve(path, devDependencies.sixways.replace(/^file:/, ''))).toBe(ROOT);
  });

  it('its system has the types that users get, and its test runs', async () => {
    mkdirSync(join(path, 'node_modules/.bin'), { recursive: true });
    symlinkSync(ROOT, join(path, 'node_modules/sixways'), 'dir');
    // As npm would make it.
    const bin = `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
    writeFileSync(join(path, 'node_modules/.bin/sixways'), bin, { mode: 0o755 });
    const options = { cwd: path, reject: false, all: true } as const;
    const [types, test] = await Promise.all([
      execa(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], options),
      execa(process.execPath, ['--test', '--test-name-pattern', 'deterministic'], options),
    ]);
    expect(types.all).toBe('');
    expect({ exitCode: test.exitCode, passed: /^# pass 1$|pass 1$/m.test(test.all) }).toEqual({
      exitCode: 0,
      passed: true,
    });
  });

  it.each(['My System', 'full', 'full/file.txt'])('touches nothing that is there: %s', async (name) => {
    const { exitCode, stderr } = await sixways(['init', name], { cwd: folder.path });
    expect(stderr).toMatch(/^sixways: .*: expected a new or empty folder, got (one that holds |a file)/);
    expect(exitCode).toBe(64);
  });
});
