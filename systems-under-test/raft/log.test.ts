import { describe, expect, it } from 'vitest';
import { Log } from './log.ts';
import type { Entry } from './messages.ts';

const entry = (term: number, value = 0): Entry => ({
  term,
  f: 'write',
  key: 'x',
  value,
  session: 1,
  sequence: 1,
});

function logOf(...terms: number[]): Log {
  const log = new Log();
  terms.forEach((term, nth) => {
    log.append(entry(term, nth));
  });
  return log;
}

describe('log', () => {
  it('is empty at index 0, term 0', () => {
    const log = new Log();
    expect([log.lastIndex, log.lastTerm, log.at(0)]).toEqual([0, 0, { index: 0, term: 0, chain: 0 }]);
  });

  it('gives entries by index from 1', () => {
    const log = logOf(1, 1, 2);
    expect([log.lastIndex, log.lastTerm, log.termAt(2), log.entry(3)]).toEqual([3, 2, 1, entry(2, 2)]);
    expect(log.from(2, 10)).toEqual([entry(1, 1), entry(2, 2)]);
    expect(log.from(1, 1)).toEqual([entry(1, 0)]);
    expect(() => log.entry(4)).toThrow('expected an index of 1..3, got 4');
  });

  it('finds the beginning of a term', () => {
    const log = logOf(1, 2, 2, 2, 4);
    expect([log.firstOfTerm(4), log.firstOfTerm(5), log.firstOfTerm(1)]).toEqual([2, 5, 1]);
  });

  it('has equal digests exactly where it is equal up to there', () => {
    const [a, b] = [logOf(1, 1, 2), logOf(1, 1, 3)];
    expect(a.chainAt(2)).toBe(b.chainAt(2));
    expect(a.chainAt(3)).not.toBe(b.chainAt(3));
    b.truncate(3);
    b.append(entry(2, 2));
    expect(b.at(3)).toEqual(a.at(3));
    // The same entry after another one is not the same log.
    const c = logOf(1, 2);
    c.append(entry(2, 2));
    expect(c.chainAt(3)).not.toBe(a.chainAt(3));
  });

  it('forgets entries behind a snapshot and keeps its place', () => {
    const log = logOf(1, 1, 2, 2);
    const [third, fourth] = [log.at(3), log.at(4)];
    log.compact(3);
    expect([log.base, log.lastIndex, log.at(3), log.at(4)]).toEqual([third, 4, third, fourth]);
    expect([log.knows(2), log.knows(3), log.knows(5)]).toEqual([false, true, false]);
    log.compact(1);
    expect(log.base).toEqual(third);
  });

  it('starts anew after a snapshot of the leader', () => {
    const log = logOf(1, 1);
    log.reset({ index: 7, term: 3, chain: 42 });
    log.append(entry(3));
    expect([log.lastIndex, log.termAt(7), log.chainAt(7), log.termAt(8)]).toEqual([8, 3, 42, 3]);
  });
});
