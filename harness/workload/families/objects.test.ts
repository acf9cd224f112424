import { describe, expect, it } from 'vitest';
import type { Json, Workload } from '../../contract/index.ts';
import { simulate } from '../index.ts';
import { lines, seededDraws } from '../testing/lines.ts';
import { counter, pnCounter } from './counter.ts';
import { election } from './election.ts';
import { kafka } from './kafka.ts';
import { lock } from './lock.ts';
import { queue } from './queue.ts';
import { set } from './set.ts';
import { stack } from './stack.ts';
import { uniqueIds } from './unique-ids.ts';

const invoked = <Options>(workload: Workload<Options>, options: Options, threads = 3, most = 400) =>
  simulate(workload.main(options), { threads, draws: seededDraws(), most }).filter(
    ({ type }) => type === 'invoke',
  );

const none = { keys: 1 };

describe('families of objects', () => {
  it.each([
    [set, { keys: 2, addShare: 4, readShare: 1 }, { add: 0.8, read: 0.2 }],
    [counter, { keys: 2, addShare: 1, readShare: 3 }, { add: 0.25, read: 0.75 }],
    [queue, { keys: 2 }, { enqueue: 0.5, dequeue: 0.5 }],
    [stack, { keys: 2 }, { push: 0.5, pop: 0.5 }],
    [uniqueIds, { keys: 2 }, { generate: 1 }],
    [election, { keys: 2 }, { elect: 1 }],
  ])('draws operations of $name in their shares, on all keys', (workload, options, shares) => {
    const operations = invoked(workload, options, 3, 1000);
    for (const [f, share] of Object.entries(shares)) {
      expect(operations.filter((operation) => operation.f === f).length / 1000).toBeCloseTo(share, 1);
    }
    expect(new Set(operations.map(({ key }) => key))).toEqual(new Set(['k0', 'k1']));
    expect(new Set(operations.map(({ f }) => f))).toEqual(new Set(workload.operations));
  });

  it.each([
    [set, 'add'],
    [queue, 'enqueue'],
    [stack, 'push'],
  ])('never uses an element of $name twice', (workload, f) => {
    const used = invoked(workload, none).filter((operation) => operation.f === f);
    expect(new Set(used.map(({ value }) => value)).size).toBe(used.length);
  });

  it('asks again for an element of a set that was not added, as often as it is told', () => {
    const events = simulate(set.main({ ...none, addShare: 1, readShare: 0, attempts: 3 }), {
      threads: 1,
      draws: seededDraws(),
      most: 6,
      outcome: () => 'info',
    });
    const asked = events.filter(({ type }) => type === 'invoke').map(({ value }) => value);
    expect(asked).toEqual([1, 1, 1, asked[3], asked[3], asked[3]]);
    expect(asked[3]).not.toBe(1);
  });

  it('adds to counters, and subtracts if they go both ways', () => {
    const added = (workload: typeof counter) =>
      new Set(
        invoked(workload, none)
          .filter(({ f }) => f === 'add')
          .map(({ value }) => value),
      );
    expect(added(counter)).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(added(pnCounter)).toEqual(new Set([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]));
  });

  it('reads every key by three clients at the end, where that says something', () => {
    expect(lines(set.final({ keys: 2 }), { threads: 5 })).toHaveLength(6);
    expect(lines(counter.final(none), { threads: 2 })).toEqual(['0 0 read k0', '0 1 read k0']);
    expect(lines(uniqueIds.final(none), { threads: 2 })).toEqual([]);
  });

  it('refuses shares that leave nothing to do', () => {
    expect(() => set.main({ keys: 1, addShare: 0, readShare: 0 })).toThrow(
      'set: expected a positive share, got 0, 0',
    );
  });
});

describe.each([
  [queue, 'dequeue'],
  [stack, 'pop'],
])('$name, at the end', (workload, f) => {
  const outcomes =
    (...kinds: readonly ('ok' | 'fail' | 'info')[]) =>
    (_: unknown, nth: number) =>
      kinds[nth] ?? 'info';

  it('takes out one after the other until one is found empty, key by key', () => {
    const asked = simulate(workload.final({ keys: 2 }), {
      threads: 3,
      draws: seededDraws(),
      outcome: outcomes('info', 'fail', 'ok'),
    }).filter(({ type }) => type === 'invoke');
    expect(asked.map((operation) => [operation.f, operation.key, operation.time])).toEqual([
      [f, 'k0', 0],
      [f, 'k0', 10],
      [f, 'k1', 20],
    ]);
  });

  it('gives up what does not answer', () => {
    const asked = simulate(workload.final(none), { threads: 1, draws: seededDraws(), outcome: () => 'info' });
    expect(asked.filter(({ type }) => type === 'invoke')).toHaveLength(20);
  });
});

describe('stack', () => {
  it('is judged by its order, and by what was found empty if that can be trusted', () => {
    expect(stack.checkers(none)).toEqual([
      { name: 'linearizable', options: { model: 'stack', empty: 'ignore' } },
    ]);
    expect(stack.checkers({ keys: 1, empty: 'observe' })).toEqual([
      { name: 'linearizable', options: { model: 'stack', empty: 'observe' } },
    ]);
  });
});

describe('lock', () => {
  it('releases what was acquired, tries again if refused, and begins afresh after an indeterminate operation', () => {
    const kinds = ['ok', 'ok', 'fail', 'ok', 'fail', 'ok', 'ok', 'info', 'ok'] as const;
    const events = simulate(lock.main(none), {
      threads: 1,
      draws: seededDraws(),
      most: kinds.length,
      outcome: (_, nth) => kinds[nth]!,
    });
    expect(events.filter(({ type }) => type === 'invoke').map(({ f, process }) => `${process} ${f}`)).toEqual(
      [
        '0 acquire',
        '0 release',
        '0 acquire',
        '0 acquire',
        '0 release',
        '0 release',
        '0 acquire',
        '0 release',
        '1 acquire',
      ],
    );
  });
});

describe('kafka', () => {
  it('assigns all logs to each process first, then sends unique messages and polls', () => {
    const operations = invoked(kafka, { keys: 2, sendShare: 1, pollShare: 1, most: 3 }, 2, 300);
    expect(operations.slice(0, 2).map(({ f, value }) => [f, value])).toEqual([
      ['assign', ['k0', 'k1']],
      ['assign', ['k0', 'k1']],
    ]);
    const sent = operations.filter(({ f }) => f === 'send').flatMap(({ value }) => value as Json[][]);
    expect(new Set(sent.map(([, , message]) => message)).size).toBe(sent.length);
    expect(new Set(sent.map(([, key]) => key))).toEqual(new Set(['k0', 'k1']));
    expect(new Set(operations.map(({ f }) => f))).toEqual(new Set(['assign', 'send', 'poll']));
  });

  it('polls at the end until nothing more comes', () => {
    const asked = lines(kafka.final({ keys: 1, sendShare: 1, pollShare: 1, most: 1 }), { threads: 2 });
    expect(asked.filter((line) => line.includes('assign'))).toHaveLength(2);
    expect(asked.filter((line) => line.includes('poll'))).toHaveLength(10);
  });
});
