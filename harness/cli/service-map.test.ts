import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../compare/index.ts';
import { sixways } from './testing/sixways.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SECTION = /## What it can build, and break\n([\s\S]*?)\n## /;

/** The commands in the middle column of the table. */
const commands = [
  ...SECTION.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))![1]!.matchAll(/`((?:sixways|npm) [^`]+)`/g),
].map(([, command]) => command!);

/** The words of a command line without quotes inside words. */
const wordsOf = (command: string): string[] =>
  command.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'|'$/g, ''));

describe('the table of what can be built and broken', () => {
  it('has a row for each step of the way', () => expect(commands.length).toBeGreaterThanOrEqual(25));

  const campaigns = commands.filter((command) => command.startsWith('sixways test '));
  it.concurrent.each(campaigns)('%s is a campaign that has plans', async (command) => {
    const [, , ...rest] = wordsOf(command);
    const { exitCode, stdout, stderr } = await sixways(['plan', ...rest, '--text']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const faults = rest[rest.indexOf('--faults') + 1]!;
    if (rest.includes('--faults')) expect(stdout).toMatch(new RegExp(faults.replaceAll(',', '|')));
  });

  it.each(commands.filter((command) => command.startsWith('sixways compare ')))(
    '%s is a preset',
    (command) => {
      expect(PRESETS.map(({ name }) => name)).toContain(wordsOf(command)[2]);
    },
  );

  it.each(commands.filter((command) => command.startsWith('npm run ')))('%s is a part of it', (command) => {
    const soak = readFileSync(join(ROOT, 'bench/soak.ts'), 'utf8');
    expect(command).toMatch(/^npm run soak -- --only \w+$/);
    expect(soak).toMatch(new RegExp(`^ {2}${wordsOf(command).at(-1)}:`, 'm'));
  });
});
