import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, MAIN, sixways } from './testing/sixways.ts';
import { REGISTER, systemWith } from './testing/user-system.ts';

const files = folderWith({
  'register.ts': REGISTER,
  'good.ts': systemWith(''),
  'forgetful.ts': systemWith('start: (host) => serve(host, (written) => written % 5 !== 0)'),
});
afterAll(files.remove);
const here = { cwd: files.path };
const QUICK = ['--time', '1s', '--seeds', '3'];

describe('test', () => {
  it('is 0 for a system that keeps its promises, and keeps nothing', async () => {
    const { exitCode, stdout } = await sixways(['test', './good.ts', ...QUICK, '--keep', 'nothing'], here);
    expect(stdout).toMatch(/^\.\/good\.ts: valid\n {2}3 of 3 seeds from 1: 3 valid, 0 invalid, 0 unknown\n/);
    expect(exitCode).toBe(0);
    expect(existsSync(join(files.path, 'nothing'))).toBe(false);
  });

  it('shrinks the first failure of each kind, keeps it, and says how to replay it', async () => {
    const summary = join(files.path, 'summary.md');
    const { exitCode, stdout } = await sixways(
      ['test', './good.ts', './forgetful.ts', ...QUICK, '--junit', 'report.xml'],
      { ...here, env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary } },
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('FAILED linearizable: nonlinearizable, first by seed 1, by 3 seeds');
    expect(stdout).toMatch(/shrunk to 0 faults and \d+ operations in \d+ runs:/);
    expect(stdout).toContain('replay:  sixways replay .sixways/forgetful-1.jsonl');
    expect(stdout).toContain('smaller: sixways replay .sixways/forgetful-1-shrunk.jsonl');
    expect(readdirSync(join(files.path, '.sixways')).sort()).toEqual([
      'forgetful-1-shrunk.jsonl',
      'forgetful-1.jsonl',
    ]);
    expect(stdout.split('\n').at(-1)).toBe(
      '::error title=sixways ./forgetful.ts::linearizable: nonlinearizable by seed 1; replay: sixways replay .sixways/forgetful-1.jsonl',
    );
    expect(readFileSync(summary, 'utf8')).toMatch(/^```\n\.\/good\.ts: valid\n/);
    const xml = readFileSync(join(files.path, 'report.xml'), 'utf8');
    expect(openAtEnd(xml)).toEqual([]);
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
    expect(xml).toContain('<failure message="first by seed 1">');
  });

  it('comes to the same with one worker and with two', async () => {
    const reports = await Promise.all(
      ['1', '2'].map(async (threads) => {
        const { stdout } = await sixways(
          [
            'test',
            './forgetful.ts',
            '--time',
            '1s',
            '--seeds',
            '6',
            '--failures',
            '3',
            '--threads',
            threads,
            '--json',
            '--no-shrink',
            '--keep',
            `with-${threads}`,
          ],
          here,
        );
        return JSON.parse(stdout.replaceAll(`with-${threads}`, 'kept'), (key, value) =>
          key === 'realMilliseconds' ? 0 : value,
        );
      }),
    );
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]).toMatchObject([
      { planned: 6, ran: 3, validity: 'invalid', counts: { valid: 0, invalid: 3, unknown: 0 } },
    ]);
  });

  it('runs its part of the seeds, and is unknown when a fault that was asked for never bit', async () => {
    const { exitCode, stdout } = await sixways(
      [
        'test',
        'single-server',
        '--seeds',
        '4',
        '--shard',
        '2/4',
        '--time',
        '1s',
        '--faults',
        'overload,torn-writes',
        '--from',
        '10',
      ],
      here,
    );
    expect(stdout).toContain('1 of 1 seeds from 10');
    expect(stdout).toMatch(/was asked for and never bit in 1 runs/);
    expect(exitCode).toBe(2);
  });

  it('begins no run after its time', async () => {
    const { exitCode, stdout } = await sixways(
      ['test', './good.ts', '--seeds', '100000', '--time', '1s', '--for', '100ms', '--json'],
      here,
    );
    const [report] = JSON.parse(stdout);
    expect(report.planned).toBe(100_000);
    expect(report.ran).toBeLessThan(100);
    expect(exitCode).toBe(0);
  });

  /** Ends a long campaign by this signal while its runs are under way. */
  async function ended(by: 'SIGINT' | 'SIGKILL', temporary: string, keep: string) {
    const args = ['test', './good.ts', '--seeds', '100000', '--time', '5s', '--keep', keep];
    const child = execa(process.execPath, [MAIN, ...args], {
      cwd: files.path,
      env: { NO_COLOR: '1', TMPDIR: temporary },
      reject: false,
    });
    const kept = join(files.path, keep);
    let over = false;
    void child.finally(() => {
      over = true;
    });
    while (!over && begun(kept) === undefined) await new Promise((wake) => setTimeout(wake, 20));
    child.kill(by);
    return child;
  }

  it('reports what it has on Ctrl-C, at once, and leaves nothing behind', async () => {
    const temporary = join(files.path, 'temporary');
    mkdirSync(temporary);
    const { exitCode, stdout, stderr } = await ended('SIGINT', temporary, 'interrupted');
    expect(stdout).toMatch(/^\.\/good\.ts: unknown\n/);
    expect(stdout).toMatch(/interrupted after \d+ of 100000 seeds/);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(readdirSync(temporary)).toEqual([]);
    expect(existsSync(join(files.path, 'interrupted'))).toBe(false);
  });

  it('that was killed leaves histories that can be read, and temporary files that the next one removes', async () => {
    const temporary = join(files.path, 'killed-temporary');
    mkdirSync(temporary);
    await ended('SIGKILL', temporary, 'killed');
    expect(readdirSync(temporary)).not.toEqual([]);
    const history = begun(join(files.path, 'killed'));
    const env = { TMPDIR: temporary };
    const { stdout } = await sixways(['check', join('killed', history!), '--checker', 'stats'], {
      ...here,
      env,
    });
    expect(stdout).toMatch(/cut off at line \d+: /);
    await sixways(['test', './good.ts', ...QUICK, '--seeds', '1', '--keep', 'nothing'], { ...here, env });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

/** The name of a history in this folder in which there is something. */
function begun(folder: string): string | undefined {
  const size = (name: string): number => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return existsSync(folder) ? readdirSync(folder).find((name) => size(name) > 0) : undefined;
}

/** The elements that an XML text does not close; throws where a closing one does not fit. */
function openAtEnd(xml: string): string[] {
  const open: string[] = [];
  for (const [, slash, name, selfClosing] of xml.matchAll(
    /<(\/?)([a-z]+)(?:\s+[a-z]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (slash) expect(open.pop()).toBe(name);
    else if (!selfClosing) open.push(name!);
  }
  // What is left beside elements is text: no markup in it.
  expect(
    xml.replace(/^<\?xml[^>]*\?>/, '').replaceAll(/<(\/?)([a-z]+)(?:\s+[a-z]+="[^"<]*")*\s*(\/?)>/g, ''),
  ).not.toMatch(/[<>]/);
  return open;
}
