import type { History, HistoryHeader, Json } from '../../../histories/index.ts';
import { run } from '../../testing/run.ts';

/**
 * Transactions on registers, one a line: `0 wx1` writes 1 to x, `1 rx1ry 10..20` reads x = 1 and y = null. Times as in `run`; lines
 * without times take 0 to 10 ms. `fail` and `info` at the end of the line.
 */
export function registerTransactions(text: string, header: Partial<HistoryHeader> = {}): History {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [process, micros, times = '0..10', ...outcome] = line.split(/\s+/);
      return `${process} txn =${JSON.stringify(microsOf(micros!))} ${times} ${outcome.join(' ')}`.trim();
    });
  return run(lines.join('\n'), header);
}

function microsOf(text: string): Json[] {
  if (!/^([rw][s-z]\d*)+$/.test(text))
    throw new Error(`expected micro-operations such as wx1ry, got: ${text}`);
  return [...text.matchAll(/([rw])([s-z])(\d*)/g)].map(([, f, key, digits]) => [
    f!,
    key!,
    digits === '' ? null : Number(digits),
  ]);
}
