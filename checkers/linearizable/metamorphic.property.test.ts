import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, HistoryEvent, Json, Operation } from '../../histories/index.ts';
import { type LinearizableOptions, linearizable } from './index.ts';
import { type Draw, type ExecutionShape, execution } from './testing/executions.ts';
import { historyOf } from './testing/history-of.ts';
import { fifoSpecification, registerSpecification, type Specification } from './testing/specifications.ts';

interface Case {
  readonly name: string;
  readonly options: LinearizableOptions;
  readonly specification: Specification;
  readonly shape: ExecutionShape;
  /** A function whose calls may be lost without a trace. */
  readonly changes: string;
}

const number = (draw: Draw): number => draw(4);

const register = (name: string, unique: boolean, cas: boolean): Case => ({
  name,
  options: { model: 'cas-register', initial: 0 },
  specification: registerSpecification,
  changes: 'write',
  shape: {
    operations: 10,
    processes: 4,
    lost: 1,
    ask: (draw) => {
      const f = (cas ? ['read', 'read', 'write', 'cas'] : ['read', 'write'])[draw(cas ? 4 : 2)]!;
      return { f, value: f === 'read' ? null : f === 'cas' ? [number(draw), number(draw)] : number(draw) };
    },
    telling: ['read'],
    replacement: number,
    ...(unique && { unique: 'write' }),
  },
});

const CASES: readonly Case[] = [
  register('registers with unique writes', true, false),
  register('registers', false, true),
  {
    name: 'queues',
    options: { model: 'fifo-queue', empty: 'observe' },
    specification: fifoSpecification,
    changes: 'enqueue',
    shape: {
      operations: 10,
      processes: 4,
      lost: 1,
      ask: (draw) => (draw(2) === 0 ? { f: 'enqueue', value: 0 } : { f: 'dequeue', value: null }),
      telling: ['dequeue'],
      replacement: (draw) => 1 + draw(10),
      unique: 'enqueue',
    },
  },
];

const operations = ({ events }: History): Operation[] => events as Operation[];

const withEvents = (history: History, events: readonly HistoryEvent[]): History => ({
  ...history,
  events: events.map((event, index) => ({ ...event, index, time: index })),
});

/** Every value but null replaced, equal ones by equal ones. */
function renamed(history: History): History {
  const rename = (value: Json): Json =>
    Array.isArray(value) ? value.map(rename) : value === null || value === 0 ? value : `v${value}`;
  return withEvents(
    history,
    operations(history).map((event) => ({ ...event, value: rename(event.value) })),
  );
}

/** Neighbouring invocations, and neighbouring completions, change places: no order in real time changes. */
function permuted(history: History): History {
  const events = operations(history).slice();
  for (let n = 1; n < events.length; n++) {
    const [a, b] = [events[n - 1]!, events[n]!];
    if ((a.type === 'invoke') !== (b.type === 'invoke') || a.process === b.process) continue;
    [events[n - 1], events[n]] = [b, a];
  }
  return withEvents(history, events);
}

describe.each(CASES)('$name', ({ options, specification, shape, changes }) => {
  const validity = (history: History): string => linearizable.check(history, options, {}).validity;

  it('keep their verdict, or stay valid, when they are changed in ways that do not matter', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat(100), fc.nat(100), (seed, cut, at) => {
        const placed = execution(seed, specification, shape);
        const history = historyOf(placed);
        const verdict = validity(history);
        if (verdict === 'unknown') return;
        seen[verdict as 'valid' | 'invalid']++;
        expect(validity(renamed(history))).toBe(verdict);
        expect(validity(permuted(history))).toBe(verdict);
        expect(validity(historyOf(placed, 'y'))).toBe(verdict);
        if (verdict !== 'valid') return;

        const kept = history.events.slice(0, 1 + (cut % history.events.length));
        expect(validity(withEvents(history, kept))).not.toBe('invalid');

        const lost: Operation = {
          index: 0,
          time: 0,
          process: 1000,
          type: 'invoke',
          f: changes,
          value: 77,
        };
        const place = at % (history.events.length + 1);
        const longer = [...history.events.slice(0, place), lost, ...history.events.slice(place)];
        expect(validity(withEvents(history, longer))).toBe('valid');
      }),
      { numRuns: 700 },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(50);
  });
});

describe.each(CASES.filter(({ changes }) => changes === 'write'))(
  '$name',
  ({ options, specification, shape }) => {
    const validity = (history: History, more: LinearizableOptions = {}): string =>
      linearizable.check(history, { ...options, ...more }, {}).validity;

    it('reads of null match everything where the option says so, and nothing else changes', () => {
      const seen = { valid: 0, invalid: 0 };
      fc.assert(
        fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.array(fc.nat(100), { maxLength: 4 }), (seed, nulls) => {
          const placed = execution(seed, specification, shape);
          const reads = placed.filter(({ call }) => call.f === 'read' && call.outcome === 'ok');
          const nulled = new Set(nulls.map((n) => reads[n % Math.max(1, reads.length)]));
          const without = validity(historyOf(placed.filter((one) => !nulled.has(one))));
          if (without === 'unknown') return;
          const blank = placed.map((one) =>
            nulled.has(one) ? { ...one, call: { ...one.call, result: null } } : one,
          );
          seen[without as 'valid' | 'invalid']++;
          expect(validity(historyOf(blank), { nilReads: true })).toBe(without);
        }),
        { numRuns: 700 },
      );
      expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(50);
    });
  },
);
