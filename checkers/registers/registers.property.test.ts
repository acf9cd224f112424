import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type History,
  type Json,
  type Operation,
  type OperationPair,
  operationPairs,
} from '../../histories/index.ts';
import { isLinearizable } from '../testing/brute-force.ts';
import { comparisons } from '../testing/comparisons.ts';
import { executions, spoiled } from '../testing/executions.ts';
import { corruption } from './corruption.ts';
import { durability } from './durability.ts';
import { staleness } from './staleness.ts';

/** As `expect(actual).toEqual(expected)`, which is slow, for thousands of times. */
function same(actual: Json, expected: Json): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

const shapes = [
  { threads: 3, steps: 30, unique: true },
  { threads: 5, steps: 30, unique: false },
  { threads: 2, steps: 60, unique: true },
];
const small = [
  { threads: 2, steps: 8, unique: true },
  { threads: 2, steps: 8, unique: false },
];

describe('linearizable executions', () => {
  it.each(shapes)('raise no alarm: %j', (shape) => {
    fc.assert(
      fc.property(executions(shape), (history) => {
        expect(durability.check(history, {}, {}).anomalies).toEqual([]);
        expect(corruption.check(history, {}, {}).anomalies).toEqual([]);
        expect(staleness.check(history, { within: 0 }, {}).anomalies).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each(small)('are linearizable by definition: %j', (shape) => {
    fc.assert(
      fc.property(
        executions(shape),
        (history) => isLinearizable(history, 'x') && isLinearizable(history, 'y'),
      ),
      { numRuns: 100 },
    );
  });
});

describe('spoiled executions', () => {
  it('are bad enough to raise every alarm often', () => {
    const counts: { [name: string]: number } = {};
    for (const history of fc.sample(spoiled(executions(shapes[0]!)), { numRuns: 300, seed: 1 })) {
      const alarms = [durability, corruption]
        .flatMap((checker) => checker.check(history, {}, {}).anomalies)
        .concat(staleness.check(history, { within: 0 }, {}).anomalies);
      for (const name of new Set(alarms.map((alarm) => alarm.name))) counts[name] = (counts[name] ?? 0) + 1;
    }
    for (const name of ['lost-write', 'garbage-read', 'aborted-read', 'future-read', 'stale-read']) {
      expect([name, (counts[name] ?? 0) >= 5]).toEqual([name, true]);
    }
  });

  it.each(small)('an alarm is never raised for a key that is linearizable: %j', (shape) => {
    fc.assert(
      fc.property(spoiled(executions(shape)), (history) => {
        const alarms = [durability, corruption]
          .flatMap((checker) => checker.check(history, {}, {}).anomalies)
          .concat(staleness.check(history, { within: 0 }, {}).anomalies);
        for (const { key, name } of alarms) {
          expect({ key, name, linearizable: isLinearizable(history, String(key)) }).toEqual({
            key,
            name,
            linearizable: false,
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    // In parts, so that none takes long on a busy machine.
    ...[...small, ...small].map((shape) => ({
      ...shape,
      numRuns: comparisons('durability, corruption, staleness', 4),
    })),
    ...shapes.map((shape) => ({ ...shape, numRuns: 150 })),
  ])('the verdicts are those of the definitions: %j', ({ numRuns, ...shape }) => {
    const seen: { [name: string]: number } = {};
    fc.assert(
      fc.property(spoiled(executions(shape)), fc.integer({ min: 1, max: 3 }), (history, versions) => {
        const verdicts = [
          durability.check(history, {}, {}),
          corruption.check(history, {}, {}),
          staleness.check(history, { versions }, {}),
        ] as const;
        const [durable, corrupt, stale] = verdicts;
        for (const { checker, validity } of verdicts) {
          seen[`${checker} ${validity}`] = (seen[`${checker} ${validity}`] ?? 0) + 1;
        }
        const keys = ['x', 'y'];
        const reads = keys.flatMap((key) =>
          readsOf(history, key).map((read) => ({ read, over: overwriters(history, key, read) })),
        );
        const lags = reads.map(({ read, over }) => lagOf(read, over));
        const origins = keys.flatMap((key) =>
          sightsOf(history, key).map((sight) => originOf(history, key, sight)),
        );
        const count = (name: string) => origins.filter((candidate) => candidate === name).length;
        const old = reads.filter(({ over }) => over.length >= versions).length;
        same(
          {
            lost: durable.anomalies.map(({ key }) => String(key)).sort(),
            impossible: corrupt.figures.impossible!,
            lag: (stale.figures.lag as { max: number | null }).max,
            stale: stale.figures.stale!,
            newerVersions: stale.figures.newerVersions!,
            tooOld: stale.figures.tooOld!,
            invalid: stale.validity === 'invalid',
          },
          {
            lost: keys.filter((key) => isLost(history, key)),
            impossible: {
              'garbage-read': count('garbage-read'),
              'aborted-read': count('aborted-read'),
              'future-read': count('future-read'),
            },
            lag: lags.length === 0 ? null : Math.max(...lags),
            stale: lags.filter((lag) => lag > 0).length,
            newerVersions: Math.max(0, ...reads.map(({ over }) => over.length)),
            tooOld: old,
            invalid: old > 0,
          },
        );
      }),
      { numRuns },
    );
    for (const name of ['durability', 'corruption', 'staleness']) {
      for (const validity of ['valid', 'invalid']) {
        expect([name, validity, (seen[`${name} ${validity}`] ?? 0) > numRuns / 50]).toEqual([
          name,
          validity,
          true,
        ]);
      }
    }
  });
});

describe('the same history told otherwise', () => {
  const judged = (history: History) =>
    [
      durability.check(history, {}, {}),
      corruption.check(history, {}, {}),
      staleness.check(history, { versions: 1 }, {}),
    ].map(({ validity, anomalies, figures }) => ({
      validity,
      anomalies: anomalies.map(({ name, operations }) => ({ name, operations })),
      figures,
    }));

  it('with other names of keys and values', () => {
    const renamed = (value: Json): Json =>
      Array.isArray(value) ? value.map(renamed) : value === null ? null : { name: `v${value}` };
    fc.assert(
      fc.property(spoiled(executions(shapes[0]!)), (history) => {
        const events = history.events.map((event) => {
          const operation = event as Operation;
          return { ...operation, key: operation.key === 'x' ? 17 : 4, value: renamed(operation.value) };
        });
        expect(judged({ ...history, events })).toEqual(judged(history));
      }),
      { numRuns: 500 },
    );
  });

  it('with neighbouring invocations, or neighbouring completions, in the other order', () => {
    fc.assert(
      fc.property(spoiled(executions(shapes[0]!)), fc.nat(), (history, at) => {
        const events = [...history.events] as Operation[];
        const n = at % Math.max(1, events.length - 1);
        const [first, second] = [events[n], events[n + 1]];
        if (first === undefined || second === undefined || first.process === second.process) return;
        if ((first.type === 'invoke') !== (second.type === 'invoke')) return;
        events[n] = { ...second, index: n, time: first.time };
        events[n + 1] = { ...first, index: n + 1, time: first.time };
        const tied = [...history.events] as Operation[];
        tied[n + 1] = { ...second, time: first.time };
        const validities = (all: Operation[]) =>
          judged({ ...history, events: all }).map(({ validity }) => validity);
        expect(validities(events)).toEqual(validities(tied));
      }),
      { numRuns: 500 },
    );
  });
});

// What follows says the same as the checkers, word by word, without any cleverness.

function of(history: History, key: string): OperationPair[] {
  return operationPairs(history.events).filter(({ invocation }) => invocation.key === key);
}

function wrote({ invocation: { f, value } }: OperationPair): Json | undefined {
  return f === 'write' ? value : f === 'cas' ? (value as readonly Json[])[1] : undefined;
}

function isOk({ completion }: OperationPair): boolean {
  return completion?.type === 'ok';
}

function readsOf(history: History, key: string): OperationPair[] {
  return of(history, key).filter((pair) => pair.invocation.f === 'read' && isOk(pair));
}

function saw({ invocation, completion }: OperationPair): Json {
  return invocation.f === 'cas' ? (invocation.value as readonly Json[])[0]! : completion!.value;
}

function sightsOf(history: History, key: string): OperationPair[] {
  return of(history, key).filter((pair) => pair.invocation.f !== 'write' && isOk(pair));
}

/** Acknowledged operations that certainly replaced what the read saw, before it was invoked. */
function overwriters(history: History, key: string, read: OperationPair): OperationPair[] {
  const value = saw(read);
  const mutations = of(history, key).filter(
    (pair) => wrote(pair) !== undefined && pair.completion?.type !== 'fail',
  );
  const writers = mutations.filter((pair) => wrote(pair) === value);
  if (writers.length === 0 && value !== null) return [];
  const ends = writers.map((pair) => (isOk(pair) ? pair.completion!.index : Number.POSITIVE_INFINITY));
  if (writers.length === 1) {
    const first = Math.min(
      ...sightsOf(history, key)
        .filter((sight) => saw(sight) === value)
        .map(({ completion }) => completion!.index),
    );
    if (first > writers[0]!.invocation.index) ends.push(first);
    ends.splice(0, ends.length, Math.min(...ends));
  }
  return mutations.filter(
    (pair) =>
      isOk(pair) &&
      ends.every((end) => end < pair.invocation.index) &&
      pair.completion!.index < read.invocation.index,
  );
}

function isLost(history: History, key: string): boolean {
  const final = readsOf(history, key).filter(({ invocation }) => invocation.phase === 'final');
  return final.length > 0 && final.every((read) => overwriters(history, key, read).length > 0);
}

function lagOf(read: OperationPair, over: readonly OperationPair[]): number {
  const times = over.map(({ completion }) => completion!.time);
  return times.length === 0 ? 0 : read.invocation.time - Math.min(...times);
}

function originOf(history: History, key: string, sight: OperationPair): string | undefined {
  const value = saw(sight);
  if (value === null) return undefined;
  const all = of(history, key).filter(
    (pair) => wrote(pair) === value && pair.invocation.index !== sight.invocation.index,
  );
  const before = all.filter(({ invocation }) => invocation.index < sight.completion!.index);
  if (before.some(({ completion }) => completion?.type !== 'fail')) return undefined;
  if (before.length > 0) return 'aborted-read';
  return all.length > 0 ? 'future-read' : 'garbage-read';
}
