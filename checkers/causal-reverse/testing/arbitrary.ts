import fc, { type Arbitrary } from 'fast-check';
import type { History } from '../../../histories/index.ts';
import { run } from '../../testing/run.ts';

/** Few values, so that some are written repeatedly; reads show some set of them, mostly one that was written so far. */
export const registerHistories: Arbitrary<History> = fc
  .array(
    fc.record({
      f: fc.constantFrom('write', 'write', 'read'),
      value: fc.nat({ max: 4 }),
      shown: fc.subarray([0, 1, 2, 3, 4]),
      all: fc.boolean(),
      from: fc.nat({ max: 12 }),
      length: fc.integer({ min: 1, max: 6 }),
      fate: fc.constantFrom('', '', '', 'info', 'fail'),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .map((steps) => {
    const lines = steps.map(({ f, value, shown, all, from, length, fate }, process) => {
      const until = from + length;
      const written = steps.filter(
        (other) => other.f === 'write' && other.fate !== 'fail' && other.from < from,
      );
      const values = all ? [...new Set(written.map((write) => write.value))] : shown;
      return f === 'write'
        ? `${process} write =${value} ${from}..${until} ${fate}`.trim()
        : `${process} read =${JSON.stringify(values)} ${from}..${until}`;
    });
    return run(lines.join('\n'));
  });
