import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../histories/index.ts';
import { type COMPARISONS, comparisons } from '../testing/comparisons.ts';
import { decide } from './decide.ts';
import { FrontierSearch } from './frontier.ts';
import { models } from './options.ts';
import { partsOf } from './parts.ts';
import { compile, type KeyCalls, keyCalls } from './preparation.ts';
import { meets } from './testing/brute-force.ts';
import { type Draw, type ExecutionShape, execution } from './testing/executions.ts';
import { show } from './testing/show.ts';
import {
  bagSpecification,
  counterSpecification,
  fencedMutexSpecification,
  fifoSpecification,
  kvSpecification,
  mapSpecification,
  multiRegisterSpecification,
  mutexSpecification,
  reentrantMutexSpecification,
  registerSpecification,
  type Specification,
  semaphoreSpecification,
  setSpecification,
  stackSpecification,
} from './testing/specifications.ts';

const unlimited = { steps: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY };

/** What the checker does with the operations of one key. */
function judged(calls: KeyCalls, model: string, initial: Json): string {
  const results = partsOf(calls, models[model]!, initial).map(
    (part) => decide(part.calls, part.model, { initial: part.initial }, unlimited).result,
  );
  return results.find((result) => result !== 'valid') ?? 'valid';
}

/** What the search alone says, where there is another way. */
function searched(calls: KeyCalls, model: string, initial: Json): string {
  const machine = compile(calls, models[model]!, { initial });
  return new FrontierSearch(calls, machine, unlimited).run().result;
}

const oneOf = <Item>(draw: Draw, items: readonly Item[]): Item => items[draw(items.length)]!;

type Asks = Pick<
  ExecutionShape,
  'ask' | 'telling' | 'replacement' | 'pretends' | 'observesFailures' | 'pure' | 'unique'
>;

/** Of a row of the comparisons. */
type Name =
  keyof (typeof COMPARISONS)['linearizable/models.property.test.ts'] extends `linearizable: ${infer Rest}`
    ? Rest
    : never;

interface Case {
  readonly name: Name;
  readonly model: string;
  readonly specification: Specification;
  readonly initial: Json;
  readonly asks: Asks;
  /** Calls belong to whom their value names. */
  readonly owned?: boolean;
}

const key = (draw: Draw): string => oneOf(draw, ['x', 'y']);
const number = (draw: Draw): number => 1 + draw(2);

const entries = (draw: Draw): Json => {
  const all = { x: oneOf(draw, [null, 1, 2]), y: oneOf(draw, [null, 1, 2]) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
};

const onSet = (whole: boolean): Asks => ({
  ask: (draw) => {
    const f = oneOf(draw, [
      'add',
      'add',
      'remove',
      'contains',
      'contains',
      ...(whole ? ['read', 'read'] : []),
    ]);
    return { f, value: f === 'read' ? null : number(draw) };
  },
  telling: ['contains'],
  replacement: (draw) => draw(2) === 0,
  pure: ['contains', 'read'],
});

const onMap = (whole: boolean): Asks => ({
  ask: (draw) => {
    const f = oneOf(draw, ['put', 'put', 'delete', 'get', 'get', ...(whole ? ['read', 'read'] : [])]);
    return { f, value: f === 'read' ? null : f === 'put' ? [key(draw), number(draw)] : key(draw) };
  },
  telling: whole ? ['read'] : ['get'],
  replacement: (draw) => (whole ? entries(draw) : oneOf(draw, [null, 1, 2])),
  pure: ['get', 'read'],
});

const transaction = (draw: Draw): Json =>
  Array.from({ length: 1 + draw(3) }, () =>
    draw(2) === 0 ? ['r', key(draw), null] : ['w', key(draw), number(draw)],
  );

const onContainer = (insert: string, remove: string): Asks => ({
  ask: (draw) => (draw(2) === 0 ? { f: insert, value: number(draw) } : { f: remove, value: null }),
  telling: [remove],
  replacement: (draw) => oneOf(draw, [null, 1, 2]),
});

const locks = (value: (draw: Draw) => Json): Asks => ({
  ask: (draw) => ({ f: oneOf(draw, ['acquire', 'release']), value: value(draw) }),
  telling: [],
  replacement: () => null,
  pretends: (_, ask) => ask.value,
});

const onRegister = (values: number, cas: boolean, observesFailures = false): Asks => ({
  ask: (draw) => {
    const f = oneOf(draw, cas ? ['read', 'write', 'cas'] : ['read', 'write']);
    const any = (): number => draw(values);
    return { f, value: f === 'read' ? null : f === 'write' ? any() : [any(), any()] };
  },
  telling: ['read'],
  replacement: (draw) => draw(values),
  pretends: (_, { value }) => value,
  pure: ['read'],
  observesFailures,
});

const texts = ['', 'a', 'b', 'ab', 'ba', 'aab'];

const registers = { specification: registerSpecification, initial: 0 };

const CASES: readonly Case[] = [
  { name: 'register', model: 'register', ...registers, asks: onRegister(3, false) },
  {
    name: 'register, unique writes (zones)',
    model: 'register',
    ...registers,
    asks: { ...onRegister(8, false), unique: 'write' },
  },
  { name: 'cas-register', model: 'cas-register', ...registers, asks: onRegister(3, true) },
  {
    name: 'cas-register, failures observed',
    model: 'cas-register',
    ...registers,
    asks: onRegister(3, true, true),
  },
  {
    name: 'kv',
    model: 'kv',
    specification: kvSpecification,
    initial: '',
    asks: {
      ask: (draw) => {
        const f = oneOf(draw, ['get', 'put', 'append']);
        return { f, value: f === 'get' ? null : oneOf(draw, ['a', 'b', 'ab', '']) };
      },
      telling: ['get'],
      replacement: (draw) => oneOf(draw, texts),
      pure: ['get'],
    },
  },
  { name: 'set', model: 'set', specification: setSpecification, initial: [], asks: onSet(false) },
  {
    name: 'set, also read whole',
    model: 'set',
    specification: setSpecification,
    initial: [],
    asks: onSet(true),
  },
  { name: 'map', model: 'map', specification: mapSpecification, initial: {}, asks: onMap(false) },
  {
    name: 'map, also read whole',
    model: 'map',
    specification: mapSpecification,
    initial: {},
    asks: onMap(true),
  },
  {
    name: 'counter',
    model: 'counter',
    specification: counterSpecification,
    initial: 0,
    asks: {
      ask: (draw) => (draw(2) === 0 ? { f: 'read', value: null } : { f: 'add', value: draw(5) - 1 }),
      telling: ['read'],
      replacement: (draw) => draw(6),
      pure: ['read'],
    },
  },
  {
    name: 'multi-register, reads and writes',
    model: 'multi-register',
    specification: multiRegisterSpecification,
    initial: {},
    asks: {
      ask: (draw) => {
        const value = oneOf<Json>(draw, [{ x: 1 }, { y: 2 }, { x: 2, y: 1 }]);
        return { f: oneOf(draw, ['read', 'write']), value };
      },
      telling: ['read'],
      replacement: (draw, { value }) =>
        Object.fromEntries(Object.keys(value as object).map((name) => [name, oneOf(draw, [null, 1, 2])])),
      pure: ['read'],
    },
  },
  {
    name: 'multi-register, transactions',
    model: 'multi-register',
    specification: multiRegisterSpecification,
    initial: {},
    asks: {
      ask: (draw) => ({ f: 'txn', value: transaction(draw) }),
      telling: ['txn'],
      replacement: (draw, { value }) =>
        (value as readonly (readonly [string, string, Json])[]).map(([kind, at, wrote]) =>
          kind === 'r' ? [kind, at, oneOf(draw, [null, 1, 2])] : [kind, at, wrote],
        ),
    },
  },
  {
    name: 'queue',
    model: 'queue',
    specification: bagSpecification,
    initial: [],
    asks: onContainer('enqueue', 'dequeue'),
  },
  {
    name: 'fifo-queue',
    model: 'fifo-queue',
    specification: fifoSpecification,
    initial: [],
    asks: onContainer('enqueue', 'dequeue'),
  },
  {
    name: 'stack',
    model: 'stack',
    specification: stackSpecification,
    initial: [],
    asks: onContainer('push', 'pop'),
  },
  {
    name: 'mutex',
    model: 'mutex',
    specification: mutexSpecification,
    initial: false,
    asks: locks(() => null),
  },
  {
    name: 'fenced-mutex',
    model: 'fenced-mutex',
    specification: fencedMutexSpecification,
    initial: { held: false, token: null },
    asks: {
      ...locks(() => null),
      telling: ['acquire'],
      replacement: (draw) => draw(6),
      pretends: (draw, { f }) => (f === 'acquire' ? draw(6) : null),
    },
  },
  {
    name: 'semaphore',
    model: 'semaphore',
    specification: semaphoreSpecification,
    initial: 2,
    asks: locks(number),
  },
  {
    name: 'reentrant-mutex',
    model: 'reentrant-mutex',
    specification: reentrantMutexSpecification,
    initial: null,
    asks: locks((draw) => oneOf(draw, ['a', 'a', 'b'])),
    owned: true,
  },
];

describe('models against specifications, by brute force', () => {
  it.each(CASES)('$name', ({ name, model, specification, initial, asks, owned }) => {
    const seen = { valid: 0, invalid: 0 };
    const seeds = fc.nat({ max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0, 2, 5), (seed, lost) => {
        const drawn = execution(seed, specification, { operations: 8, processes: 4, lost, ...asks });
        const placed = owned
          ? drawn.map((one) => ({ ...one, call: { ...one.call, owner: one.call.value } }))
          : drawn;
        const calls = keyCalls(undefined, placed.length, placed);
        const expected = meets(calls, specification) ? 'valid' : 'invalid';
        const result = judged(calls, model, initial);
        if (result !== expected) throw new Error(`${result}, not ${expected}:\n${show(placed)}`);
        if (asks.unique !== undefined) expect(searched(calls, model, initial)).toBe(expected);
        seen[expected]++;
      }),
      { numRuns: comparisons(`linearizable: ${name}`) },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(50);
  });
});
