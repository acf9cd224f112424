import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

/** Seconds at which something is said, and what is written of it. */
function written(
  output: { readonly isTTY?: boolean; readonly columns?: number },
  seconds: readonly number[],
) {
  const lines: string[] = [];
  let now = 0;
  const progress = new Progress(
    'raft',
    false,
    { ...output, write: (text: string) => lines.push(text) },
    () => now,
  );
  for (const second of seconds) {
    now = second * 1000;
    progress.say(`after ${second} seconds`);
  }
  progress.end();
  return lines;
}

describe('progress', () => {
  it('is a plain line every ten seconds in a log', () => {
    expect(written({}, [1, 5, 10, 11, 19, 21])).toEqual(['after 10 seconds\n', 'after 21 seconds\n']);
  });

  it('is one line on a terminal, never longer than that, and gone at the end', () => {
    expect(written({ isTTY: true, columns: 10 }, [0.05, 1, 1.05, 2])).toEqual([
      '\r\x1b[2Kafter 1 s',
      '\r\x1b[2Kafter 2 s',
      '\r\x1b[2K',
    ]);
  });
});
