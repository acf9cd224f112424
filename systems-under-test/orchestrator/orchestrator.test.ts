import { describe, expect, it } from 'vitest';
import { MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, type Trial, trial } from '../testing/trial.ts';
import { orchestrator } from './index.ts';

const short = { time: 4 * SECOND };

describe('orchestrator', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(orchestrator, seed, short))).toEqual([]);
  });

  it.each([4, 5])('keeps them with reads from memory too, seed %i', async (seed) => {
    expect(complaints(await trial(orchestrator, seed, { ...short, options: { reads: 'leased' } }))).toEqual(
      [],
    );
  });

  it.each([
    ['resource-ignores-tokens', ['pause-process']],
    ['token-not-durable', ['kill', 'partition-primary']],
    ['runs-after-lease', ['partition-halves', 'partition-one']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(orchestrator, flaw, { faults, rate: 100 }, 60)).toMatchObject({ without: [] });
  });
});

/** What hosts said, with its time in milliseconds. */
function notes({ events }: Trial, kind: string) {
  return events.flatMap((event) =>
    'kind' in event && event.kind === kind
      ? [
          {
            time: event.time / MILLISECOND,
            host: event.host,
            data: event.data as { service: string; token: number },
          },
        ]
      : [],
  );
}

/** When the first fault of the schedule was applied, in milliseconds of the history. */
function faultTime({ events }: Trial): number {
  return events.find((event) => 'process' in event && event.process === 'nemesis')!.time / MILLISECOND;
}

describe('when a machine dies', () => {
  const agents = ['agent1', 'agent2', 'agent3', 'agent4'];

  it.each(agents)('its services run elsewhere within 0.8 s, death of %s', async (dead) => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, for: 2 * SECOND, fault: 'crash', target: { hosts: [dead] }, parameters: {} },
    ];
    const run = await trial(orchestrator, 1, { ...short, schedule, rate: 200, clients: 6 });
    expect(complaints(run)).toEqual([]);
    const died = faultTime(run);
    const before = notes(run, 'started').filter(({ time }) => time < died);
    const latest = new Map(before.map(({ host, data }) => [data.service, host]));
    const lost = [...latest].filter(([, host]) => host === dead).map(([service]) => service);
    for (const service of lost) {
      const again = notes(run, 'started').find(({ time, data }) => time > died && data.service === service)!;
      expect(again.host).not.toBe(dead);
      // A lease and a margin (0.5 s), less what has passed since the last heartbeat; a tick, an entry in the log, a heartbeat.
      expect(again.time - died).toBeGreaterThan(300);
      expect(again.time - died).toBeLessThan(800);
    }
    expect(latest.size).toBe(3);
  });
});

describe('across a partition', () => {
  it('nothing runs twice, and no resource accepts a superseded token', async () => {
    const schedule: Plan['schedule'] = [1, 2].map((at) => ({
      at: at * SECOND,
      for: 900 * MILLISECOND,
      fault: 'partition-halves',
      target: { hosts: ['agent1', 'agent2', 'controller1'] },
      parameters: {},
      mustBite: true,
    }));
    const run = await trial(orchestrator, 2, { ...short, schedule, rate: 200, clients: 6 });
    expect(complaints(run)).toEqual([]);
    const tokens = notes(run, 'started').map(({ data }) => data.token);
    expect(tokens.length).toBeGreaterThan(3);
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});
