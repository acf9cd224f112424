import { describe, expect, it } from 'vitest';
import { check, corruption, linearizable, SelectionError, stats } from '../index.ts';
import { history } from '../testing/notation.ts';
import { compose } from './compose.ts';

const both = compose({ order: linearizable, served: stats, origin: corruption });

describe('compose', () => {
  it('is valid if all are', () => {
    const fine = history('0:x.write(1) 0:ok 1:x.read 1:ok(1)');
    expect(check(fine, both, { order: { model: 'register' } })).toMatchObject({
      checker: 'compose',
      validity: 'valid',
      anomalies: [],
      figures: {
        order: { validity: 'valid', operations: 2 },
        served: { validity: 'valid', operations: 2 },
        origin: { validity: 'valid', sights: 1 },
      },
    });
  });

  it('lets invalid beat unknown, and says who found what', () => {
    const wrong = history('0:x.write(1) 0:ok 1:x.read 1:ok(7) 2:x.cas(1,2) 2:fail');
    const verdict = check(wrong, both);
    expect(verdict.validity).toBe('invalid');
    expect(verdict.anomalies.map(({ checker, name }) => [checker, name])).toEqual([
      ['origin', 'garbage-read'],
      ['order', 'nonlinearizable'],
    ]);
    expect(verdict.figures.served).toMatchObject({ validity: 'unknown', reason: 'never succeeded: cas' });
  });

  it('is unknown for the reasons of those that are', () => {
    expect(check(history('0:x.write(1) 0:ok'), both)).toMatchObject({
      validity: 'unknown',
      reason: 'origin: nothing was read',
    });
    expect(check(history(''), compose({}, 'nothing'))).toMatchObject({
      checker: 'nothing',
      validity: 'unknown',
      reason: 'no checker was composed',
    });
  });

  it('checks the options of each by its schema', () => {
    const wrong = () => check(history(''), both, { order: { model: 'regster' } });
    expect(wrong).toThrow(SelectionError);
    expect(wrong).toThrow(/^checker "compose", option \/order\/model: .*got "regster"$/);
  });
});
