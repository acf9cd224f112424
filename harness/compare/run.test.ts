import { describe, expect, it } from 'vitest';
import type { RunTask } from '../campaign/index.ts';
import { DEFAULT_CONDITIONS } from './plan.ts';
import { PROFILES } from './profiles.ts';
import { runComparison } from './run.ts';
import { contender, poolOf } from './testing/in-process.ts';

const contenders = [contender('a', 'single-server'), contender('b', 'raft', { servers: 3 })];
const options = {
  contenders,
  profiles: PROFILES.filter(({ name }) => name === 'crash'),
  from: 1,
  seeds: 3,
  baseline: 'a',
  conditions: { ...DEFAULT_CONDITIONS, time: 5e8 },
};

describe('a comparison', () => {
  it('does not depend on which run ends first', async () => {
    const pool = poolOf(contenders);
    // Several at once, those that were begun last end first; a world has the process to itself.
    let before: Promise<unknown> = Promise.resolve();
    const run = (task: RunTask) => {
      const result = before.then(() => pool.run(task));
      before = result;
      return result.then(async (summary) => {
        for (let turn = 0; turn < 100 - task.plan!.seed; turn++) await null;
        return summary;
      });
    };
    expect(await runComparison({ ...pool, threads: 4, run }, options)).toEqual(
      await runComparison(pool, options),
    );
  });

  it('says which runs did not reach their end, and leaves out of a difference what only one of two has', async () => {
    const pool = poolOf(contenders);
    const run = async (task: RunTask) => {
      const summary = await pool.run(task);
      const hangs = task.system.name === 'raft' && task.plan!.seed === 2;
      return hangs ? { ...summary, ended: 'hang', figures: undefined } : summary;
    };
    const { profiles } = await runComparison({ ...pool, run }, options);
    const [a, b] = profiles[0]!.rows;
    expect(a).toMatchObject({ judged: 3, unfinished: [] });
    expect(b).toMatchObject({ judged: 2, unfinished: [2] });
    expect(b!.differences!.lost).toEqual({ mean: 0, from: 0, to: 0 });
  });

  it('ends early when it is interrupted, and counts no run that was cut off', async () => {
    const pool = poolOf(contenders);
    let runs = 0;
    const run = async (task: RunTask) => {
      const summary = await pool.run(task);
      return ++runs < 4 ? summary : { ...summary, ended: 'interrupted' };
    };
    const { profiles } = await runComparison({ ...pool, run }, options);
    expect(profiles[0]!.rows.map(({ judged, unfinished }) => [judged, unfinished])).toEqual([
      [2, []],
      [1, []],
    ]);
  });
});
