import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, sixways } from './testing/sixways.ts';

const HELLO = join(import.meta.dirname, '../../systems-under-test/hosted/hello/hello.system.ts');

const system = (program: string): string => `
import { hosted } from 'sixways/hosted';
export default hosted({
  name: 'mine',
  programs: { api: { entry: './${program}' } },
  client: './client.js',
  operations: ['read', 'write', 'cas'],
  workload: { name: 'register' },
});`;
const files = folderWith({
  'package.json': '{"type":"module"}',
  'client.js': "export default () => ({ invoke: async ({ value }) => ({ type: 'ok', value }) });",
  'missing.ts': system('nowhere.js'),
  'worker.ts': system('worker.js'),
  'worker.js': "import { Worker } from 'node:worker_threads';\nnew Worker('./x.js');",
  'timer.ts': system('timer.js'),
  'timer.js': "Buffer.from.constructor('return globalThis')().setTimeout(() => {}, 1);",
  'throws.ts': system('throws.js'),
  'throws.js': "setTimeout(() => {\n  throw new TypeError('of the program');\n}, 1500);",
  'syntax.ts': system('syntax.js'),
  'syntax.js': 'const = 1;',
});
afterAll(files.remove);
const here = { cwd: files.path };
const SHORT = ['--seed', '1', '--time', '1s', '--clients', '2'];

describe('hosted programs', () => {
  it('run an express server under faults: two unlike processes see the same, a replay gives the same bytes', async () => {
    const history = join(files.path, 'hello.jsonl');
    const run = await sixways(
      ['run', HELLO, ...SHORT, '--faults', 'packet-delay,pause-process', '--verify', '--out', history],
      here,
    );
    expect(run.stdout).toContain('seed 1: valid');
    expect(run.stdout).toContain('1 seeds, no difference');
    expect(run.exitCode).toBe(0);
    const replay = await sixways(['replay', history], here);
    expect(replay.stdout).toContain('replayed: every byte of the events is the same');
  });

  it.each([
    [
      'missing',
      /^sixways: \.\/missing\.ts: expected a program's first file at \.\/nowhere\.js, got no such file$/,
    ],
    ['worker', /worker\.js:1: "node:worker_threads" cannot be imported by a hosted program: .*main thread/],
    ['timer', /a real timer .* was used by the program on host api1: use the program's own timers/],
    ['syntax', /syntax\.js does not build:\n {2}.*syntax\.js:1: Expected identifier/],
  ])('%s: the user is told, in a line', async (name, message) => {
    const { exitCode, stderr } = await sixways(['run', `./${name}.ts`, ...SHORT, '--faults', 'none'], here);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(64);
  });

  it('an error that nobody caught is a violation', async () => {
    const { exitCode, stdout } = await sixways(['run', './throws.ts', ...SHORT, '--faults', 'none'], here);
    expect(stdout).toMatch(/On host api1 an exception went uncaught .*TypeError: of the program/s);
    expect(exitCode).toBe(1);
  });
});
