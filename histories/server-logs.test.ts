import { expect, it } from 'vitest';
import type { HistoryEvent } from './operation.ts';
import { logsAround } from './server-logs.ts';

const log = (index: number, line: string): HistoryEvent => ({
  index,
  time: index * 1e9,
  type: 'note',
  host: 'n1',
  kind: 'log',
  data: { server: 'redis', line },
});
const write = { process: 0, f: 'write', key: 'x', value: 1 } as const;
const history: HistoryEvent[] = [
  log(0, 'Ready'),
  { index: 1, time: 1e9, type: 'invoke', ...write },
  log(2, 'saved'),
  log(3, 'MASTER MODE enabled'),
  log(4, 'saved'),
  { index: 5, time: 5e9, type: 'ok', ...write },
  log(6, 'error'),
];

it('shows what servers printed between the operations that prove something', () => {
  expect(logsAround(history, [1, 5], 3)).toEqual([
    '2.000 s n1 redis: saved',
    '3.000 s n1 redis: MASTER MODE enabled',
    '4.000 s n1 redis: saved',
  ]);
});

it('leaves out what tells nothing where the log is long, and says how much', () => {
  expect(logsAround(history, [1, 5], 2)).toEqual([
    '3.000 s n1 redis: MASTER MODE enabled',
    'and 2 more lines in the history',
  ]);
});

it('shows nothing of a history without operations or logs', () => {
  expect(logsAround(history, [], 3)).toEqual([]);
  expect(logsAround(history.slice(0, 2), [1], 3)).toEqual([]);
});
