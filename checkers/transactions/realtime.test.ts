import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, HistoryEvent } from '../../histories/index.ts';
import { GraphBuilder } from './graph.ts';
import { addProcesses, addRealtime } from './realtime.ts';
import { FAILED, OK, type TransactionTable, transactionsOf } from './transaction-table.ts';

/** Each process runs transactions one after the other; a number from 0 to 3 says how each ends, or that it does not. */
const histories: fc.Arbitrary<History> = fc
  .tuple(
    fc.array(fc.array(fc.nat(7), { maxLength: 4 }), { maxLength: 5 }),
    fc.array(fc.nat(), { maxLength: 40 }),
  )
  .map(([processes, choices]) => {
    const waiting = processes.map((ends, process) => ({ ends: [...ends], process, open: false }));
    const events: HistoryEvent[] = [];
    for (const choice of choices) {
      const able = waiting.filter(({ ends }) => ends.length > 0);
      if (able.length === 0) break;
      const chosen = able[choice % able.length]!;
      const end = chosen.ends[0]!;
      const type = !chosen.open ? 'invoke' : end < 5 ? 'ok' : end === 5 ? 'fail' : 'info';
      const { process } = chosen;
      events.push({ index: events.length, time: events.length, process, type, f: 'txn', value: [] });
      if (chosen.open) chosen.ends.shift();
      if (type === 'info') chosen.ends.length = 0;
      chosen.open = !chosen.open;
    }
    return { header: { sixways: 1, world: 'simulator' }, events };
  });

function pairsByDefinition({ count, outcome, invokedAt, completedAt }: TransactionTable): string[] {
  const pairs: string[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      if (outcome[a] === OK && outcome[b] !== FAILED && completedAt[a]! < invokedAt[b]!)
        pairs.push(`${a} ${b}`);
    }
  }
  return pairs;
}

/** Pairs of transactions joined by a path. */
function pairsOf(builder: GraphBuilder, transactions: number): string[] {
  const { offsets, targets } = builder.build();
  const pairs: string[] = [];
  for (let a = 0; a < transactions; a++) {
    const reached = new Set<number>();
    const open = [a];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
        if (reached.has(targets[e]!)) continue;
        reached.add(targets[e]!);
        open.push(targets[e]!);
      }
    }
    for (let b = 0; b < transactions; b++) if (reached.has(b)) pairs.push(`${a} ${b}`);
  }
  return pairs;
}

describe('real time', () => {
  it('joins exactly the transactions of which one was over before the other began', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const table = transactionsOf(history);
        const builder = new GraphBuilder(table.count);
        addRealtime(builder, table);
        expect(pairsOf(builder, table.count)).toEqual(pairsByDefinition(table));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes at most three edges for each transaction', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const table = transactionsOf(history);
        const builder = new GraphBuilder(table.count);
        addRealtime(builder, table);
        expect(builder.build().targets.length).toBeLessThanOrEqual(3 * table.count);
      }),
    );
  });
});

describe('the order within processes', () => {
  it('is part of real time', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const table = transactionsOf(history);
        const pairs: string[] = [];
        addProcesses(
          table,
          () => true,
          (from, to) => pairs.push(`${from} ${to}`),
        );
        expect(pairsByDefinition(table)).toEqual(expect.arrayContaining(pairs));
      }),
    );
  });
});
