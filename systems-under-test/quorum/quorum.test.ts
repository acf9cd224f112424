import { describe, expect, it } from 'vitest';
import { linearizable, staleness } from '../../checkers/index.ts';
import { type Json, MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, type Trial, type TrialRequest, trial } from '../testing/trial.ts';
import { quorum } from './index.ts';

const short = { time: 5 * SECOND };
const registers = { name: 'register', options: { keys: 5, casShare: 0 } };

/** What the first seeds complain of, each complaint once. */
async function found(request: TrialRequest, seeds = 3): Promise<string[]> {
  const all = new Set<string>();
  for (let seed = 1; seed <= seeds; seed++) {
    for (const complaint of complaints(await trial(quorum, seed, { ...short, ...request })))
      all.add(complaint);
  }
  return [...all];
}

const atomic = {
  resolution: 'last-write-wins',
  timestamps: 'quorum',
  quorum: 'strict',
  readRepair: 'before-reply',
};

describe('quorum keeps its promises under what it tolerates', () => {
  it.each<[what: string, options: Json, workload: TrialRequest['workload']]>([
    ['sloppy, siblings', {}, undefined],
    ['sloppy, siblings, as registers', {}, registers],
    ['sloppy, siblings, as sets', {}, { name: 'set' }],
    ['strict, siblings', { quorum: 'strict' }, undefined],
    ['sloppy, last write wins', { resolution: 'last-write-wins' }, undefined],
    ['strict, last write wins', { resolution: 'last-write-wins', quorum: 'strict' }, undefined],
    ['timestamps from a quorum, reads that write back', atomic, undefined],
  ])('%s', async (_, options, workload) => {
    const request = workload === undefined ? { options } : { options, workload };
    expect(await found(request, 2)).toEqual([]);
  });
});

/** Copies lag behind each other. */
const late: Plan['schedule'] = ['n1', 'n3', 'n5'].map((host) => ({
  at: 0,
  for: 5 * SECOND,
  fault: 'packet-delay',
  target: { hosts: [host] },
  parameters: { delay: 5 * MILLISECOND, jitter: 40 * MILLISECOND },
}));

/** Two servers with all clients, and three without. */
const apart: Plan['schedule'] = [
  {
    at: SECOND,
    for: 3 * SECOND,
    fault: 'partition-halves',
    target: { hosts: ['n1', 'n2', 'c1', 'c2', 'c3', 'c4'] },
    parameters: {},
  },
];

/** What a checker that was not asked says of the same history. */
function verdictOf(events: Trial['events'], by: typeof linearizable | typeof staleness) {
  return by.check({ header: { sixways: 1, world: 'simulator' }, events }, {}, {});
}

describe('quorums and late packets, no other faults', () => {
  const strict = { resolution: 'last-write-wins', quorum: 'strict', readRepair: 'off' };
  const run = (seed: number, options: Json) =>
    trial(quorum, seed, { ...short, options, schedule: late, rate: 200, clients: 10 });

  it.each([
    [1, 1, true],
    [1, 2, true],
    [2, 2, false],
    [1, 3, false],
  ])('R = %i, W = %i of 3: reads are stale: %s', async (r, w, isStale) => {
    let stale = 0;
    for (const seed of [1, 2]) {
      const { events, judgement } = await run(seed, { ...strict, r, w });
      expect(judgement.validity).toBe('valid');
      stale += Number(verdictOf(events, staleness).figures.stale);
    }
    expect(stale > 0).toBe(isStale);
  });

  it('R + W > N is no linearizable register: an unfinished write appears and vanishes; with reads that write back it is', async () => {
    const verdicts = async (options: Json) => {
      const seen: string[] = [];
      for (const seed of [1, 2, 3])
        seen.push(verdictOf((await run(seed, options)).events, linearizable).validity);
      return seen;
    };
    expect(await verdicts(strict)).toContain('invalid');
    expect(await verdicts({ ...strict, readRepair: 'before-reply' })).toEqual(['valid', 'valid', 'valid']);
  });
});

describe('a clock that is a minute ahead', () => {
  const schedule: Plan['schedule'] = [
    {
      at: SECOND,
      for: SECOND,
      fault: 'clock-step',
      target: { hosts: ['n2'] },
      parameters: { step: 60 * SECOND },
    },
  ];
  const complaintsWith = async (options: Json, workload: TrialRequest['workload'] = registers) =>
    complaints(await trial(quorum, 1, { ...short, options, schedule, workload }));

  it('makes the last write lose: what was acknowledged later is gone', async () => {
    expect(await complaintsWith({ resolution: 'last-write-wins' })).toContain('durability/lost-write');
    expect(await complaintsWith({ resolution: 'last-write-wins', quorum: 'strict' })).toContain(
      'durability/lost-write',
    );
  });

  it('does nothing to version vectors, nor to timestamps from a quorum', async () => {
    expect(await complaintsWith({})).toEqual([]);
    expect(await complaintsWith({}, { name: 'siblings' })).toEqual([]);
    expect(await complaintsWith(atomic)).toEqual([]);
  });
});

describe('concurrent writes', () => {
  it('are kept as siblings by version vectors, and forgotten by last write wins, with no fault at all', async () => {
    const workload = { name: 'siblings', options: { keys: 1 } };
    const run = (options: Json) =>
      trial(quorum, 1, { ...short, faults: [], workload, options, clients: 10, rate: 200 });
    const kept = await run({});
    expect(complaints(kept)).toEqual([]);
    const { figures } = kept.judgement.verdicts.find(({ checker }) => checker === 'siblings')!;
    expect(figures.withSiblings).toBeGreaterThan(10);
    expect(complaints(await run({ resolution: 'last-write-wins' }))).toContain('siblings/lost');
  });
});

describe('a partition that leaves no quorum on one side', () => {
  it('stops strict quorums there, and not sloppy ones', async () => {
    const served = async (options: Json) => {
      const { events, judgement } = await trial(quorum, 1, {
        ...short,
        options,
        schedule: apart,
        clients: 4,
        rate: 100,
      });
      expect(judgement.validity).toBe('valid');
      return events.filter(({ type, time }) => type === 'ok' && time > 2.5 * SECOND && time < 4.5 * SECOND)
        .length;
    };
    const [sloppy, strict] = [await served({}), await served({ quorum: 'strict' })];
    expect(sloppy).toBeGreaterThan(50);
    expect(strict).toBeLessThan(sloppy / 2);
  });
});

describe('flaws of quorum', () => {
  it.each([
    ['dot-in-vector', { rate: 200, clients: 10 }],
    ['counter-restarts', { faults: ['restart', 'kill'] }],
    ['replaces-copy', { faults: ['partition-one', 'packet-delay'], rate: 200 }],
    ['acknowledges-before-sync', { faults: ['lost-writes', 'power-loss'] }],
    ['trusts-damaged-copy', { faults: ['disk-destroyed', 'crash'] }],
    ['reads-one-copy-less', { faults: ['packet-delay', 'partition-one'] }],
    ['replies-before-write-back', { schedule: late, rate: 200, clients: 10 }],
  ])('%s is caught, and only the flaw is to blame', async (flaw, request) => {
    expect(await caught(quorum, flaw, { ...short, ...request }, 40)).toMatchObject({ without: [] });
  });
});
