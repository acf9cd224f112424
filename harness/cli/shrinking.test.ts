import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunSummary, RunTask } from '../campaign/index.ts';
import { parsePlan } from '../plan/index.ts';
import { registries } from './registries.ts';
import { folderWith, MAIN } from './testing/sixways.ts';
import { REGISTER, systemWith } from './testing/user-system.ts';

// As compiled: it knows where its files are.
const compiled = join(MAIN, '../shrinking.js');
const { CutShort, shrinkInPool } = (await import(compiled)) as typeof import('./shrinking.ts');

const SIGN = { checker: 'durability', anomaly: 'lost-write' };
const plan = parsePlan({ seed: 7, system: { name: 'single-server' } }, registries);
const system = { name: 'single-server', digest: '' };

function summary(change: Partial<RunSummary>): RunSummary {
  const figures = { operations: 0, succeeded: 0, events: 0, simulated: 0, realMilliseconds: 0 };
  return {
    seed: 7,
    validity: 'unknown',
    reasons: [],
    signatures: [],
    verdicts: [],
    faults: [],
    ...figures,
    ...change,
  };
}

const HANG = summary({ ended: 'hang', reasons: ['hang: the run did not end within 60 s of real time'] });
const FAILS = summary({
  validity: 'invalid',
  signatures: [SIGN],
  invoked: [
    [0, 0],
    [0, 1],
  ],
});

function shrunk(run: (task: RunTask, nth: number) => RunSummary, stopped = () => false) {
  let nth = 0;
  const pool = {
    threads: 1,
    get stopped() {
      return stopped();
    },
    run: (task: RunTask) => Promise.resolve(run(task, nth++)),
  };
  return shrinkInPool(pool, system, plan, { signature: SIGN, check: {} });
}

describe('shrinking on a busy machine', () => {
  it('says so when the plan did not get as far as its failure', async () => {
    await expect(shrunk(() => HANG)).rejects.toThrow(
      new CutShort('seed 7, run again: hang: the run did not end within 60 s of real time'),
    );
  });

  it('goes on without a candidate that took too long', async () => {
    const { plan: small } = await shrunk(({ plan: tried }) => (tried!.phases.faults < 1e9 ? HANG : FAILS));
    expect(small.workload.only).toEqual([]);
    expect(small.phases.faults).toBeGreaterThanOrEqual(1e9);
  });

  it('ends when it is interrupted', async () => {
    let runs = 0;
    const failing = () => {
      runs++;
      return FAILS;
    };
    await expect(shrunk(failing, () => runs === 3)).rejects.toBeInstanceOf(CutShort);
    expect(runs).toBe(3);
  });
});

describe('flaws, interrupted', () => {
  const files = folderWith({
    'register.ts': REGISTER,
    'flawed.ts': systemWith("flaws: [{ name: 'none', summary: 'is none', caughtBy: [] }]"),
  });
  afterAll(files.remove);

  it.each(['SIGINT', 'SIGTERM'] as const)('reports what it has on %s', async (signal) => {
    const temporary = join(files.path, signal);
    mkdirSync(temporary);
    const child = execa(process.execPath, [MAIN, 'flaws', './flawed.ts', '--seeds', '100000', '--json'], {
      cwd: files.path,
      env: { NO_COLOR: '1', TMPDIR: temporary },
      reject: false,
    });
    // The bundle of the system: by then it listens.
    await expect
      .poll(() => existsSync(temporary) && readdirSync(temporary).length, { timeout: 30_000 })
      .toBeGreaterThan(0);
    child.kill(signal);
    const { exitCode, stdout, stderr } = await child;
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '[]',
      stderr: 'interrupted at ./flawed.ts none',
    });
    expect(readdirSync(temporary)).toEqual([]);
  });
});
