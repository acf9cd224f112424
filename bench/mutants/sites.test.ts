import { describe, expect, it } from 'vitest';
import { findSites, mutate } from './sites.ts';

const found = (text: string): string[] =>
  findSites('x.ts', text).map(
    ({ kind, line, source, mutants }) => `${kind} ${line}: ${source} -> ${mutants.join(' | ')}`,
  );

describe('what a mutant takes away', () => {
  it.each([
    ['a sync of a file', 'await disk.sync(file);', ['sync 1: disk.sync(file) -> Promise.resolve()']],
    ['a write that is synced', 'disk.append(f, b, { sync: true });', ['sync 1: true -> false']],
    ['a write that may be synced', 'disk.append(f, b, { sync: !hasty });', ['sync 1: !hasty -> false']],
    ['a write that is told whether', 'disk.append(f, b, { sync });', ['sync 1: sync -> sync: false']],
    [
      'a comparison of terms',
      '\nif (reply.term > node.term) stop();',
      ['comparison 2: reply.term > node.term -> true | false'],
    ],
    [
      'the number of a view',
      'if (number < view.number) stop();',
      ['comparison 1: number < view.number -> true | false'],
    ],
    [
      'a set of what was applied',
      'if (this.applied.has(id)) return;',
      ['duplicate 1: this.applied.has(id) -> false'],
    ],
    [
      'the number of a session',
      'if (number === session.number) {}',
      ['duplicate 1: number === session.number -> true | false'],
    ],
    [
      'a comparison by a function',
      'if (comparePositions(a, b) > 0 || sameEpoch(c, d)) stop();',
      [
        'comparison 1: comparePositions(a, b) > 0 -> true | false',
        'comparison 1: sameEpoch(c, d) -> true | false',
      ],
    ],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual(expected));

  it.each([
    ['a function', 'function f() { if (a.term > b.term) stop(); }', 'f'],
    ['a method, not the callback in it', 'class C { m() { x.map(() => a.term > b.term); } }', 'm'],
    ['a method, not the variable', 'class C { m() { const old = a.term > b.term; } }', 'm'],
    ['a function that is a value', 'const f = () => a.term > b.term;', 'f'],
    ['the top of a file', 'a.term > b.term;', ''],
  ])('is known by where it stands: in %s', (_, text, within) => {
    expect(findSites('x.ts', text)[0]).toMatchObject({ within });
  });

  it.each([
    ['whether there is a view at all', 'if (view === undefined) {}'],
    ['an assertion', "host.always(term === this.term, 'x');"],
    ['the bound of a loop', 'for (let term = 0; term < terms; term++) {}'],
    ['the type of a message', "if (version === 'old') {}"],
    ['whether there was any at all', 'if (view.number === 0) {}'],
    ['how many there are', 'if (tokens.length > terms.length) {}'],
    ['what only a flaw compares', 'if (flaws.hasty && a.term > b.term) {}'],
    ['whether an option is set', 'if (options.token === true || options.comparesLess === true) {}'],
    ['other numbers', 'if (wide > high) {}'],
  ])('not %s', (_, text) => expect(found(text)).toEqual([]));

  it('is replaced in its place', () => {
    const text = 'if (a.term > b.term || c) stop();';
    expect(mutate(text, findSites('x.ts', text)[0]!, 'false')).toBe('if (false || c) stop();');
  });
});
