import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOperation } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { streamHistories } from '../testing/stream-histories.ts';
import { tokenStream } from './token-stream.ts';

const answer = (cached: number, firstToken: number, gap: number) =>
  JSON.stringify({ cached, blocks: 10, firstToken: firstToken * 1e6, gap: gap * 1e6 });

const history = run(`
  0 generate =${answer(0, 50, 5)}   0..60
  1 generate =${answer(8, 10, 5)}   0..20
  0 generate =${answer(10, 5, 400)} 70..500
  1 generate                        600..700 fail timeout
`);
const bare = run('0 read x=1 0..10');

describe('token-stream', () => {
  it('counts, and judges nothing without a bound', () => {
    expect(tokenStream.check(history, {}, {})).toMatchObject({
      validity: 'valid',
      anomalies: [],
      figures: {
        answers: 3,
        blocks: 30,
        cached: 18,
        prefixHitRate: 0.6,
        firstToken: { p50: 10e6, max: 50e6 },
        gap: { p50: 5e6, max: 400e6 },
        judged: 'no bound is stated',
      },
    });
  });

  it('keeps to bounds that are kept', () => {
    const options = { prefixHitRate: 0.6, firstTokenWithin: 50e6, gapWithin: 400e6 };
    expect(tokenStream.check(history, options, {}).validity).toBe('valid');
    expect(tokenStream.check(history, { gapWithin: 5e6, percentile: 50 }, {}).validity).toBe('valid');
  });

  it('finds what is late, and what was not cached', () => {
    const options = { prefixHitRate: 0.7, firstTokenWithin: 40e6, gapWithin: 100e6 };
    expect(tokenStream.check(history, options, {}).anomalies).toEqual([
      {
        name: 'low-prefix-hit-rate',
        explanation: 'Of 30 blocks of prompts 18 were cached, 60 % instead of at least 70 %.',
        operations: [3],
        data: { blocks: 30, cached: 18, floor: 0.7 },
      },
      {
        name: 'late-first-token',
        explanation:
          'Percentile 99 of the time to the first token is 0.050 s instead of at most 0.040 s: it was longer in 1 of 3 answers. The worst was 0.050 s, that of operation 3 of process 0.',
        operations: [3],
        data: { percentile: 99, at: 50e6, most: 40e6, longer: 1 },
      },
      {
        name: 'long-gap',
        explanation:
          'Percentile 99 of the longest gap between two tokens is 0.400 s instead of at most 0.100 s: it was longer in 1 of 3 answers. The worst was 0.400 s, that of operation 5 of process 0.',
        operations: [5],
        data: { percentile: 99, at: 400e6, most: 100e6, longer: 1 },
      },
    ]);
  });

  it('does not know where nothing is said', () => {
    expect(tokenStream.check(bare, { gapWithin: 1 }, {})).toMatchObject({
      validity: 'unknown',
      reason: 'no operation says anything of its tokens',
    });
  });

  it('judges as one does who counts', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const bounds = fc.record({
      prefixHitRate: fc.constantFrom(0.25, 0.5, 0.75),
      firstTokenWithin: fc.constantFrom(2e6, 5e6, 9e6),
      gapWithin: fc.constantFrom(1e6, 4e6, 8e6),
      percentile: fc.constantFrom(50, 90, 99),
    });
    fc.assert(
      fc.property(streamHistories, bounds, (drawn, options) => {
        const streams = drawn.events.flatMap((event) =>
          isOperation(event) && event.type === 'ok' && event.value !== null
            ? [event.value as { cached: number; firstToken: number; gap: number }]
            : [],
        );
        const enough = (within: (stream: (typeof streams)[number]) => boolean) =>
          100 * streams.filter(within).length >= options.percentile * streams.length;
        const kept =
          streams.reduce((sum, { cached }) => sum + cached, 0) >=
            options.prefixHitRate * 4 * streams.length &&
          enough(({ firstToken }) => firstToken <= options.firstTokenWithin) &&
          enough(({ gap }) => gap <= options.gapWithin);
        const wanted = streams.length === 0 ? 'unknown' : kept ? 'valid' : 'invalid';
        const { validity } = tokenStream.check(drawn, options, {});
        seen[validity]++;
        if (validity !== wanted) expect(validity).toBe(wanted);
      }),
      { numRuns: comparisons('token-stream') },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });
});
