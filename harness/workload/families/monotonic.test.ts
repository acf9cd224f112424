import { describe, expect, it } from 'vitest';
import { simulate } from '../index.ts';
import { lines, seededDraws } from '../testing/lines.ts';
import { type MonotonicOptions, monotonic } from './monotonic.ts';

const OPTIONS: MonotonicOptions = { keys: 2, readShare: 1, casShare: 3, between: 'process' };

describe('monotonic', () => {
  it('sets registers to larger numbers only, from the largest number that was seen', () => {
    const events = simulate(monotonic.main(OPTIONS), {
      threads: 3,
      draws: seededDraws(),
      most: 400,
      outcome: (_, nth) => (['ok', 'fail', 'info', 'ok'] as const)[nth % 4]!,
    });
    const seen = new Map<unknown, number>();
    const asked = new Set<string>();
    for (const { type, f, key, value } of events) {
      if (type === 'invoke') asked.add(`${f} ${key}`);
      if (f !== 'cas') continue;
      const [from, to] = value as [number | null, number];
      if (type === 'invoke') {
        expect(from).toBe(seen.get(key) ?? null);
        expect([1, 2, 3, 4, 5]).toContain(to - (from ?? 0));
      } else if (type === 'ok') seen.set(key, Math.max(to, seen.get(key) ?? 0));
    }
    expect(asked).toEqual(new Set(['read k0', 'read k1', 'cas k0', 'cas k1']));
    expect(Math.min(...seen.values())).toBeGreaterThan(50);
  });

  it('draws in the given shares, and refuses those that leave nothing to do', () => {
    const all = simulate(monotonic.main(OPTIONS), { threads: 3, draws: seededDraws(), most: 1000 });
    const asked = all.filter(({ type }) => type === 'invoke');
    expect(asked.filter(({ f }) => f === 'cas').length / asked.length).toBeCloseTo(0.75, 1);
    expect(() => monotonic.main({ ...OPTIONS, readShare: 0, casShare: 0 })).toThrow(
      'monotonic: expected a positive share, got 0, 0',
    );
  });

  it('reads every key by three clients at the end, and says between which reads there must be no step back', () => {
    expect(lines(monotonic.final({ ...OPTIONS, keys: 3 }), { threads: 5 })).toHaveLength(9);
    expect(monotonic.checkers({ ...OPTIONS, between: 'realtime' })).toEqual([
      { name: 'monotonic', options: { between: 'realtime' } },
    ]);
  });
});
