import type { Expression, FunctionBody } from './ast.ts';
import type { Frame } from './frame.ts';
import { nameOf } from './naming.ts';
import { compute, type Runtime, typeName } from './runtime.ts';
import { LuaTable } from './table.ts';
import { isTrue, type LuaFunction, type LuaValue, toNumber } from './values.ts';

type Evaluate = (frame: Frame) => LuaValue;
type EvaluateMany = (frame: Frame) => LuaValue[];

/** What the parts of a chunk are compiled with: statements, which know expressions, hand in how functions are made. */
export interface Compiling {
  readonly runtime: Runtime;
  readonly functionOf: (body: FunctionBody) => (frame: Frame) => LuaFunction;
}

const isMultiple = ({ type }: Expression): boolean =>
  type === 'call' || type === 'method' || type === 'vararg';

/** Values of a list of expressions: all of the last one, one of each other. */
export function compileList(compiling: Compiling, expressions: readonly Expression[]): EvaluateMany {
  const last = expressions.at(-1);
  if (last === undefined) return () => [];
  if (!isMultiple(last)) {
    const all = expressions.map((one) => compileExpression(compiling, one));
    return (frame) => all.map((one) => one(frame));
  }
  const first = expressions.slice(0, -1).map((one) => compileExpression(compiling, one));
  const rest = compileMany(compiling, last);
  if (first.length === 0) return rest;
  return (frame) => {
    const values = first.map((one) => one(frame));
    for (const value of rest(frame)) values.push(value);
    return values;
  };
}

/** All values of an expression. */
export function compileMany(compiling: Compiling, expression: Expression): EvaluateMany {
  const { runtime } = compiling;
  switch (expression.type) {
    case 'vararg':
      return (frame) => [...frame.varargs];
    case 'call': {
      const callee = compileExpression(compiling, expression.callee);
      const args = compileList(compiling, expression.args);
      const { line } = expression;
      const name = nameOf(expression.callee);
      return (frame) => {
        const target = callee(frame);
        return runtime.call(target, args(frame), line, name);
      };
    }
    case 'method': {
      const object = compileExpression(compiling, expression.object);
      const args = compileList(compiling, expression.args);
      const { name, line } = expression;
      const described = nameOf(expression.object);
      return (frame) => {
        const self = object(frame);
        const target = runtime.index(self, name, line, described);
        return runtime.call(target, [self, ...args(frame)], line, `method '${name}'`);
      };
    }
    default: {
      const one = compileExpression(compiling, expression);
      return (frame) => [one(frame)];
    }
  }
}

function compileTable(compiling: Compiling, expression: Extract<Expression, { type: 'table' }>): Evaluate {
  const { runtime } = compiling;
  const last = expression.items.at(-1);
  const open = last !== undefined && last.key === null && isMultiple(last.value);
  const items = (open ? expression.items.slice(0, -1) : expression.items).map(({ key, value }) => ({
    key: key === null ? null : compileExpression(compiling, key),
    value: compileExpression(compiling, value),
  }));
  const rest = open ? compileMany(compiling, last.value) : null;
  const { line } = expression;
  return (frame) => {
    const table = new LuaTable();
    let place = 0;
    for (const { key, value } of items) {
      if (key === null) table.set(++place, value(frame));
      else runtime.setIndex(table, key(frame), value(frame), line);
    }
    for (const value of rest?.(frame) ?? []) table.set(++place, value);
    return table;
  };
}

function compileBinary(compiling: Compiling, expression: Extract<Expression, { type: 'binary' }>): Evaluate {
  const { runtime } = compiling;
  const left = compileExpression(compiling, expression.left);
  const right = compileExpression(compiling, expression.right);
  const { operator, line } = expression;
  switch (operator) {
    case 'and':
      return (frame) => {
        const value = left(frame);
        return isTrue(value) ? right(frame) : value;
      };
    case 'or':
      return (frame) => {
        const value = left(frame);
        return isTrue(value) ? value : right(frame);
      };
    case '==':
      return (frame) => runtime.equal(left(frame), right(frame), line);
    case '~=':
      return (frame) => !runtime.equal(left(frame), right(frame), line);
    case '<':
      return (frame) => runtime.compare(left(frame), right(frame), false, line);
    case '<=':
      return (frame) => runtime.compare(left(frame), right(frame), true, line);
    case '>':
      return (frame) => {
        const value = left(frame);
        return runtime.compare(right(frame), value, false, line);
      };
    case '>=':
      return (frame) => {
        const value = left(frame);
        return runtime.compare(right(frame), value, true, line);
      };
    case '..':
      return (frame) => {
        const [a, b] = [left(frame), right(frame)];
        if (typeof a === 'string' && typeof b === 'string') return a + b;
        const isText = typeof a === 'string' || typeof a === 'number';
        return runtime.concat(a, b, line, () => nameOf(isText ? expression.right : expression.left));
      };
    default:
      return (frame) => {
        const [a, b] = [left(frame), right(frame)];
        if (typeof a === 'number' && typeof b === 'number') return compute(operator, a, b);
        return runtime.arithmetic(operator, a, b, line, () =>
          nameOf(toNumber(a) === undefined ? expression.left : expression.right),
        );
      };
  }
}

function compileUnary(compiling: Compiling, expression: Extract<Expression, { type: 'unary' }>): Evaluate {
  const { runtime } = compiling;
  const operand = compileExpression(compiling, expression.operand);
  const { operator, line } = expression;
  const describe = (): string => nameOf(expression.operand);
  if (operator === 'not') return (frame) => !isTrue(operand(frame));
  if (operator === '-')
    return (frame) => {
      const value = operand(frame);
      const number = toNumber(value);
      if (number !== undefined) return -number;
      const result = runtime.viaMetamethod('__unm', value, undefined, line);
      return result === undefined ? runtime.arithmetic('-', value, 0, line, describe) : result[0];
    };
  return (frame) => {
    const value = operand(frame);
    if (typeof value === 'string' || value instanceof LuaTable) return value.length;
    const name = describe();
    const what = `a ${typeName(value)} value`;
    throw runtime.error(`attempt to get length of ${name === '' ? what : `${name} (${what})`}`, line);
  };
}

/** The first value of an expression. */
export function compileExpression(compiling: Compiling, expression: Expression): Evaluate {
  const { runtime } = compiling;
  switch (expression.type) {
    case 'nil':
      return () => undefined;
    case 'boolean':
    case 'number':
    case 'string': {
      const { value } = expression;
      return () => value;
    }
    case 'function': {
      const make = compiling.functionOf(expression.body);
      return (frame) => make(frame);
    }
    case 'local': {
      const { slot, captured } = expression.local;
      return captured ? (frame) => frame.cells[slot]!.value : (frame) => frame.slots[slot];
    }
    case 'upvalue': {
      const { index } = expression;
      return (frame) => frame.upvalues[index]!.value;
    }
    case 'global': {
      const { name, line } = expression;
      return () => runtime.index(runtime.globals, name, line);
    }
    case 'index': {
      const object = compileExpression(compiling, expression.object);
      const key = compileExpression(compiling, expression.key);
      const { line } = expression;
      const described = nameOf(expression.object);
      return (frame) => {
        const from = object(frame);
        return runtime.index(from, key(frame), line, described);
      };
    }
    case 'parenthesis': {
      const inner = compileMany(compiling, expression.inner);
      return (frame) => inner(frame)[0];
    }
    case 'table':
      return compileTable(compiling, expression);
    case 'binary':
      return compileBinary(compiling, expression);
    case 'unary':
      return compileUnary(compiling, expression);
    default: {
      const many = compileMany(compiling, expression);
      return (frame) => many(frame)[0];
    }
  }
}
