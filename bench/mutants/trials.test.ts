import { expect, it } from 'vitest';
import { trialsOf } from './trials.ts';

const generations = (system: string) => trialsOf(system).map(({ generation }) => generation);

it('a system is tried with its defaults, and with the options that its flaws need', () => {
  expect(generations('chain').filter(({ faults }) => faults === undefined)).toEqual([
    { options: {} },
    { options: { reads: 'any' } },
  ]);
});

it('late messages and lost power come by themselves, on short logs', () => {
  const late = generations('chain').filter(({ faults }) => faults?.includes('packet-duplicate'));
  expect(late.map(({ options }) => options)).toEqual([
    { checkpointBytes: 512 },
    { reads: 'any', checkpointBytes: 512 },
  ]);
  const power = generations('raft').find(({ faults }) => faults?.includes('lost-writes'));
  expect(power).toMatchObject({ options: { snapshotEvery: 10, entriesPerAppend: 2 } });
});

it('only what a system tolerates with these options is asked for', () => {
  const leased = generations('orchestrator').filter(({ options }) =>
    JSON.stringify(options).includes('leased'),
  );
  for (const { faults = [] } of leased) expect(faults).not.toContain('pause-process');
});
