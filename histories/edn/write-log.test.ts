import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HistoryError,
  type HistoryEvent,
  isNemesis,
  isOperation,
  readAnyHistory,
  writeLog,
} from '../index.ts';
import { events } from '../testing/arbitraries.ts';
import { failureOf, temporaryFile } from '../testing/temporary.ts';
import { logLines } from './write-log.ts';

/** What a log keeps of an operation. */
function kept(event: HistoryEvent): unknown[] {
  if (!isOperation(event) && !isNemesis(event)) return [];
  const { process, type, f, value, error, key } = { error: undefined, key: undefined, ...event };
  return [[process, type, f, value, error ?? null, key]];
}

describe('a history written as a log', () => {
  it('has these lines', () => {
    const common = { time: 0, process: 3, f: 'txn' } as const;
    const lines = logLines([
      { ...common, index: 0, type: 'invoke', value: [['append', 'x', 1]] },
      { ...common, index: 1, type: 'info', value: null, error: 'timeout', key: 7 },
      { index: 2, time: 0, process: 'nemesis', type: 'info', f: 'kill', value: { n: 'a b' } },
    ]);
    expect([...lines]).toEqual([
      'INFO sixways - 3 :invoke :txn [[:append "x" 1]]',
      'INFO sixways - 3 :info :txn [7 nil] "timeout"',
      'INFO sixways - :nemesis :info :kill {"n" "a b"}',
    ]);
  });

  it('comes back, but for times and what says nothing of operations', async () => {
    const file = temporaryFile('run.log');
    await fc.assert(
      fc.asyncProperty(events, fc.boolean(), async (any, keyed) => {
        const some = any.map((event): HistoryEvent => {
          if (!isOperation(event)) return 'f' in event ? { ...event, f: 'fault' } : event;
          const { key: _, ...rest } = event;
          return { ...rest, f: 'write', ...(keyed && { key: `k${event.process}` }) };
        });
        fc.pre(some.some(isOperation));
        writeLog(file, { header: { sixways: 1, world: 'live' }, events: some });
        const { history } = await readAnyHistory(file, { format: 'log', keyed });
        expect(history.events.flatMap(kept)).toEqual(some.flatMap(kept));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses names that would not come back', async () => {
    const header = { sixways: 1, world: 'live' } as const;
    const odd = { index: 0, time: 0, process: 0, type: 'invoke', f: 'a b', value: null } as const;
    const write = () => writeLog(temporaryFile('run.log'), { header, events: [odd] });
    expect(await failureOf(write)).toEqual(
      new HistoryError(
        'not-expressible',
        'operation 0: expected a name without blanks and colons for a log, got "a b"',
      ),
    );
  });
});
