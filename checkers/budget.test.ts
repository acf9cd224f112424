import { describe, expect, it } from 'vitest';
import type { History, Json } from '../histories/index.ts';
import { Pace, timed } from './budget.ts';
import {
  adyaG2,
  type Budget,
  bank,
  type Checker,
  causalReverse,
  counter,
  crdtSet,
  fencedLock,
  kafka,
  linearizable,
  listAppend,
  monotonic,
  sequential,
  setFull,
  totalQueue,
} from './index.ts';
import { history } from './testing/notation.ts';

describe('Pace', () => {
  it('asks the clock every 4096 steps and stays ended', () => {
    let asked = 0;
    const pace = new Pace({ expired: () => ++asked === 2 });
    let steps = 0;
    while (!pace.over()) steps++;
    expect({ asked, steps }).toEqual({ asked: 2, steps: 2 * 4096 - 1 });
    expect(pace.over(1_000_000)).toBe(true);
    expect(asked).toBe(2);
  });

  it('never ends without a clock', () => {
    expect(new Pace({}).over(1e9)).toBe(false);
  });

  it('tells as often as it asks, sections as parts of the whole', () => {
    const told: string[] = [];
    const pace = new Pace({ progress: (done, total) => told.push(`${done}/${total}`) });
    pace.tell(1, 9);
    pace.over(4096);
    pace.tell(2, 9);
    pace.tell(3, 9);
    pace.section(50, 10, 200);
    pace.over(4096);
    pace.tell(1, 2);
    expect(told).toEqual(['2/9', '55/200']);
  });

  it('names its bound', () => {
    expect(new Pace({ seconds: 2.5 }).bound).toBe('2.5 s');
    expect(new Pace({ expired: () => true }).bound).toBe('time');
  });
});

describe('timed', () => {
  it('measures the seconds from now on', () => {
    let now = 5_000;
    const budget = timed({ seconds: 1.5, steps: 7 }, () => now);
    expect(budget.steps).toBe(7);
    expect(budget.expired?.()).toBe(false);
    now = 6_500;
    expect(budget.expired?.()).toBe(true);
  });
  it('changes nothing without seconds, and heeds what the caller says besides', () => {
    expect(timed({ steps: 1 }, () => 0)).toEqual({ steps: 1 });
    expect(timed({ seconds: 1, expired: () => true }, () => 0).expired?.()).toBe(true);
  });
});

describe('checkers out of time', () => {
  const over = { seconds: 3, expired: () => true };

  it('linearizable names the bound', () => {
    // Twelve open cas from one value to ever new ones and back: each order is another state.
    const open = Array.from({ length: 12 }, (_, n) => `${n}:cas(0,${n + 1}) ${n + 20}:cas(${n + 1},0)`);
    const closed = Array.from({ length: 12 }, (_, n) => `${n}:ok ${n + 20}:ok`);
    const slow = history(`${open.join(' ')} ${closed.join(' ')}`);
    const check = (budget: Budget) => linearizable.check(slow, { initial: 0 }, budget);
    expect(check(over)).toMatchObject({
      validity: 'unknown',
      reason: expect.stringMatching(/^the bound of 3 s was reached after \d+ of its 24 completed operations/),
    });
    const told: number[] = [];
    expect(check({ progress: (done, total) => told.push(done / total) }).validity).toBe('valid');
    expect(told.length).toBeGreaterThan(0);
    expect(told.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  /** One operation after the other, by one process, 5,000 times what is given, each on its own key if `keys`. */
  const long = (
    of: (n: number) => readonly [f: string, asked: Json, told: Json][],
    keys = false,
  ): History => {
    const events = Array.from({ length: 5000 }, (_, n) =>
      of(n).flatMap(([f, asked, told]) => [
        { process: 0, f, value: asked, ...(keys && { key: n }), type: 'invoke' as const },
        { process: 0, f, value: told, ...(keys && { key: n }), type: 'ok' as const },
      ]),
    ).flat();
    return {
      header: { sixways: 1, world: 'imported' },
      events: events.map((event, index) => ({ ...event, index, time: index })),
    };
  };
  const counting = (n: number): [string, Json, Json][] => [
    ['add', 1, 1],
    ['read', null, n + 1],
  ];
  const logged = (n: number): [string, Json, Json][] => [
    ['send', [['send', 'k', n]], [['send', 'k', [n, n]]]],
    ['poll', [['poll']], [['poll', { k: [[n, n]] }]]],
  ];
  const written = (n: number): [string, Json, Json][] => [
    ['write', n, n],
    ['read', null, n],
  ];

  const balanced = (n: number): [string, Json, Json][] => [
    ['transfer', { from: 'a', to: 'b', amount: 1 }, { from: 'a', to: 'b', amount: 1 }],
    ['read', null, { a: 5000 - n, b: n }],
  ];
  const listed = (n: number): [string, Json, Json][] => [
    ['write', n, n],
    ['read', null, []],
  ];
  const locked = (): [string, Json, Json][] => [
    ['acquire', null, null],
    ['release', null, null],
  ];
  const inserted: [string, Json, Json][] = [['insert', 1, 1]];
  const added = (n: number): [string, Json, Json][] => [
    ['add', n, n],
    ['read', null, Array.from({ length: n === 4999 ? 5000 : 0 }, (_, at) => at)],
  ];
  const elements = (n: number): [string, Json, Json][] => [
    ['add', n, n],
    ['read', null, Array.from({ length: n % 50 === 49 ? n + 1 : 0 }, (_, at) => at)],
  ];
  const queued = (n: number): [string, Json, Json][] => [
    ['enqueue', n, n],
    ['dequeue', null, n],
    ['drain', null, []],
  ];

  it.each([
    [counter, long(counting), 'after 0 of 1 key'],
    [counter, long(() => counting(0), true), 'after 819 of 5000 keys'],
    [totalQueue, long(queued), 'after 0 of 1 key'],
    [setFull, long(elements), 'after 0 of 1 key'],
    [kafka, long(logged), 'after 0 of 1 key'],
    [monotonic, long(written), 'after 4094 of 5000 reads compared'],
    [bank, long(balanced), 'after 1365 of the reads'],
    [causalReverse, long(listed), 'after 4095 of the reads'],
    [fencedLock, long(locked), 'after 0 of 1 key'],
    [adyaG2, long(() => inserted, true), 'after 4095 of 5000 keys'],
    [crdtSet, long(added), 'after 0 of 1 key'],
    [sequential, long(written), 'after an order of 0 operations'],
    [sequential, long(() => written(0), true), 'after an order of 0 operations'],
  ] satisfies readonly [Checker<object>, History, string][])(
    '$name names the bound, %#',
    (checker, given, after) => {
      expect(checker.check(given, {}, over)).toMatchObject({
        validity: 'unknown',
        reason: `the bound of 3 s was reached ${after}`,
      });
      expect(checker.check(given, {}, {}).reason ?? '').not.toContain('bound');
    },
  );

  it('what was found before the time is over stays found', () => {
    const wrong = long(
      (n) =>
        n === 0
          ? [
              ['add', 1, 1],
              ['read', null, 7],
            ]
          : counting(0),
      true,
    );
    expect(counter.check(wrong, {}, over)).toMatchObject({
      validity: 'invalid',
      anomalies: [{ name: 'out-of-bounds', key: 0 }],
    });
  });

  it('list-append names the bound', () => {
    // A ring of 5,000 transactions, each of which reads before the next one appends: found only after 5,000 edges.
    const size = 5000;
    const events = Array.from({ length: size }, (_, n) => {
      const [read, append] = [`k${n}`, `k${(n + size - 1) % size}`];
      const common = { process: n, f: 'txn' } as const;
      const txn = (seen: null | []) => [
        ['r', read, seen],
        ['append', append, 1],
      ];
      return [
        { ...common, type: 'invoke' as const, value: txn(null) },
        { ...common, type: 'ok' as const, value: txn([]) },
      ];
    }).flat();
    const ring: History = {
      header: { sixways: 1, world: 'imported', realtime: false },
      events: events.map((event, index) => ({ ...event, index, time: index })),
    };
    expect(listAppend.check(ring, { model: 'serializable' }, over)).toMatchObject({
      validity: 'unknown',
      reason: 'the bound of 3 s was reached before G2-item could be excluded',
    });
    expect(listAppend.check(ring, { model: 'serializable' }, {}).validity).toBe('invalid');
  });
});
