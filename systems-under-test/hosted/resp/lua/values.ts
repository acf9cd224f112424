import { formatGeneral } from '../protocol/numbers.ts';
import type { LuaTable } from './table.ts';

/** nil is `undefined`; strings are byte strings; numbers are doubles, as in Lua 5.1. */
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction | Opaque;

/** A function of Lua or of the host: takes and gives lists of values. */
export class LuaFunction {
  readonly name: string;
  readonly call: (args: LuaValue[]) => LuaValue[];
  constructor(name: string, call: (args: LuaValue[]) => LuaValue[]) {
    this.name = name;
    this.call = call;
  }
}

/** A value without parts, equal to itself alone: cjson.null. */
export class Opaque {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** An error on its way: any value, and the line on which it was raised. */
export class LuaError extends Error {
  readonly value: LuaValue;
  readonly line: number;
  constructor(value: LuaValue, line: number) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(typeof value === 'string' ? value : 'a Lua value');
    Error.stackTraceLimit = limit;
    this.value = value;
    this.line = line;
  }
}

/** The script took more steps than it may: nothing in it catches this. */
export class TooManySteps extends Error {}

export const isTrue = (value: LuaValue): boolean => value !== undefined && value !== false;

/** `%.14g`, as Lua writes numbers. */
export function formatNumber(value: number): string {
  if (Number.isSafeInteger(value) && Math.abs(value) < 1e14)
    return Object.is(value, -0) ? '-0' : String(value);
  return formatGeneral(value, 14);
}

/** A number, or a text that is one; undefined otherwise. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseNumber(value) : undefined;
}

export function parseNumber(text: string): number | undefined {
  const match =
    /^[ \t\n\r\f\v]*([+-]?)(?:(0x[0-9a-f]+)|((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)|(inf(?:inity)?|nan))[ \t\n\r\f\v]*$/i.exec(
      text,
    );
  if (!match) return undefined;
  const sign = match[1] === '-' ? -1 : 1;
  if (match[4] !== undefined) return match[4].toLowerCase() === 'nan' ? Number.NaN : sign * Infinity;
  return sign * Number(match[2] ?? match[3]);
}
