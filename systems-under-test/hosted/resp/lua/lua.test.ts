import { describe, expect, it } from 'vitest';
import { ErrorReply, type Reply } from '../protocol/reply.ts';
import { Interpreter } from './script.ts';
import { sha1 } from './sha1.ts';

const host = { version: 2 as 2 | 3, call: (argv: readonly string[]): Reply => [...argv] };

function run(source: string): Reply {
  const interpreter = new Interpreter();
  return interpreter.run(interpreter.compile('sha', source), ['key'], ['argument'], host);
}
const errorOf = (source: string): string => (run(source) as ErrorReply).text;

describe('a script', () => {
  it('closes over variables, a new one in each turn of a loop', () => {
    expect(
      run(
        'local fs = {} for i = 1, 3 do local j = i fs[i] = function() j = j + 1 return i * 10 + j end end return {fs[1](), fs[1](), fs[3]()}',
      ),
    ).toEqual([12, 13, 34]);
    expect(
      run(
        'local function counter() local n = 0 return function() n = n + 1 return n end end local a, b = counter(), counter() a() return {a(), b()}',
      ),
    ).toEqual([2, 1]);
    expect(
      run(
        'local function outer() local x = 1 return function() return function() x = x + 1 return x end end end return outer()()()',
      ),
    ).toBe(2);
  });

  it('has variable arguments and several results', () => {
    expect(run('local function f(...) return ... end return {f(1, 2), f(3, 4), (f(5, 6))}')).toEqual([
      1, 3, 5,
    ]);
    expect(run("return {select('#', nil, nil), select(2, 'a', 'b')}")).toEqual([2, 'b']);
  });

  it('has metatables', () => {
    expect(
      run(
        "local t = setmetatable({}, {__index = function(_, k) return k .. '?' end, __newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.a = 4 return {t.a, t.b}",
      ),
    ).toEqual([8, 'b?']);
    expect(
      run(
        "local v = setmetatable({}, {__concat = function() return 'joined' end, __lt = function() return true end, __unm = function() return 7 end}) return {v .. 'x', v < v and 1 or 0, -v}",
      ),
    ).toEqual(['joined', 1, 7]);
  });

  it('calls commands with keys and arguments', () => {
    expect(run("return redis.call('GET', KEYS[1], ARGV[1], 1.5)")).toEqual(['GET', 'key', 'argument', '1.5']);
  });

  it('goes through a table while it clears it', () => {
    expect(
      run(
        'local t = {1, 2, 3, a = 1, b = 2} local n = 0 for k in pairs(t) do t[k] = nil n = n + 1 end return {n, next(t) == nil and 1 or 0}',
      ),
    ).toEqual([5, 1]);
  });

  const errors = [
    ['local t = {} return t.a.b', "user_script:1: attempt to index field 'a' (a nil value)"],
    ['return 1 + {}', 'attempt to perform arithmetic on a table value'],
    ['\nlocal x = nil\nx()', "user_script:3: attempt to call local 'x' (a nil value)"],
    ['y = 1', 'Attempt to modify a readonly table'],
    ['return z', "Script attempted to access nonexistent global variable 'z'"],
    ["error({err = 'CODE text'})", 'CODE text script: sha, on @user_script:1.'],
    ['while true do end', 'more than 20000000 steps'],
    ['local function f() return 1 + f() end return f()', 'stack overflow'],
    ["return string.rep('x', 5):find('(')", 'unfinished capture'],
    ["return ('x'):bad()", "attempt to call method 'bad' (a nil value)"],
  ] as const;
  for (const [source, message] of errors)
    it(`fails with Lua's words: ${JSON.stringify(source)}`, () => {
      expect(errorOf(source)).toContain(message);
    });

  it('that does not compile says where', () => {
    expect(() => new Interpreter().compile('sha', 'if x then\nreturn 1')).toThrow(
      "user_script:2: 'end' expected (to close 'if' at line 1) near '<eof>'",
    );
  });

  it('cannot change what other scripts see', () => {
    const interpreter = new Interpreter();
    const go = (source: string): Reply => interpreter.run(interpreter.compile('sha', source), [], [], host);
    expect(go('string.upper = nil')).toBeInstanceOf(ErrorReply);
    expect(go('setmetatable(_G, nil)')).toBeInstanceOf(ErrorReply);
    expect(go("return ('a'):upper()")).toBe('A');
  });
});

it('SHA-1 of texts of all lengths around a block', () => {
  expect(sha1('abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect(sha1('')).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
  expect(sha1('a'.repeat(64))).toBe('0098ba824b5c16427bd7a1122a5a442a25ec644d');
  expect(sha1('a'.repeat(55))).toBe('c1c8bbdc22796e28c0e15163d20899b65621d65a');
});
