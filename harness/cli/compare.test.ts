import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, sixways } from './testing/sixways.ts';
import { REGISTER } from './testing/user-system.ts';

const folder = folderWith({
  'register.ts': `${REGISTER}\nexport default register({});\n`,
});
afterAll(folder.remove);
const cwd = { cwd: folder.path };
const SHORT = ['--seeds', '3', '--time', '800ms'];

describe('sixways compare', () => {
  it('prints the same whatever the number of threads, a user system among the others', async () => {
    const args = [
      'compare',
      'single-server',
      'sync=primary-backup:mode=synchronous',
      './register.ts',
      ...SHORT,
    ];
    const [one, two] = await Promise.all(
      ['1', '2'].map((threads) => sixways([...args, '--profiles', 'none,crash', '--threads', threads], cwd)),
    );
    expect(one!.stdout).toBe(two!.stdout);
    expect([one!.exitCode, two!.exitCode]).toEqual([0, 0]);
    expect(one!.stdout).toMatch(/^3 systems on the same 3 plans from seed 1/);
    expect(one!.stdout).toMatch(/│ register +│ /);
    expect(one!.stdout).toContain('against single-server, a seed at a time');
  });

  it('gives JSON, CSV and Markdown, in a file too', async () => {
    const args = [
      'compare',
      'single-server',
      'raft:{"servers":3}',
      '--profiles',
      'pause',
      '--baseline',
      'raft servers=3',
      ...SHORT,
    ];
    const [json, csv, markdown] = await Promise.all([
      sixways([...args, '--json'], cwd),
      sixways([...args, '--format', 'csv', '--out', 'out.csv'], cwd).then(() => sixways(['--version'], cwd)),
      sixways([...args, '--format', 'markdown'], cwd),
    ]);
    const report = JSON.parse(json.stdout) as { profiles: { rows: { label: string; keeps: string[] }[] }[] };
    expect(report.profiles[0]!.rows.map(({ label }) => label)).toEqual(['single-server', 'raft servers=3']);
    expect(report.profiles[0]!.rows[1]).toMatchObject({ keeps: ['linearizable'], lost: { writes: 0 } });
    expect(csv.exitCode).toBe(0);
    expect(markdown.stdout).toMatch(/^\| raft servers=3 \| linearizable \| - \| 0 \|/m);
  });

  it('sweeps, and says whether the order survives', async () => {
    const { exitCode, stdout } = await sixways(
      [
        'compare',
        'single-server',
        'raft:servers=3',
        '--profiles',
        'none',
        '--sweep',
        'rtt=1ms,20ms',
        ...SHORT,
      ],
      cwd,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/│ p50 at rtt +│ +1ms │ +20ms │/);
    expect(stdout).toContain('by p50 everywhere: single-server, raft servers=3');
  });

  it('keeps the histories of the first violations, which replay', async () => {
    const { stdout } = await sixways(
      [
        'compare',
        'async=primary-backup:mode=asynchronous',
        '--profiles',
        'partition',
        '--seeds',
        '3',
        '--keep',
        'kept',
      ],
      cwd,
    );
    const [, file] = /^async, partition, seed \d+ \(.*lost writes.*\): sixways replay (\S+)$/m.exec(stdout)!;
    const replayed = await sixways(['replay', file!], cwd);
    expect(replayed.stdout).toMatch(/^replayed: every byte of the events is the same\n/);
    expect(replayed.stdout).toMatch(/^ {2}invalid {2}durability$/m);
    expect(replayed.exitCode).toBe(1);
  });

  it.each([
    [
      ['raft', '--profiles', 'crsh'],
      /^sixways: --profiles: expected one of none, crash, .*did you mean crash\?\), got "crsh"$/m,
    ],
    [
      ['raft', '--sweep', 'rtt=fast'],
      /argument 'rtt=fast' is invalid\. expected a duration above 0 such as 20ms for rtt, got "fast"/,
    ],
  ])('%j: one message, exit code 64', async (args, message) => {
    const { exitCode, stderr } = await sixways(['compare', ...args], cwd);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(64);
  });
});
