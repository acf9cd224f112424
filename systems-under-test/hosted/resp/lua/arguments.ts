import { type Runtime, typeName } from './runtime.ts';
import { LuaTable } from './table.ts';
import { LuaFunction, type LuaValue, toNumber } from './values.ts';

/** What a function of a library was called with: each argument as what it should be, or Lua's own error. */
export class Arguments {
  readonly values: readonly LuaValue[];
  private readonly runtime: Runtime;
  private readonly name: string;

  constructor(runtime: Runtime, name: string, values: readonly LuaValue[]) {
    this.runtime = runtime;
    this.name = name;
    this.values = values;
  }

  get count(): number {
    return this.values.length;
  }

  fail(nth: number, what: string): Error {
    return this.runtime.error(`bad argument #${nth} to '${this.name}' (${what})`);
  }

  private wrong(nth: number, expected: string): Error {
    const got = nth > this.values.length ? 'no value' : typeName(this.values[nth - 1]);
    return this.fail(nth, `${expected} expected, got ${got}`);
  }

  any(nth: number): LuaValue {
    if (nth > this.values.length) throw this.fail(nth, 'value expected');
    return this.values[nth - 1];
  }

  number(nth: number): number {
    const number = toNumber(this.values[nth - 1]);
    if (number === undefined) throw this.wrong(nth, 'number');
    return number;
  }

  integer(nth: number): number {
    return Math.trunc(this.number(nth));
  }

  integerOr(nth: number, otherwise: number): number {
    return this.values[nth - 1] === undefined ? otherwise : this.integer(nth);
  }

  text(nth: number): string {
    const value = this.values[nth - 1];
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return this.runtime.toText(value);
    throw this.wrong(nth, 'string');
  }

  table(nth: number): LuaTable {
    const value = this.values[nth - 1];
    if (value instanceof LuaTable) return value;
    throw this.wrong(nth, 'table');
  }

  function(nth: number): LuaFunction {
    const value = this.values[nth - 1];
    if (value instanceof LuaFunction) return value;
    throw this.wrong(nth, 'function');
  }
}

export type Native = (args: Arguments) => LuaValue[];

/** A library: a table of functions. */
export function library(
  runtime: Runtime,
  functions: Readonly<Record<string, Native>>,
  into = new LuaTable(),
): LuaTable {
  for (const [name, run] of Object.entries(functions))
    into.set(name, new LuaFunction(name, (values) => run(new Arguments(runtime, name, values))));
  return into;
}
