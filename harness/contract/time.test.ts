import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './time.ts';

describe('durations', () => {
  it.each([
    ['250ms', 250_000_000],
    ['1.5s', 1_500_000_000],
    ['2m', 120_000_000_000],
    ['2min', 120_000_000_000],
    ['10us', 10_000],
    ['0s', 0],
    ['-1ms', -1_000_000],
  ])('%s is %d ns', (text, nanos) => {
    expect(parseDuration(text)).toBe(nanos);
  });

  it.each(['', '5', 's', '1.2.3s', '1 s', '1e3ms', '99999999d', 'NaNs'])(
    '%j is refused with the expectation',
    (text) => {
      expect(() => parseDuration(text)).toThrow(
        `expected a duration such as 250ms, 1.5s or 2m, got ${JSON.stringify(text)}`,
      );
    },
  );

  it('are shown in the unit that suits them', () => {
    expect([0, 999, 1_500, 2_000_000, 1_234_567_890].map(formatDuration)).toEqual([
      '0s',
      '999ns',
      '1.5us',
      '2ms',
      '1.235s',
    ]);
  });

  it('round-trip where they have at most three decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (milliseconds) => {
        const nanos = milliseconds * 1_000_000;
        expect(parseDuration(formatDuration(nanos))).toBe(nanos);
      }),
    );
  });
});
