import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, sixways } from './testing/sixways.ts';

const fileOf = (name: string): string =>
  join(import.meta.dirname, `../../systems-under-test/hosted/${name}/${name}.system.ts`);
const files = folderWith();
afterAll(files.remove);
const inFolder = { cwd: files.path };
const SHORT = ['--time', '3s', '--no-shrink'];

describe('packages from npm, unmodified and with a few of their lines changed', () => {
  it.each(['redlock', 'rate-limiter', 'shared-document'])(
    '%s keeps its promise under faults',
    async (name) => {
      const { stdout, exitCode } = await sixways(['test', fileOf(name), '--seeds', '3', ...SHORT], inFolder);
      expect(stdout).toContain('3 valid, 0 invalid, 0 unknown');
      expect(exitCode).toBe(0);
    },
  );

  it.each([
    ['redlock', 'one-vote', 'fenced-lock: double-hold'],
    ['redlock', 'refusals-count', 'fenced-lock: double-hold'],
    ['redlock', 'unlocks-all', 'fenced-lock: double-hold'],
    ['rate-limiter', 'reads-then-writes', 'unique-ids: duplicate-id'],
    ['rate-limiter', 'begins-again', 'unique-ids: duplicate-id'],
    ['shared-document', 'forgets-deletions', 'crdt-set: diverged'],
    ['shared-document', 'skips-the-first', 'crdt-set: diverged'],
  ])('%s, %s: %s', async (name, flaw, caughtBy) => {
    const { stdout, exitCode } = await sixways(
      [
        ...['test', fileOf(name), '--flaw', flaw, '--faults', 'kill,partition-one-way,packet-loss'],
        ...['--seeds', '40', '--failures', '1', ...SHORT],
      ],
      inFolder,
    );
    expect(stdout).toContain(`FAILED ${caughtBy}`);
    expect(exitCode).toBe(1);
  });

  it('a change of a package that has other lines is refused, by name', async () => {
    const { path, remove } = folderWith({
      'package.json': '{"type":"module"}',
      'api.js': 'console.log(1 + 1);',
      'client.js': "export default () => ({ invoke: async () => ({ type: 'ok', value: null }) });",
      'mine.ts': `
        import { hosted } from 'sixways/hosted';
        export default hosted({
          name: 'mine', programs: { api: { entry: './api.js' } }, client: './client.js',
          operations: ['generate'], workload: { name: 'unique-ids' },
          flaws: [{ name: 'adds-wrongly', summary: 'one more', caughtBy: [],
            edits: [{ file: 'api.js', find: '2 + 2', replace: '2 + 3' }] }],
        });`,
    });
    const { stderr, exitCode } = await sixways(['run', './mine.ts', '--seed', '1'], { cwd: path });
    remove();
    expect(stderr).toContain('api.js: expected the text of an edit once, found it 0 times: "2 + 2"');
    expect(exitCode).toBe(64);
  });
});

it('servers that keep nothing: a minority at a time may restart, and redlock gives a lock twice', async () => {
  const { stdout, exitCode } = await sixways(
    [
      ...['test', fileOf('redlock'), '--options', '{"durable":false}', '--no-shrink', '--failures', '1'],
      ...['--faults', 'partition-one,crash,restart,freeze-machine', '--seeds', '40'],
    ],
    inFolder,
  );
  expect(stdout).toContain('FAILED fenced-lock: double-hold');
  expect(exitCode).toBe(1);
});
