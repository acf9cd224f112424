import { library } from './arguments.ts';
import { compileChunk } from './compile.ts';
import { parse } from './parser.ts';
import { type Runtime, typeName } from './runtime.ts';
import { LuaTable } from './table.ts';
import { isTrue, LuaError, LuaFunction, type LuaValue, parseNumber } from './values.ts';

/** Runs something whose errors are values: true and its results, or false and what `handle` makes of the error. */
function protectedCall(
  runtime: Runtime,
  run: () => LuaValue[],
  handle: (error: LuaError) => LuaValue[],
): LuaValue[] {
  const { line } = runtime;
  const depth = runtime.callers.length;
  try {
    return [true, ...run()];
  } catch (error) {
    const isStack = error instanceof RangeError;
    if (!(error instanceof LuaError) && !isStack) throw error;
    runtime.callers.length = depth;
    runtime.line = line;
    return [false, ...handle(isStack ? runtime.error('stack overflow') : (error as LuaError))];
  }
}

/** Digits of a number in a base. */
function inBase(text: string, base: number): number | undefined {
  const match = /^\s*(-?)([0-9a-z]+)\s*$/i.exec(text);
  if (!match) return undefined;
  let value = 0;
  for (const digit of match[2]!) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= base) return undefined;
    value = value * base + worth;
  }
  return match[1] === '-' ? -value : value;
}

/** The functions of the manual's 5.1 that a script of Redis has. */
export function addBaseLibrary(runtime: Runtime): void {
  const { globals } = runtime;
  const iterate = (table: LuaTable, key: LuaValue): LuaValue[] => {
    const entry = table.next(key);
    if (entry === undefined) throw runtime.error("invalid key to 'next'");
    return entry === null ? [undefined] : [...entry];
  };
  const next = new LuaFunction('next', ([table, key]) => iterate(table as LuaTable, key));
  const nextItem = new LuaFunction('ipairs iterator', ([table, at]) => {
    const place = (at as number) + 1;
    const value = runtime.index(table, place, runtime.line);
    return value === undefined ? [undefined] : [place, value];
  });
  library(
    runtime,
    {
      assert: (args) => {
        if (isTrue(args.any(1))) return [...args.values];
        throw runtime.error(args.values[1] === undefined ? 'assertion failed!' : args.text(2));
      },
      collectgarbage: () => [0],
      error: (args) => {
        const [value] = args.values;
        const level = args.integerOr(2, 1);
        const line = level === 2 ? (runtime.callers.at(-1) ?? runtime.line) : runtime.line;
        if (typeof value !== 'string' || level === 0) throw new LuaError(value, runtime.line);
        throw new LuaError(`${runtime.chunk}:${line}: ${value}`, runtime.line);
      },
      getmetatable: (args) => {
        const value = args.any(1);
        const table = value instanceof LuaTable ? value.metatable : undefined;
        return [table?.get('__metatable') ?? table];
      },
      ipairs: (args) => [nextItem, args.table(1), 0],
      loadstring: (args) => {
        try {
          return [compileChunk(runtime, parse(args.text(1), '[string]'))];
        } catch (error) {
          if (error instanceof LuaError) return [undefined, error.value];
          throw error;
        }
      },
      next: (args) => iterate(args.table(1), args.values[1]),
      pairs: (args) => [next, args.table(1), undefined],
      pcall: (args) => {
        const callee = args.any(1);
        return protectedCall(
          runtime,
          () => runtime.call(callee, args.values.slice(1)),
          // Redis's own: of an error in a table, its text.
          ({ value }) => [
            value instanceof LuaTable && typeof value.get('err') === 'string' ? value.get('err') : value,
          ],
        );
      },
      rawequal: (args) => [args.any(1) === args.any(2)],
      rawget: (args) => [args.table(1).get(args.any(2))],
      rawset: (args) => {
        const table = args.table(1);
        if (table.readonly) throw runtime.error('Attempt to modify a readonly table');
        if (args.any(2) === undefined) throw runtime.error('table index is nil');
        table.set(args.any(2), args.any(3));
        return [table];
      },
      select: (args) => {
        if (args.values[0] === '#') return [args.count - 1];
        const at = args.integer(1);
        if (at === 0 || args.count - 1 + at < 0) throw args.fail(1, 'index out of range');
        return at < 0 ? args.values.slice(at) : args.values.slice(at);
      },
      setmetatable: (args) => {
        const [table, meta] = [args.table(1), args.values[1]];
        if (meta !== undefined && !(meta instanceof LuaTable)) throw args.fail(2, 'nil or table expected');
        if (table.readonly) throw runtime.error('Attempt to modify a readonly table');
        if (table.metatable?.get('__metatable') !== undefined)
          throw runtime.error('cannot change a protected metatable');
        table.metatable = meta;
        return [table];
      },
      tonumber: (args) => {
        const value = args.any(1);
        const base = args.integerOr(2, 10);
        if (base === 10)
          return [
            typeof value === 'string' ? parseNumber(value) : typeof value === 'number' ? value : undefined,
          ];
        if (base < 2 || base > 36) throw args.fail(2, 'base out of range');
        return [inBase(args.text(1).replace(/^(\s*)0x/i, base === 16 ? '$1' : '$&'), base)];
      },
      tostring: (args) => [runtime.toText(args.any(1))],
      type: (args) => [typeName(args.any(1))],
      unpack: (args) => {
        const table = args.table(1);
        const from = args.integerOr(2, 1);
        const to = args.integerOr(3, table.length);
        if (to - from >= 8000) throw runtime.error('too many results to unpack');
        const values: LuaValue[] = [];
        for (let at = from; at <= to; at++) values.push(table.get(at));
        return values;
      },
      xpcall: (args) => {
        const [callee, handler] = [args.any(1), args.any(2)];
        return protectedCall(
          runtime,
          () => runtime.call(callee, []),
          (error) => runtime.call(handler, [error.value]),
        );
      },
    },
    globals,
  );
  globals.set('_VERSION', 'Lua 5.1');
  globals.set('_G', globals);
}
