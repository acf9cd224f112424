import { describe, expect, it } from 'vitest';
import { sessionGuarantees, staleness } from '../../checkers/index.ts';
import { type Json, MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { type HistoryEvent, isObservation, isOperation } from '../../histories/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { readReplicas } from './index.ts';
import type { Session } from './options.ts';

const short = { time: 5 * SECOND };
const header = { sixways: 1, world: 'simulator' } as const;

describe('read-replicas', () => {
  it.each([
    [1, 'tokens'],
    [2, 'tokens'],
    [3, 'sticky'],
    [4, 'none'],
  ])('keeps its promises under what it tolerates, seed %i, sessions: %s', async (seed, session) => {
    expect(complaints(await trial(readReplicas, seed, { ...short, options: { session } }))).toEqual([]);
  });

  it.each(readReplicas.flaws.map(({ name }) => name))(
    '%s is caught, and only the flaw is to blame',
    async (flaw) => {
      expect(await caught(readReplicas, flaw, {}, 10)).toMatchObject({ without: [] });
    },
  );

  it('a replica that lost its disk gets the whole state, and one that was away for long, too', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, fault: 'disk-destroyed', target: { hosts: ['replica1'] }, parameters: {} },
      { at: SECOND, for: SECOND, fault: 'crash', target: { hosts: ['replica1'] }, parameters: {} },
      { at: SECOND, for: 2 * SECOND, fault: 'kill', target: { hosts: ['replica2'] }, parameters: {} },
    ];
    const result = await trial(readReplicas, 1, { ...short, schedule, rate: 100 });
    expect(complaints(result)).toEqual([]);
    for (const host of ['replica1', 'replica2'])
      expect(result.events).toContainEqual(
        expect.objectContaining({ kind: 'state-transfer', host, data: { sequence: expect.any(Number) } }),
      );
  });
});

describe('a replica far from the writer', () => {
  const delayed: Plan['schedule'] = [
    {
      at: 0,
      for: 5 * SECOND,
      fault: 'packet-delay',
      target: { hosts: ['replica1'] },
      parameters: { delay: 60 * MILLISECOND },
    },
  ];
  const broken = async (session: Session, guarantee: 'read-your-writes' | 'monotonic-reads') => {
    const found = { schedule: delayed, clients: 5, rate: 200, ...short };
    const { events, judgement } = await trial(readReplicas, 1, { ...found, options: { session } });
    expect(judgement.validity).toBe('valid');
    const { figures, ...verdict } = sessionGuarantees.check(
      { header, events },
      { guarantees: [guarantee] },
      {},
    );
    expect(figures).toMatchObject({ reads: expect.any(Number) });
    return verdict.anomalies.map(({ name }) => name);
  };

  it('shows clients without a session less than they wrote, and less than they saw before', async () => {
    expect(await broken('none', 'read-your-writes')).toContain('read-your-writes');
    expect(await broken('none', 'monotonic-reads')).toContain('monotonic-reads');
  });

  it('never goes back for those who stick to it, but has not what they just wrote', async () => {
    expect(await broken('sticky', 'monotonic-reads')).toEqual([]);
    expect(await broken('sticky', 'read-your-writes')).toContain('read-your-writes');
  });

  it('waits for what a token asks for', async () => {
    expect(await broken('tokens', 'read-your-writes')).toEqual([]);
    expect(await broken('tokens', 'monotonic-reads')).toEqual([]);
  });
});

describe('replicas cut off from the writer for two seconds, with clients on both sides', () => {
  const schedule: Plan['schedule'] = [
    {
      at: SECOND,
      for: 2 * SECOND,
      fault: 'partition-halves',
      target: { hosts: ['writer1', 'c1', 'c2'] },
      parameters: {},
    },
  ];
  const run = async (options: { readonly [name: string]: Json }) => {
    const { events, judgement } = await trial(readReplicas, 1, {
      ...short,
      schedule,
      clients: 5,
      rate: 200,
      options,
    });
    expect(judgement.validity).toBe('valid');
    const { lag } = staleness.check({ header, events }, {}, {}).figures as { lag: { max: number } };
    const refused = events.filter(
      (event) => isOperation(event) && event.f === 'read' && event.type === 'fail',
    ).length;
    return { worst: lag.max, refused, events };
  };
  const lags = (events: readonly HistoryEvent[]) =>
    events
      .filter(isObservation)
      .filter(({ kind }) => kind === 'lag')
      .map(({ data }) => data as { readonly records: number; readonly milliseconds: number });

  it('answer from the past, as far back as the cut is long', async () => {
    const { worst, events } = await run({ session: 'none', maxLag: 0 });
    expect(worst).toBeGreaterThan(1.5 * SECOND);
    expect(Math.max(...lags(events).map(({ records }) => records))).toBeGreaterThan(20);
  });

  it('refuse to, where a bound is promised', async () => {
    const { worst, refused } = await run({ session: 'none', maxLag: 300 * MILLISECOND });
    expect(worst).toBeLessThanOrEqual(300 * MILLISECOND);
    expect(refused).toBeGreaterThan(0);
  });

  it('are a few milliseconds behind while all is well', async () => {
    const { events } = await trial(readReplicas, 1, {
      ...short,
      schedule: [],
      rate: 200,
      clients: 5,
      options: { session: 'none', maxLag: 0 },
    });
    const { lag } = staleness.check({ header, events }, {}, {}).figures as { lag: { max: number } };
    expect(lag.max).toBeGreaterThan(0);
    expect(lag.max).toBeLessThan(100 * MILLISECOND);
    expect(Math.max(...lags(events).map(({ milliseconds }) => milliseconds))).toBeLessThan(200);
  });
});
