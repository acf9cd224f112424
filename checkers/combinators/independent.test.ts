import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type History, isOperation } from '../../histories/index.ts';
import { check, linearizable, UncheckableHistory } from '../index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { executions, spoiled } from '../testing/executions.ts';
import { history } from '../testing/notation.ts';
import { independent } from './independent.ts';

const register = { model: 'register', initial: 0 };
const each = independent(linearizable);
const tagged = independent(linearizable, { tagged: true });

describe('independent', () => {
  it('judges every key and names those that fail, the smallest first', () => {
    const verdict = check(
      history('0:x.write(1) 0:ok 0:y.write(1) 0:ok 1:x.read 1:ok(0) 1:z.read 1:ok(5) 1:y.read 1:ok(1)'),
      each,
      register,
    );
    expect(verdict).toMatchObject({
      checker: 'independent(linearizable)',
      validity: 'invalid',
      figures: { keys: 3, invalid: 2, unknown: 0, failing: 'key "z" and key "x"' },
    });
    expect(verdict.anomalies.map(({ key, operations }) => [key, operations])).toEqual([
      ['z', [6, 7]],
      ['x', [0, 1, 4, 5]],
    ]);
  });

  it('takes keys out of tagged values', () => {
    const text = '0:write("x",1) 1:write("y",2) 0:ok 1:info 2:read("x",null) 2:ok("x",1)';
    expect(check(history(text), tagged, register)).toMatchObject({
      validity: 'valid',
      figures: { keys: 2, unknown: 0, unanswered: 1 },
    });
    const lost = '0:write("x",1) 1:write("y",2) 0:info 1:info';
    expect(check(history(lost), tagged, register)).toMatchObject({
      validity: 'unknown',
      figures: { keys: 2, unknown: 2 },
    });
    const stale = `${text} 2:read("x",null) 2:ok("x",0)`;
    expect(check(history(stale), tagged, register)).toMatchObject({
      validity: 'invalid',
      anomalies: [{ key: 'x' }],
      figures: { failing: 'key "x"' },
    });
  });

  it('tells the key 1 from the key "1"', () => {
    const text = '0:write(1,5) 0:ok 0:read("1",null) 0:ok("1",0)';
    expect(check(history(text), tagged, register)).toMatchObject({ validity: 'valid', figures: { keys: 2 } });
  });

  it('refuses values without a key', () => {
    expect(() => check(history('0:write(1) 0:ok'), tagged, register)).toThrow(
      new UncheckableHistory(
        'operation 0: expected a value [key, value] whose key is a text or a number, got 1',
      ),
    );
  });

  it('is unknown, by key and reason, where a key is', () => {
    const text = '0:x.cas(0,1) 0:ok 0:y.cas(0,1) 1:y.cas(1,0) 0:ok 1:ok';
    expect(check(history(text), each, { initial: 0 }, { steps: 1 })).toMatchObject({
      validity: 'unknown',
      reason: expect.stringMatching(/^key "y": the bound of 1 steps was reached/),
      figures: { keys: 2, unknown: 1 },
    });
    expect(check(history(''), each)).toMatchObject({
      validity: 'unknown',
      reason: 'the history has no operations',
    });
  });

  it('stops when its time is over, and names what is left', () => {
    const words = Array.from({ length: 3000 }, (_, n) => `0:k${n % 3}.write(${n}) 0:ok`).join(' ');
    const told: number[] = [];
    const budget = {
      seconds: 2,
      expired: () => true,
      progress: (done: number, total: number) => told.push(done / total),
    };
    expect(check(history(words), each, register, budget)).toMatchObject({
      validity: 'unknown',
      reason: 'the bound of 2 s was reached after 2 keys, before key "k2"',
      figures: { keys: 3, unknown: 1 },
    });
  });

  it('agrees with the checker that splits by key itself, keys tagged or not', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const any = executions({ threads: 3, steps: 8, unique: false });
    fc.assert(
      fc.property(fc.oneof(any, spoiled(any)), (some) => {
        const whole = check(some, linearizable);
        const split = check(some, each);
        expect(split.validity).toBe(whole.validity);
        const failing = (verdict: typeof whole) => new Set(verdict.anomalies.map(({ key }) => key));
        expect(failing(split)).toEqual(failing(whole));
        const inValues = check(tag(some), tagged);
        expect(inValues.anomalies).toEqual(split.anomalies);
        expect(inValues.validity).toBe(split.validity);
        seen[whole.validity]++;
      }),
      { numRuns: comparisons('independent') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(150);
  });
});

function tag(of: History): History {
  return {
    ...of,
    events: of.events.map((event) => {
      if (!isOperation(event)) return event;
      const { key, ...rest } = event;
      return { ...rest, value: [key!, event.value] };
    }),
  };
}
