import { describe, expect, it } from 'vitest';
import { type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { crdt } from './index.ts';

const short = { time: 5 * SECOND };

describe('crdt keeps its promises under what it tolerates', () => {
  it.each(['set', 'counter', 'register', 'multi-value-register'])('%s', async (type) => {
    for (const seed of [1, 2]) {
      expect(complaints(await trial(crdt, seed, { ...short, options: { type } }))).toEqual([]);
    }
  });

  it('set, sending everything every time', async () => {
    expect(complaints(await trial(crdt, 1, { ...short, options: { gossip: 'states' } }))).toEqual([]);
  });
});

/** Two replicas with half of the clients, and three with the others. */
const apart: Plan['schedule'] = [
  {
    at: SECOND,
    for: 3 * SECOND,
    fault: 'partition-halves',
    target: { hosts: ['n1', 'n2', 'c1', 'c2'] },
    parameters: {},
  },
];

describe('crdt in a partition', () => {
  it.each(['set', 'counter', 'register'])(
    'serves a %s on both sides, and agrees with itself afterwards',
    async (type) => {
      const { judgement, events } = await trial(crdt, 1, {
        ...short,
        options: { type },
        schedule: apart,
        clients: 4,
        rate: 100,
      });
      expect(judgement.validity).toBe('valid');
      const served = (nodes: readonly string[]) =>
        events.filter((event) => {
          const isMeanwhile = event.time > 2.5 * SECOND && event.time < 5 * SECOND;
          return isMeanwhile && event.type === 'ok' && 'node' in event && nodes.includes(event.node!);
        }).length;
      expect(served(['n1', 'n2'])).toBeGreaterThan(50);
      expect(served(['n3', 'n4', 'n5'])).toBeGreaterThan(50);
    },
  );
});

describe('registers of crdt in a partition whose one side dies, with a clock a minute ahead', () => {
  const during = { at: SECOND / 2, for: 2.5 * SECOND };
  const cut = {
    ...during,
    fault: 'partition-halves',
    target: { hosts: ['n1', 'n2', 'c1', 'c2'] },
    parameters: {},
  };
  const dead = {
    at: 2 * SECOND,
    for: SECOND,
    fault: 'kill',
    target: { hosts: ['n1', 'n2'] },
    parameters: {},
  };
  const ahead = {
    ...during,
    fault: 'clock-step',
    target: { hosts: ['n1', 'n2'] },
    parameters: { step: 60 * SECOND },
  };
  const found = async (schedule: Plan['schedule']) => {
    const all = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const request = { time: 3 * SECOND, options: { type: 'register' }, schedule, clients: 4, rate: 100 };
      for (const complaint of complaints(await trial(crdt, seed, request))) all.add(complaint);
    }
    return [...all];
  };

  it('lose what was acknowledged later on the other side', async () => {
    expect(await found([cut, ahead, dead])).toEqual(['durability/lost-write']);
  });

  it('do not with clocks that are right', async () => {
    expect(await found([cut, dead])).toEqual([]);
  });
});

describe('flaws of crdt', () => {
  it.each([
    ['removes-for-good', {}],
    ['merges-by-union', { faults: [], clients: 3, rate: 100 }],
    ['merges-net-counts', {}],
    ['numbers-anew', { faults: ['kill', 'restart'] }],
    ['acknowledges-before-sync', { faults: ['lost-writes', 'power-loss'], rate: 200 }],
  ])('%s is caught, and only the flaw is to blame', async (flaw, request) => {
    expect(await caught(crdt, flaw, { ...short, ...request }, 40)).toMatchObject({ without: [] });
  });
});
