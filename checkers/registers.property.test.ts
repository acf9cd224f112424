import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type History, type Json, type OperationPair, operationPairs } from '../histories/index.ts';
import { corruption } from './corruption.ts';
import { durability } from './durability.ts';
import { staleness } from './staleness.ts';
import { isLinearizable } from './testing/brute-force.ts';
import { executions, spoiled } from './testing/executions.ts';

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

  it.each([...small, ...shapes])('durability agrees with its definition: %j', (shape) => {
    fc.assert(
      fc.property(spoiled(executions(shape)), (history) => {
        const found = durability.check(history, {}, {}).anomalies.map(({ key }) => key);
        expect(found.sort()).toEqual(['x', 'y'].filter((key) => isLost(history, key)));
      }),
      { numRuns: 150 },
    );
  });

  it.each([...small, ...shapes])('staleness agrees with its definition: %j', (shape) => {
    fc.assert(
      fc.property(spoiled(executions(shape)), (history) => {
        const lags = ['x', 'y'].flatMap((key) =>
          readsOf(history, key).map((read) => lagOf(history, key, read)),
        );
        const { figures } = staleness.check(history, {}, {});
        expect(figures.lag).toMatchObject({ max: lags.length === 0 ? null : Math.max(...lags) });
        expect(figures.stale).toBe(lags.filter((lag) => lag > 0).length);
      }),
      { numRuns: 150 },
    );
  });

  it.each([...small, ...shapes])('corruption agrees with its definition: %j', (shape) => {
    fc.assert(
      fc.property(spoiled(executions(shape)), (history) => {
        const { impossible } = corruption.check(history, {}, {}).figures;
        const names = ['x', 'y'].flatMap((key) =>
          sightsOf(history, key).map((sight) => originOf(history, key, sight)),
        );
        const count = (name: string) => names.filter((candidate) => candidate === name).length;
        expect(impossible).toEqual({
          'garbage-read': count('garbage-read'),
          'aborted-read': count('aborted-read'),
          'future-read': count('future-read'),
        });
      }),
      { numRuns: 150 },
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

function lagOf(history: History, key: string, read: OperationPair): number {
  const times = overwriters(history, key, read).map(({ completion }) => completion!.time);
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
