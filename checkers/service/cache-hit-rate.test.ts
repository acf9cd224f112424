import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObservation } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { observationHistories } from '../testing/observation-histories.ts';
import { run } from '../testing/run.ts';
import { cacheHitRate } from './cache-hit-rate.ts';

const history = run(`
  note c1 0  "cache" {"hit":false}
  note c1 5  "cache" {"hit":true}
  note c2 10 "hit"
  note c2 12 "miss"
  nemesis kill c1 14..18 #0 bit
  note c1 15 "cache" {"hit":false}
  note c1 16 "cache" {"hit":false}
  note c1 17 "cache" {"hit":true}
  note c1 40 "cache" {"hit":true}
  note c1 41 "other" {"hit":false}
`);

describe('cache-hit-rate', () => {
  it('counts, and judges nothing without a floor', () => {
    expect(cacheHitRate.check(history, {}, {})).toEqual({
      checker: 'cache-hit-rate',
      validity: 'valid',
      anomalies: [],
      figures: {
        lookups: 8,
        hits: 4,
        rate: 0.5,
        byHost: { c1: { lookups: 6, rate: 0.5 }, c2: { lookups: 2, rate: 0.5 } },
        judged: 'no floor is stated',
      },
    });
  });

  it('finds a rate below the floor', () => {
    expect(cacheHitRate.check(history, { floor: 0.5 }, {}).validity).toBe('valid');
    expect(cacheHitRate.check(history, { floor: 0.6 }, {}).anomalies).toEqual([
      {
        name: 'low-hit-rate',
        explanation:
          'From 0.000 s to 0.040 s 4 of 8 lookups hit, 50 % instead of at least 60 %. In force meanwhile: kill of c1 (fault 0, 0.014 s - 0.018 s).',
        operations: [0, 3, 5],
        data: { floor: 0.6, from: 0, until: 40e6, lookups: 8, rate: 0.5, broken: 1 },
      },
    ]);
  });

  it('finds a window below the floor, unless enough windows keep it, or it has too few lookups', () => {
    const options = { floor: 0.5, window: 10e6, share: 1 };
    expect(cacheHitRate.check(history, options, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [
        {
          name: 'low-hit-rate',
          explanation:
            'In 1 of 3 windows of 0.010 s fewer than 50 % of the lookups hit; 100 % of the windows must reach that. The worst window is 0.010 s - 0.020 s: 2 of 5 lookups hit, 40 %. In force meanwhile: kill of c1 (fault 0, 0.014 s - 0.018 s).',
          operations: [3, 5, 6],
        },
      ],
      figures: { windows: 3, lowest: 0.4 },
    });
    expect(cacheHitRate.check(history, { ...options, share: 0.66 }, {}).validity).toBe('valid');
    expect(cacheHitRate.check(history, { ...options, atLeast: 6 }, {}).reason).toBe(
      'no window has 6 lookups',
    );
  });

  it('does not count what comes before the caches are warm, and is unknown if that is all', () => {
    expect(cacheHitRate.check(history, { floor: 0.55, warmUp: 5e6 }, {}).validity).toBe('valid');
    expect(cacheHitRate.check(history, { floor: 0.5, warmUp: 1e9 }, {})).toMatchObject({
      validity: 'unknown',
      reason: 'no cache noted a lookup after the warm-up',
    });
  });

  it('counts as the definition says, over 20000 small histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const options = fc.record({
      floor: fc.constantFrom(0.3, 0.5, 0.8),
      window: fc.option(fc.constantFrom(2e6, 10e6)),
      share: fc.constantFrom(0.5, 1),
      atLeast: fc.constantFrom(1, 2),
      warmUp: fc.constantFrom(0, 5e6),
    });
    fc.assert(
      fc.property(
        observationHistories(['cache', 'cache', 'cache', 'cache', 'owner', 'members', 'hit', 'miss']),
        options,
        (drawn, { window, ...rest }) => {
          const { floor, share, atLeast, warmUp } = rest;
          const { validity } = cacheHitRate.check(drawn, { ...rest, ...(window !== null && { window }) }, {});
          seen[validity]++;
          const notes = drawn.events
            .filter(isObservation)
            .filter(({ kind }) => /^(cache|hit|miss)$/.test(kind));
          const isHit = ({ kind, data }: (typeof notes)[number]) =>
            kind === 'hit' || (kind === 'cache' && (data as { hit: boolean }).hit);
          const start = (notes[0]?.time ?? 0) + warmUp;
          const rates: number[] = [];
          for (let from = start; from <= 300e6; from += window ?? 1e9) {
            const inside = notes.filter(({ time }) => time >= from && time < from + (window ?? 1e9));
            if (inside.length >= atLeast) rates.push(inside.filter(isHit).length / inside.length);
          }
          const kept = rates.filter((rate) => rate >= floor - 1e-9).length;
          const wanted =
            rates.length === 0 ? 'unknown' : kept >= share * rates.length - 1e-9 ? 'valid' : 'invalid';
          if (validity !== wanted) expect(validity).toBe(wanted);
        },
      ),
      { numRuns: comparisons('cache-hit-rate') },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });
});
