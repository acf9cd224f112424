import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, sixways } from './testing/sixways.ts';
import { REGISTER, systemWith } from './testing/user-system.ts';

// State that reading the code does not find: it is changed through another name.
const ALIAS = 'const state = { n: 0 };\nconst all = [state];';
const files = folderWith({
  'register.ts': REGISTER,
  'good.ts': systemWith(''),
  'tells.ts': systemWith('start(host) { const [one] = all; host.note("n", ++one!.n); serve(host); }', ALIAS),
  'waits.ts': systemWith(
    'async start(host) { const [one] = all; await host.sleep(++one!.n * 1000); serve(host); }',
    ALIAS,
  ),
  'random.ts': systemWith('start(host) { host.note("x", Math.random()); }'),
  'endless.ts': systemWith('start() { while (true); }'),
});
afterAll(files.remove);
const here = { cwd: files.path };

describe('verify', () => {
  it('finds no difference in single-server', async () => {
    const { exitCode, stdout } = await sixways(
      ['verify', 'single-server', '--seeds', '5', '--time', '2s'],
      here,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'single-server: 5 seeds, no difference' });
  });

  it('names the first event that differs', async () => {
    const { exitCode, stdout } = await sixways(
      ['verify', './waits.ts', '--seeds', '1', '--time', '1s'],
      here,
    );
    expect(stdout).toMatch(
      /^\.\/waits\.ts: 1 seeds, 1 differ\n {2}seed 1 differs, first at event (\d+)\n {4}#\1 \d+ ns {2}timer n1 \d+\n {4}#\1 \d+ ns {2}/,
    );
    expect(exitCode).toBe(1);
  });

  it('names the first line that differs where all events are the same', async () => {
    const { exitCode, stdout } = await sixways(
      ['verify', './tells.ts', '--seeds', '1', '--time', '1s', '--json'],
      here,
    );
    expect(exitCode).toBe(1);
    const [{ differences }] = JSON.parse(stdout);
    expect(differences).toHaveLength(1);
    expect(JSON.parse(differences[0].first)).toMatchObject({ type: 'note', host: 'n1', kind: 'n', data: 1 });
    expect(JSON.parse(differences[0].second)).toMatchObject({ type: 'note', host: 'n1', kind: 'n', data: 2 });
  });

  it('is a flag of run and of test, too', async () => {
    const [run, test] = await Promise.all([
      sixways(['run', './good.ts', '--time', '1s', '--verify'], here),
      sixways(['test', './tells.ts', '--time', '1s', '--seeds', '1', '--verify', '--json'], here),
    ]);
    expect(run.stdout).toMatch(/\n\.\/good\.ts: 1 seeds, no difference$/);
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(test.stdout)).toMatchObject([
      { validity: 'valid', verified: { seeds: 1, differences: [{ seed: 1 }] } },
    ]);
    expect(test.exitCode).toBe(1);
  });

  it('passes on what no run may do, once, and cannot compare what does not end', async () => {
    const random = await sixways(['verify', './random.ts', '--seeds', '1'], here);
    expect(random.stderr).toMatch(/^sixways: seed 1: random\.ts:3: Math\.random\(\) was used .*$/);
    expect(random.exitCode).toBe(64);
    const endless = await sixways(['verify', './endless.ts', '--seeds', '1', '--real-seconds', '1'], here);
    expect(endless.stdout).toMatch(/\n {2}seed 1 not compared: hang: /);
    expect(endless.exitCode).toBe(2);
  });
});
