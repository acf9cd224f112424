import { describe, expect, it } from 'vitest';
import { type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { chatSync } from './index.ts';

const short = { time: 5 * SECOND };

describe('chat-sync', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(chatSync, seed, short))).toEqual([]);
  });

  it('sends and shows without any server, and everybody has everything afterwards', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, for: 3 * SECOND, fault: 'kill', target: { hosts: ['n1', 'n2', 'n3'] }, parameters: {} },
    ];
    const { judgement, events } = await trial(chatSync, 1, { ...short, schedule, clients: 5, rate: 100 });
    expect(judgement.validity).toBe('valid');
    const meanwhile = events.filter(({ time }) => time > 2 * SECOND && time < 5 * SECOND);
    expect(meanwhile.filter(({ type }) => type === 'ok').length).toBeGreaterThan(150);
    expect(meanwhile.filter(({ type }) => type === 'fail' || type === 'info')).toEqual([]);
  });

  it('agrees after both sides of a partition talked among themselves', async () => {
    const schedule: Plan['schedule'] = [
      {
        at: SECOND,
        for: 3 * SECOND,
        fault: 'partition-halves',
        target: { hosts: ['n1', 'c1', 'c2'] },
        parameters: {},
      },
    ];
    const { judgement } = await trial(chatSync, 1, { ...short, schedule, clients: 5, rate: 100 });
    expect(judgement.validity).toBe('valid');
    expect(
      judgement.verdicts.find(({ checker }) => checker === 'messages')!.figures.acknowledged,
    ).toBeGreaterThan(150);
  });

  it.each([
    ['shows-without-causes', { faults: ['partition-one', 'packet-delay'], rate: 100 }],
    ['clock-of-own-messages', {}],
    ['forgets-unconfirmed', { faults: ['packet-loss', 'partition-halves'] }],
    ['outbox-not-synced', { faults: ['lost-writes', 'crash'] }],
    ['servers-apart', { faults: [] }],
  ])('%s is caught, and only the flaw is to blame', async (flaw, request) => {
    expect(await caught(chatSync, flaw, { ...short, ...request }, 40)).toMatchObject({ without: [] });
  });
});
