import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../testing/comparisons.ts';
import { simpleCycles } from './closed-walk.ts';
import { CLASSES, type CycleStep, classify, LEVELS } from './cycle-classes.ts';
import { type Cycles, findCycles } from './find-cycles.ts';
import { FREE, GraphBuilder, INFORMED, PROCESS, REALTIME, RW, SIGHTED, WR, WW } from './graph.ts';
import type { TransactionTable } from './transaction-table.ts';

type Edge = readonly [from: number, to: number, type: number];

const NOBODY: TransactionTable = {
  count: 0,
  realtime: true,
  events: 0,
  others: 0,
  outcome: new Uint8Array(0),
  invokedAt: new Int32Array(0),
  completedAt: new Int32Array(0),
  invocation: () => {
    throw new Error('no transactions');
  },
  completion: () => undefined,
  processOf: () => 0,
  valueOf: () => null,
};

function search(transactions: number, edges: readonly Edge[], virtual = 0): Cycles {
  const builder = new GraphBuilder(transactions);
  for (let i = 0; i < virtual; i++) builder.node();
  for (const [from, to, type] of edges) builder.edge(from, to, type);
  return findCycles(builder.build(), NOBODY, { left: 1e7 });
}

const nameOf = (steps: readonly CycleStep[]): string => {
  const { rank, level } = classify(steps);
  return CLASSES[rank]! + LEVELS[level]!.suffix;
};

/** Every simple cycle of the transactions, with its class. */
function allCycles(
  nodes: number,
  edges: readonly Edge[],
): { readonly name: string; readonly steps: CycleStep[] }[] {
  const cycles: { name: string; steps: CycleStep[] }[] = [];
  const extend = (path: CycleStep[]): void => {
    const first = path[0]!.from;
    const end = path.at(-1)!.to;
    if (end === first) {
      cycles.push({ name: nameOf(path), steps: path });
      return;
    }
    if (path.some(({ from }) => from === end)) return;
    for (const [from, to, type] of edges) {
      if (from === end && to >= first) extend([...path, { from, to, type, reason: -1 }]);
    }
  };
  for (let node = 0; node < nodes; node++) {
    for (const [from, to, type] of edges)
      if (from === node && to > from) extend([{ from, to, type, reason: -1 }]);
  }
  return cycles;
}

const names = ({ found }: Cycles): string[] => [...new Set(found.map(({ name }) => name))];

describe('cycles', () => {
  it('are reported as the most damning class that their transactions admit', () => {
    const edges: Edge[] = [
      [0, 1, RW],
      [1, 0, RW],
      [0, 1, WW],
    ];
    expect(search(2, edges).counts).toEqual({ 'G-single': 1 });
    expect(search(2, [...edges, [1, 0, WR]]).counts).toEqual({ G1c: 1 });
  });

  it('are reported of a higher level too if that rules out other models', () => {
    const edges: Edge[] = [
      [0, 1, RW],
      [1, 0, RW],
      [1, 0, REALTIME],
    ];
    expect(search(2, edges).counts).toEqual({ 'G2-item': 1, 'G-single-realtime': 1 });
    expect(search(2, [...edges, [0, 1, WW]]).counts).toEqual({ 'G-single': 1, 'G0-realtime': 1 });
    expect(search(2, [...edges, [0, 1, WW], [1, 0, WW]]).counts).toEqual({ G0: 1 });
  });

  it('the shortest is found', () => {
    const ring: Edge[] = Array.from({ length: 10 }, (_, i) => [i, (i + 1) % 10, WW]);
    const { found } = search(10, [...ring, [6, 4, WR], [8, 2, WW]]);
    expect(found.map(({ name, steps }) => [name, steps.map(({ from }) => from)])).toEqual([
      ['G0', [2, 3, 4, 5, 6, 7, 8]],
      ['G1c', [4, 5, 6]],
    ]);
  });

  it('virtual nodes are passed through without being counted or told', () => {
    const edges: Edge[] = [
      [0, 2, REALTIME],
      [2, 3, FREE],
      [3, 1, FREE],
      [1, 0, RW],
    ];
    const { found } = search(2, edges, 2);
    expect(found).toEqual([
      {
        name: 'G-single-realtime',
        steps: [
          { from: 0, to: 1, type: REALTIME, reason: -1 },
          { from: 1, to: 0, type: RW, reason: -1 },
        ],
        shortest: true,
      },
    ]);
  });

  it('a single anti-dependency is found among many cycles with two in a row', () => {
    const ring: Edge[] = Array.from({ length: 999 }, (_, i) => [i, i + 1, WW]);
    const noise = Array.from({ length: 998 }, (_, i): Edge[] => [
      [i + 1, 1000 + i, RW],
      [1000 + i, 0, RW],
    ]).flat();
    const { found, undecided } = search(1998, [...ring, ...noise, [999, 0, RW]]);
    expect(undecided).toEqual([]);
    expect(found.filter(({ name }) => name === 'G-single').map(({ steps }) => steps.length)).toEqual([1000]);
  });

  it('every class reported exists, and the strongest of each level is always found', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom(WW, WR, RW, RW, RW, REALTIME)), {
          maxLength: 12,
        }),
        (drawn) => {
          // Real time is acyclic.
          const edges = drawn.filter(([from, to, type]) => (type === REALTIME ? from < to : from !== to));
          const exist = new Set(allCycles(6, edges).map(({ name }) => name));
          const reported = names(search(6, edges));
          for (const name of reported) expect([...exist]).toContain(name);
          const strongest = (among: Iterable<string>): string | undefined => {
            const set = new Set(among);
            return CLASSES.find((name) => set.has(name));
          };
          expect(strongest(reported)).toBe(strongest(exist));
          expect(reported.length > 0).toBe(exist.size > 0);
        },
      ),
      { numRuns: comparisons('transactions: cycles') },
    );
  });
});

describe('each cycle', () => {
  it('exists, is of its class, and none of its transactions is on a shorter one', () => {
    const types = [WW, WR, RW, RW, REALTIME, PROCESS, WW | INFORMED, WW | SIGHTED, WW | SIGHTED | REALTIME];
    let uncertain = 0;
    let long = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.constantFrom(...types)), { maxLength: 16 }),
        (drawn) => {
          const edges = drawn.filter(([from, to, type]) =>
            type & (REALTIME | PROCESS) ? from < to : from !== to,
          );
          const all = allCycles(7, edges);
          for (const { name, steps, shortest } of search(7, edges).found) {
            expect(nameOf(steps)).toBe(name);
            steps.forEach(({ from, to, type }, i) => {
              expect(edges).toContainEqual([from, to, type]);
              expect(to).toBe(steps[(i + 1) % steps.length]!.from);
            });
            const nodes = new Set(steps.map(({ from }) => from));
            expect(nodes.size).toBe(steps.length);
            if (!shortest) uncertain++;
            else if (steps.length > 2) {
              long++;
              const rival = all.find(
                (other) =>
                  other.name === name &&
                  other.steps.length < steps.length &&
                  other.steps.some(({ from }) => nodes.has(from)),
              );
              expect(rival).toBeUndefined();
            }
          }
        },
      ),
      { numRuns: comparisons('transactions: shortest cycles') },
    );
    expect(long).toBeGreaterThan(50);
    expect(uncertain).toBeLessThan(long / 20);
  });

  it('is the shortest of a large component too, unless that is long: then it says so', () => {
    const size = 20_000;
    const ring: Edge[] = Array.from({ length: size }, (_, i) => [i, (i + 1) % size, WW]);
    const withShortcut = (length: number, ...more: readonly Edge[]): readonly unknown[] => {
      // Its transactions are the last to be tried.
      const { found } = search(size, [...ring, ...more, [size - 1, size - length, WW]]);
      return found.map(({ name, steps, shortest }) => [name, steps.length, shortest]);
    };
    expect(withShortcut(3)).toEqual([['G0', 3, true]]);
    expect(withShortcut(3000)).toEqual([['G0', 20_000, false]]);
    expect(withShortcut(3000, [4000, 0, WW])).toEqual([['G0', 4001, false]]);
  });

  it('may consist of writes alone whose order only an anti-dependency can tell', () => {
    const { found } = search(2, [
      [0, 1, WW | SIGHTED],
      [1, 0, WW],
    ]);
    expect(found.map(({ name }) => name)).toEqual(['G-single']);
  });
});

describe('a closed walk that passes a transaction twice', () => {
  it('is cut into cycles', () => {
    const step = (from: number, to: number): CycleStep => ({ from, to, type: WW, reason: -1 });
    const walk = [step(0, 1), step(1, 2), step(2, 1), step(1, 3), step(3, 0)];
    expect(simpleCycles(walk).map((cycle) => cycle.map(({ from }) => from))).toEqual([
      [1, 2],
      [0, 1, 3],
    ]);
  });
});
