import { describe, expect, it } from 'vitest';
import { check, linearizable, SelectionError, stats } from './index.ts';
import { history } from './testing/notation.ts';

describe('check', () => {
  const stale = history('0:write(1) 0:ok 1:read 1:ok(0)');

  it('judges with the options of the checker', () => {
    expect(check(stale, linearizable, { model: 'register', initial: 0 }).validity).toBe('invalid');
    expect(check(history('0:read 0:ok(0)'), linearizable, { initial: 0 }).validity).toBe('valid');
    expect(check(stale, stats).validity).toBe('valid');
  });

  it('fills in the defaults of the schema', () => {
    expect(check(history('0:read 0:ok'), linearizable).validity).toBe('valid');
  });

  it('refuses options that the schema forbids, by place, expectation and value', () => {
    const wrong = () => check(stale, linearizable, { model: 'regster' });
    expect(wrong).toThrow(SelectionError);
    expect(wrong).toThrow(
      /^checker "linearizable", option \/model: must be equal to one of the allowed values \(.*register.*\), got "regster"$/,
    );
  });

  it('passes the budget on', () => {
    const many = history('0:cas(1,2) 1:cas(2,1) 0:ok 1:ok');
    expect(check(many, linearizable, { initial: 1 }, { steps: 0 }).reason).toMatch(/^the bound of 0 steps/);
  });
});
