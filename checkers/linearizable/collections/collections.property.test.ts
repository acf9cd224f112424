import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../../testing/comparisons.ts';
import { FrontierSearch } from '../frontier.ts';
import type { Model } from '../model.ts';
import { fifoQueue, queue, stack } from '../models/collections.ts';
import { compile, keyCalls, type PlacedCall } from '../preparation.ts';
import { meets } from '../testing/brute-force.ts';
import { type ExecutionShape, execution } from '../testing/executions.ts';
import { show } from '../testing/show.ts';
import {
  bagSpecification,
  fifoSpecification,
  type Specification,
  stackSpecification,
} from '../testing/specifications.ts';
import { judgeCollection } from './index.ts';

const unlimited = { steps: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY };

interface Case {
  readonly name: 'queue' | 'fifo-queue' | 'stack';
  readonly model: Model;
  readonly specification: Specification;
  readonly insert: string;
  readonly remove: string;
}

const CASES: readonly Case[] = [
  { name: 'queue', model: queue, specification: bagSpecification, insert: 'enqueue', remove: 'dequeue' },
  {
    name: 'fifo-queue',
    model: fifoQueue,
    specification: fifoSpecification,
    insert: 'enqueue',
    remove: 'dequeue',
  },
  { name: 'stack', model: stack, specification: stackSpecification, insert: 'push', remove: 'pop' },
];

type Size = Pick<ExecutionShape, 'operations' | 'processes' | 'lost'>;

function histories({ specification, insert, remove }: Case, size: Size): fc.Arbitrary<PlacedCall[]> {
  const shape: ExecutionShape = {
    ...size,
    ask: (draw) => (draw(2) === 0 ? { f: insert, value: 1 + draw(3) } : { f: remove, value: null }),
    telling: [remove],
    replacement: (draw) => (draw(3) === 0 ? null : 1 + draw(size.operations)),
    unique: insert,
  };
  return fc.nat({ max: 2 ** 31 - 1 }).map((seed) => execution(seed, specification, shape));
}

const SHAPES = [
  { operations: 8, processes: 3, lost: 0 },
  { operations: 9, processes: 5, lost: 0 },
  { operations: 8, processes: 4, lost: 2 },
];

describe.each(CASES)('$name', (one) => {
  it.each(SHAPES)(
    'unique values: decided without a search, as brute force and the search do: %o',
    (shape) => {
      const seen = { valid: 0, invalid: 0, searched: 0 };
      fc.assert(
        fc.property(histories(one, shape), (placed) => {
          const calls = keyCalls(undefined, placed.length, placed);
          const expected = meets(calls, one.specification) ? 'valid' : 'invalid';
          const machine = compile(calls, one.model, { initial: [] });
          const searched = new FrontierSearch(calls, machine, unlimited).run().result;
          if (searched !== expected)
            throw new Error(`search: ${searched}, not ${expected}:\n${show(placed)}`);
          const judged = judgeCollection(calls, one.model.name, []);
          seen[expected]++;
          if (judged === undefined) seen.searched++;
          else if ((judged === 'valid' ? 'valid' : 'invalid') !== expected) {
            throw new Error(`${JSON.stringify(judged)}, not ${expected}:\n${show(placed)}`);
          }
        }),
        { numRuns: comparisons(`linearizable: ${one.name}, unique values`, SHAPES.length) },
      );
      expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(500);
      if (shape.lost === 0) expect(seen.searched).toBe(0);
    },
  );
});
