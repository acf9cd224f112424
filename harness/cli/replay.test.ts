import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, MAIN, type Outcome, sixways } from './testing/sixways.ts';
import { REGISTER, systemWith } from './testing/user-system.ts';

// Forgets each fifth write: caught by any seed.
const files = folderWith({
  'register.ts': REGISTER,
  'forgetful.ts': systemWith('start: (host) => serve(host, (written) => written % 5 !== 0)'),
});
afterAll(files.remove);
const here = { cwd: files.path };
const at = (name: string): string => join(files.path, name);

let recorded: Outcome;
beforeAll(async () => {
  recorded = await sixways(
    ['run', './forgetful.ts', '--seed', '4', '--time', '1s', '--out', 'run.jsonl'],
    here,
  );
});

/** A copy of the recorded history with one line changed. */
function edited(name: string, line: number, change: (text: string) => string): string {
  const lines = readFileSync(at('run.jsonl'), 'utf8').split('\n');
  lines[line - 1] = change(lines[line - 1]!);
  writeFileSync(at(name), lines.join('\n'));
  return name;
}

describe("a user's own system, outside of any repository", () => {
  it('is caught', () => {
    expect(recorded.exitCode).toBe(1);
    expect(recorded.stdout).toMatch(/^seed 4: invalid\n/);
    expect(recorded.stdout).toMatch(/ {2}invalid {2}linearizable\n {6}nonlinearizable on k\d\n/);
    expect(recorded.stdout).toContain('history: run.jsonl');
  });

  it('replays with the same bytes', async () => {
    const { exitCode, stdout } = await sixways(
      ['replay', 'run.jsonl', '--json', '--out', 'again.jsonl'],
      here,
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      seed: 4,
      validity: 'invalid',
      replay: { same: true, codeChanged: false },
    });
    expect(readFileSync(at('again.jsonl'))).toEqual(readFileSync(at('run.jsonl')));
  });

  it('shrinks to a history that fails the same way and replays', async () => {
    const shrunk = await sixways(['shrink', 'run.jsonl', '--json', '--runs', '150'], here);
    expect(shrunk.exitCode).toBe(1);
    const result = JSON.parse(shrunk.stdout);
    expect(result).toMatchObject({
      signature: { checker: 'linearizable', anomaly: 'nonlinearizable' },
      history: 'run-shrunk.jsonl',
      faults: 0,
      run: { validity: 'invalid' },
    });
    expect(result.operations).toBeLessThanOrEqual(30);
    const replay = await sixways(['replay', 'run-shrunk.jsonl'], here);
    expect(replay.exitCode).toBe(1);
    expect(replay.stdout).toMatch(/^replayed: every byte of the events is the same\nseed 4: invalid\n/);
  });
});

describe('replay', () => {
  it('names the line that somebody edited', async () => {
    edited('edited.jsonl', 12, (line) =>
      line.replace(/"time":(\d+)/, (_, time: string) => `"time":${Number(time) + 1}`),
    );
    const { exitCode, stdout } = await sixways(['replay', 'edited.jsonl'], here);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(
      /^somebody edited this file: edited\.jsonl:\d+: \/content: expected events with the digest /,
    );
    expect(stdout).toMatch(
      /\nreplayed: the first difference is at edited\.jsonl:12\n {2}recorded: \{"index":10,.*\n {2}replayed: \{"index":10,/,
    );
  });

  it('runs it again with changed code, and says that the code changed', async () => {
    edited('older.jsonl', 1, (line) => line.replace(/"code":"[^"]+"/, '"code":"0123456789abcdef"'));
    const { exitCode, stdout } = await sixways(['replay', 'older.jsonl'], here);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^the code changed since this was recorded; replayed: every byte of the events is the same\n/,
    );
  });

  it('compares one that was cut off as far as it goes', async () => {
    const text = readFileSync(at('run.jsonl'), 'utf8');
    writeFileSync(at('cut.jsonl'), text.slice(0, text.length / 2));
    const { stdout } = await sixways(['replay', 'cut.jsonl', '--json'], here);
    expect(JSON.parse(stdout)).toMatchObject({ replay: { same: true, codeChanged: false } });
    const told = await sixways(['replay', 'cut.jsonl'], here);
    expect(told.stdout).toMatch(
      /^replayed: every byte of the events is the same up to line \d+, where the recording was cut off\n/,
    );
  });

  it('says how to name a system that is somewhere else', async () => {
    const elsewhere = folderWith();
    copyFileSync(at('run.jsonl'), join(elsewhere.path, 'run.jsonl'));
    const lost = await sixways(['replay', 'run.jsonl'], { cwd: elsewhere.path });
    const found = await sixways(['replay', 'run.jsonl', '--system', at('forgetful.ts'), '--json'], {
      cwd: elsewhere.path,
    });
    elsewhere.remove();
    expect(lost).toEqual({
      exitCode: 64,
      stdout: '',
      stderr:
        'sixways: run.jsonl was recorded with the system ./forgetful.ts, which is not found here. ./forgetful.ts: expected a file with a system, got no such file. Name it with --system',
    });
    expect(JSON.parse(found.stdout)).toMatchObject({ replay: { same: true, codeChanged: false } });
  });

  it('refuses a history without a plan, and an unknown host', async () => {
    writeFileSync(at('foreign.jsonl'), '{"sixways":1,"world":"imported"}\n');
    const foreign = await sixways(['replay', 'foreign.jsonl'], here);
    expect(foreign.stderr).toMatch(
      /foreign\.jsonl: expected a history with the plan that made it, got one recorded in the imported world/,
    );
    const host = await sixways(['replay', 'run.jsonl', '--host', 'n11'], here);
    expect(host.stderr).toMatch(/^sixways: --host: expected one of .*did you mean n1\?\), got "n11"/);
    expect([foreign.exitCode, host.exitCode]).toEqual([64, 64]);
  });

  it('prints what a host did in a span of time', async () => {
    const { exitCode, stdout } = await sixways(
      ['replay', 'run.jsonl', '--host', 'n1', '--from', '800ms', '--to', '1.2s'],
      here,
    );
    expect(exitCode).toBe(1);
    const trace = stdout.slice(0, stdout.indexOf('\nreplayed: ')).split('\n');
    expect(trace.length).toBeGreaterThan(5);
    for (const line of trace) {
      expect(line).toMatch(/^ +(0\.[89]|1\.[012])\d+s {2}(.* )?(n1 |-- )/);
    }
    expect(trace.filter((line) => line.includes('  -- phase faults {'))).toHaveLength(1);
    expect(
      trace.some((line) => / c\d+ -> n1 {2}request delivered after [\d.]+us {2}\{"f":"/.test(line)),
    ).toBe(true);
  });

  it('goes on in silence when nobody reads any more', async () => {
    const { stdout, stderr } = await execa({
      shell: true,
      cwd: files.path,
    })`${process.execPath} ${MAIN} replay run.jsonl --trace | head -1`;
    expect(stdout.split('\n')).toHaveLength(1);
    expect(stderr).toBe('');
  });
});

describe('a run that is killed', () => {
  it('leaves a history that is readable up to the last operation', async () => {
    const child = execa(
      process.execPath,
      [MAIN, 'run', 'single-server', '--time', '600s', '--rate', '500', '--out', 'killed.jsonl'],
      {
        cwd: files.path,
        reject: false,
      },
    );
    // The header alone, with two thousand faults, is long.
    const lines = (): number => {
      try {
        return readFileSync(at('killed.jsonl'), 'utf8').split('\n').length;
      } catch {
        return 0;
      }
    };
    let ended = false;
    void child.finally(() => {
      ended = true;
    });
    while (!ended && lines() < 2000) await new Promise((wake) => setTimeout(wake, 50));
    child.kill('SIGKILL');
    await child;
    const { exitCode, stdout } = await sixways(['check', 'killed.jsonl', '--checker', 'linearizable'], here);
    expect(stdout).toMatch(/^killed\.jsonl: \w+ \(\d{3,} operations, sixways\)\n[\s\S]*cut off at line \d+/);
    expect([0, 2]).toContain(exitCode);
  });
});
