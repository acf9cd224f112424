import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../operation.ts';
import { EdnFault, EdnScanner } from './scanner.ts';

function scan(text: string): Json {
  const scanner = new EdnScanner();
  scanner.text = text;
  const value = scanner.value();
  expect(scanner.skip()).toBe(-1);
  return value;
}

function faultOf(text: string): unknown {
  try {
    return scan(text);
  } catch (error) {
    return error;
  }
}

describe('EDN as JSON', () => {
  it.each<[string, string, Json]>([
    ['nil, true, false', '[nil true false nilly]', [null, true, false, 'nilly']],
    [
      'keywords and symbols as texts',
      '[:read :a/b foo.bar/baz + - -x /]',
      ['read', 'a/b', 'foo.bar/baz', '+', '-', '-x', '/'],
    ],
    ['texts with escapes', String.raw`"a\"b\\c\n\té\u00e9 ; #_"`, 'a"b\\c\n\téé ; #_'],
    ['a text over two lines', '"a\nb"', 'a\nb'],
    [
      'integers',
      '[0 -0 +7 -12 123456789012345 9007199254740991 12N 0x1F]',
      [0, 0, 7, -12, 123456789012345, 9007199254740991, 12, 31],
    ],
    [
      'integers beyond 2^53 as texts',
      '[9007199254740993 -9223372036854775808 99999999999999999999N]',
      ['9007199254740993', '-9223372036854775808', '99999999999999999999'],
    ],
    ['floats', '[1.5 -0.0 1e3 2.5E-3 1. 4.0]', [1.5, -0, 1000, 0.0025, 1, 4]],
    ['decimals', '[1.50M 3M +1.1234567890123456789M]', [1.5, 3, '1.1234567890123456789']],
    ['ratios as texts', '[1/3 -2/4]', ['1/3', '-2/4']],
    [
      'characters',
      String.raw`[\a \newline \space \tab \u00e9 \o101 \( \" \\ \,]`,
      ['a', '\n', ' ', '\t', 'é', 'A', '(', '"', '\\', ','],
    ],
    ['lists, vectors and sets', '[(1 2) [3] #{5 4} () #{}]', [[1, 2], [3], [5, 4], [], []]],
    [
      'maps, their keys as text',
      '{:a 1, "b" 2 3 4 nil 5 [1 :x] 6, :n/s 7}',
      { a: 1, b: 2, '3': 4, null: 5, '[1,"x"]': 6, 'n/s': 7 },
    ],
    ['a key that would set a prototype', '{:__proto__ 1}', JSON.parse('{"__proto__":1}')],
    ['namespaced maps', '#:db{:id 1 :x/y 2 "z" 3}', { 'db/id': 1, 'x/y': 2, z: 3 }],
    [
      'tags and records',
      '[#inst "2020" #uuid "a" #jepsen.history.Op{:f :r} #object[a.B 0x1f "s"]]',
      ['2020', 'a', { f: 'r' }, ['a.B', 31, 's']],
    ],
    ['regular expressions and vars', `[#"a.b" #'user/x]`, ['a.b', 'user/x']],
    ['comments and commas', '[1, ; two ]\n 2,,#_3 #_ #_ 4 5 6 #_[7 8]]', [1, 2, 6]],
    ['a comment before it', '; hello\n #_ignored 1', 1],
    ['tokens side by side', '["a"1[2]:k{:a"b"}]', ['a', 1, [2], 'k', { a: 'b' }]],
    ['a word of any alphabet', '[:größe λ]', ['größe', 'λ']],
  ])('%s', (_, text, value) => {
    expect(scan(text)).toStrictEqual(value);
  });

  it.each<[string, string, string, number]>([
    ['a wrong bracket', '[1 2}', 'expected "]", got "}"', 4],
    ['a wrong bracket in a map', '{:a 1]', 'expected "}", got "]"', 5],
    ['a key without value', '{:a 1 :b }', 'expected a value for the key "b", got "}"', 9],
    ['a key twice', '{1 1, "1" 2}', 'expected keys that differ as text, got "1" twice', 6],
    ['a bracket alone', ')', 'expected a value, got ")"', 0],
    ['a number with a letter', '[12ab ]', 'expected a number, got "12ab"', 1],
    ['an octal number', '[007 ]', 'expected a number, got "007"', 1],
    ['no number', '[##NaN ]', 'expected a finite number, got ##NaN', 1],
    ['infinity', '[##-Inf ]', 'expected a finite number, got ##-Inf', 1],
    ['a colon alone', '[: a]', 'expected a name after ":", got " "', 2],
    [
      'an unknown escape',
      String.raw`["a\qb, and more"]`,
      'expected an escape such as \\n or \\u00e9, got "\\\\q"',
      3,
    ],
    ['an unknown character', '[\\toolong ]', 'expected a character, got "\\\\toolong"', 1],
    [
      'something unreadable',
      '[#<Object x> ]',
      'expected a tag, a set or a discarded form after "#", got "#<Object"',
      1,
    ],
    ['nesting without end', '['.repeat(600), 'expected values nested at most 500 deep', 501],
  ])('refuses %s', (_, text, message, at) => {
    expect(faultOf(text)).toMatchObject({ message, at, cut: false });
  });

  it.each(['', '[1 2', '{:a', '"abc', '"abc\\', '; comment', '#_', '#{1', '#tag', '\\', '[1 {:a [', '#_[1'])(
    'knows that %s is cut off',
    (text) => {
      expect(faultOf(text)).toMatchObject({ cut: true });
    },
  );

  it('reads JSON written with commas, or cut anywhere says so', () => {
    const value = '{:a [1 "b\\n" :c/d nil], "e" #{\\f 1.5e3 -17N}, :g #x.Y{:h (1/2)}}';
    for (let cut = 0; cut < value.length; cut++) {
      const fault = faultOf(value.slice(0, cut));
      expect(fault).toBeInstanceOf(EdnFault);
      expect((fault as EdnFault).cut).toBe(true);
    }
  });

  it('gives the same for any spacing', () => {
    const space = fc.stringMatching(/^[ ,\n\t]*(;[^\n]*\n)?( #_:x )?$/);
    fc.assert(
      fc.property(space, space, space, (a, b, c) => {
        expect(scan(`${a}[${b}1 ${c}{${a}:k${b} "v"${c}}${b}]${a}`)).toEqual([1, { k: 'v' }]);
      }),
    );
  });
});
