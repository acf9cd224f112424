import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limit, simulate } from '../index.ts';
import { lines, seededDraws } from '../testing/lines.ts';
import { type RegisterOptions, register } from './register.ts';

const defaults: RegisterOptions = { keys: 5, readShare: 2, writeShare: 2, casShare: 1, valueMode: 'unique' };

const run = (options: Partial<RegisterOptions> = {}, threads = 3, most = 300) =>
  simulate(register.main({ ...defaults, ...options }), { threads, draws: seededDraws(), most });

const invoked = (events: ReturnType<typeof run>) => events.filter(({ type }) => type === 'invoke');

describe('register', () => {
  it('reads, writes and compares in the given shares, on all keys', () => {
    const operations = invoked(run({}, 3, 1000));
    const share = (f: string) => operations.filter((operation) => operation.f === f).length / 1000;
    expect(share('read')).toBeCloseTo(0.4, 1);
    expect(share('write')).toBeCloseTo(0.4, 1);
    expect(share('cas')).toBeCloseTo(0.2, 1);
    expect(new Set(operations.map(({ key }) => key))).toEqual(new Set(['k0', 'k1', 'k2', 'k3', 'k4']));
  });

  it('never writes a value twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), (threads) => {
        const written = invoked(run({}, threads))
          .filter(({ f }) => f !== 'read')
          .map(({ f, value }) => (f === 'write' ? value : (value as readonly number[])[1]));
        expect(new Set(written).size).toBe(written.length);
        expect(written.every((value) => Number.isInteger(value))).toBe(true);
      }),
      { numRuns: 7 },
    );
  });

  it('writes 0 to 4 in mode small', () => {
    const written = invoked(run({ valueMode: 'small', casShare: 0 })).filter(({ f }) => f === 'write');
    expect(new Set(written.map(({ value }) => value))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('expects of a cas the value that was seen last, or none', () => {
    const current = new Map<unknown, unknown>();
    let compared = 0;
    for (const { type, f, key, value } of run({ readShare: 0, keys: 2 }, 1)) {
      if (f === 'cas') {
        const [expected, next] = value as readonly unknown[];
        if (type === 'invoke') expect(expected).toBe(current.get(key) ?? null);
        else current.set(key, next);
        compared++;
      } else if (type === 'ok') current.set(key, value);
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('gives an operation of a thread the same content whatever the others do', () => {
    const alone = invoked(run({ casShare: 0 }, 3, 60)).filter(({ thread }) => thread === 1);
    const crowded = simulate(register.main({ ...defaults, casShare: 0 }), {
      threads: 3,
      draws: seededDraws(),
      most: 200,
      latency: (_, nth) => (nth % 3) * 1000 + 5,
    }).filter(({ type, thread }) => type === 'invoke' && thread === 1);
    const content = (events: typeof alone) =>
      events.slice(0, 10).map(({ f, key, value }) => ({ f, key, value }));
    expect(content(crowded)).toEqual(content(alone));
  });

  it('reads every key by three clients at the end', () => {
    expect(lines(register.final({ ...defaults, keys: 2 }), { threads: 5 })).toEqual([
      '0 0 read k0',
      '0 1 read k0',
      '0 2 read k0',
      '10 0 read k1',
      '10 1 read k1',
      '10 2 read k1',
    ]);
    expect(lines(register.final({ ...defaults, keys: 2 }), { threads: 1 })).toHaveLength(2);
  });

  it('needs cas only if it asks for it', () => {
    expect(register.needs?.(defaults)).toEqual(['read', 'write', 'cas']);
    expect(register.needs?.({ ...defaults, casShare: 0 })).toEqual(['read', 'write']);
  });

  it('refuses shares that leave nothing to do', () => {
    expect(() => run({ readShare: 0, writeShare: 0, casShare: 0 })).toThrow(
      'register: expected a positive share, got 0, 0, 0',
    );
  });

  it('answers the same question the same way: asking changes nothing', () => {
    const generator = limit(20, register.main(defaults));
    const options = { threads: 2, draws: seededDraws() };
    expect(simulate(generator, options)).toEqual(simulate(generator, options));
  });
});
