import { describe, expect, it } from 'vitest';
import { simulate } from '../index.ts';
import { lines, seededDraws } from '../testing/lines.ts';
import { causalRegister } from './causal-register.ts';

const invoked = (pairs: number, threads: number, most: number) =>
  simulate(causalRegister.main({ pairs }), { threads, draws: seededDraws(), most }).filter(
    ({ type }) => type === 'invoke',
  );

describe('causal-register', () => {
  it('reads a pair backwards, writes it forwards, and goes on', () => {
    const alone = invoked(2, 1, 24).map(({ f, key, value }) => `${f} ${key} ${value}`);
    expect(alone.slice(0, 9)).toEqual([
      'read k1 null',
      'read k0 null',
      'write k0 3',
      'write k1 4',
      'read k3 null',
      'read k2 null',
      'write k2 7',
      'write k3 8',
      'read k1 null',
    ]);
  });

  it('never writes a value twice', () => {
    const written = invoked(3, 5, 400).flatMap(({ f, value }) => (f === 'write' ? [value] : []));
    expect(written.length).toBeGreaterThan(50);
    expect(new Set(written).size).toBe(written.length);
  });

  it('reads every key by three clients at the end', () => {
    expect(lines(causalRegister.final({ pairs: 2 }), { threads: 5 })).toHaveLength(12);
  });
});
