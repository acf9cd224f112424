import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ednLines,
  HistoryError,
  type HistoryEvent,
  isObservation,
  isOperation,
  readAnyHistory,
  writeEdn,
} from '../index.ts';
import { events, histories } from '../testing/arbitraries.ts';
import { temporaryFile } from '../testing/temporary.ts';

/** The events as an import gives them: without observations, numbered anew. */
function exported(all: readonly HistoryEvent[]): HistoryEvent[] {
  return all.filter((event) => !isObservation(event)).map((event, index) => ({ ...event, index }));
}

describe('a history written as EDN', () => {
  const txn = { process: 3, f: 'txn', node: 'n1' };
  const all: HistoryEvent[] = [
    { index: 0, time: 5, process: 3, type: 'invoke', f: 'cas', key: 'x', value: [1, null] },
    { index: 1, time: 6, type: 'note', host: 'n1', kind: 'leader', data: 1 },
    { index: 2, time: 7, process: 'nemesis', type: 'info', f: 'crash', value: { fault: 0, on: ['n1'] } },
    { index: 3, time: 8, process: 3, type: 'fail', f: 'cas', key: 'x', value: [1, null], error: 'mismatch' },
    {
      index: 4,
      time: 9,
      ...txn,
      type: 'invoke',
      value: [
        ['append', 3, 1],
        ['r', 2, null],
      ],
      id: [0, 4],
    },
    {
      index: 5,
      time: 9,
      ...txn,
      type: 'ok',
      value: [
        ['append', 3, 1],
        ['r', 2, [2 ** 60, -0, 0.5]],
      ],
      id: [0, 4],
      phase: 'final',
    },
  ];

  it('has these lines', () => {
    expect([...ednLines(all)]).toEqual([
      '{:index 0, :time 5, :process 3, :type :invoke, :f :cas, :value ["x" [1 nil]]}',
      '{:index 1, :time 7, :process :nemesis, :type :info, :f :crash, :value {"fault" 0, "on" ["n1"]}}',
      '{:index 2, :time 8, :process 3, :type :fail, :f :cas, :value ["x" [1 nil]], :error "mismatch"}',
      '{:index 3, :time 9, :process 3, :type :invoke, :f :txn, :value [[:append 3 1] [:r 2 nil]], :id [0 4], :node "n1"}',
      '{:index 4, :time 9, :process 3, :type :ok, :f :txn, :value [[:append 3 1] [:r 2 [1.152921504606847e+18 -0.0 0.5]]], :id [0 4], :node "n1", :phase "final"}',
    ]);
    expect([...ednLines(all, { keys: 'field' })][0]).toBe(
      '{:index 0, :time 5, :process 3, :type :invoke, :f :cas, :key "x", :value [1 nil]}',
    );
  });

  it('comes back with keys as fields', async () => {
    const file = temporaryFile('history.edn');
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const wanted = exported(history.events);
        fc.pre(wanted.length > 0);
        writeEdn(file, history, { keys: 'field' });
        const { history: read, format } = await readAnyHistory(file, { keyed: false });
        expect(format).toBe('edn');
        // An error of null says no more than none.
        expect(read.events).toStrictEqual(wanted.map(withoutNullError));
      }),
    );
  });

  it('comes back with keys as tuples, where all operations have one', async () => {
    const file = temporaryFile('history.edn');
    await fc.assert(
      fc.asyncProperty(events, fc.constantFrom('k', 7), async (some, key) => {
        const wanted = exported(some).map((event) => (isOperation(event) ? { ...event, key } : event));
        fc.pre(wanted.length > 0);
        writeEdn(file, { header: { sixways: 1, world: 'live' }, events: wanted });
        const { history } = await readAnyHistory(file, { keyed: true });
        expect(history.events).toStrictEqual(wanted.map(withoutNullError));
      }),
    );
  });

  it('replaces the file, or says why it cannot', () => {
    const file = temporaryFile('history.edn', 'x'.repeat(1000));
    writeEdn(file, { header: { sixways: 1, world: 'live' }, events: all.slice(0, 1) });
    expect(readFileSync(file, 'utf8')).toBe(`${[...ednLines(all)][0]}\n`);
    const missing = `${file}/history.edn`;
    expect(() => writeEdn(missing, { header: { sixways: 1, world: 'live' }, events: [] })).toThrow(
      HistoryError,
    );
  });

  it('cannot carry NaN', () => {
    expect(() => [...ednLines([{ ...all[0]!, value: [Number.NaN] } as HistoryEvent])]).toThrow(
      new HistoryError('not-finite', 'operation 0: expected a finite number, got NaN', {
        pointer: '/value/0',
      }),
    );
  });
});

function withoutNullError(event: HistoryEvent): HistoryEvent {
  if (!('error' in event) || event.error !== null) return event;
  const { error: _, ...rest } = event;
  return rest;
}
