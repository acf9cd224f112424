import { LuaTable } from './table.ts';
import {
  formatNumber,
  LuaError,
  LuaFunction,
  type LuaValue,
  Opaque,
  TooManySteps,
  toNumber,
} from './values.ts';

/** Calls within calls, as Redis's interpreter would allow far more of: a bound that the host's own stack can hold. */
const DEPTH_MAX = 190;

export function typeName(value: LuaValue): string {
  if (value === undefined) return 'nil';
  if (value instanceof LuaTable) return 'table';
  if (value instanceof LuaFunction) return 'function';
  if (value instanceof Opaque) return 'userdata';
  return typeof value;
}

/** What one interpreter has at work: where it is, and how far it may go. */
export class Runtime {
  readonly globals = new LuaTable();
  readonly chunk: string;
  /** Methods of strings: `("x"):upper()`. */
  stringMethods: LuaTable | undefined;
  /** The line of the call that runs. */
  line = 0;
  /** Lines of the calls that led here, the outermost first. */
  readonly callers: number[] = [];
  private steps = 0;
  private stepsMax: number;
  private names = 0;
  private readonly identities = new Map<LuaTable | LuaFunction, string>();

  constructor(chunk: string, stepsMax: number) {
    this.chunk = chunk;
    this.stepsMax = stepsMax;
  }

  startScript(): void {
    this.steps = 0;
    this.callers.length = 0;
  }

  step(): void {
    if (++this.steps > this.stepsMax)
      throw new TooManySteps(`the script took more than ${this.stepsMax} steps`);
  }

  /** An error on the line that runs, with its position before the text. */
  error(text: string, line = this.line): LuaError {
    return new LuaError(`${this.chunk}:${line}: ${text}`, line);
  }

  enter(): void {
    if (this.callers.length >= DEPTH_MAX) throw this.error('stack overflow');
    this.callers.push(this.line);
    this.step();
  }

  leave(): void {
    this.line = this.callers.pop()!;
  }

  private identity(value: LuaTable | LuaFunction): string {
    let name = this.identities.get(value);
    if (name === undefined) {
      name = `0x${(++this.names).toString(16).padStart(12, '0')}`;
      this.identities.set(value, name);
    }
    return name;
  }

  metamethod(value: LuaValue, event: string): LuaValue {
    if (value instanceof LuaTable) return value.metatable?.get(event);
    return typeof value === 'string' && event === '__index' ? this.stringMethods : undefined;
  }

  call(callee: LuaValue, args: LuaValue[], line = this.line, described = ''): LuaValue[] {
    if (callee instanceof LuaFunction) {
      this.line = line;
      return callee.call(args);
    }
    const method = this.metamethod(callee, '__call');
    if (method === undefined) throw this.error(`attempt to call ${naming(described, callee)}`, line);
    return this.call(method, [callee, ...args], line);
  }

  index(object: LuaValue, key: LuaValue, line: number, described = ''): LuaValue {
    if (object instanceof LuaTable) {
      const value = object.get(key);
      if (value !== undefined || object.metatable === undefined) return value;
    }
    const handler = this.metamethod(object, '__index');
    if (handler === undefined) {
      if (object instanceof LuaTable) return undefined;
      throw this.error(`attempt to index ${naming(described, object)}`, line);
    }
    if (handler instanceof LuaFunction) return this.call(handler, [object, key], line)[0];
    return this.index(handler, key, line);
  }

  setIndex(object: LuaValue, key: LuaValue, value: LuaValue, line: number, described = ''): void {
    if (object instanceof LuaTable) {
      if (object.readonly) throw this.error('Attempt to modify a readonly table', line);
      const handler =
        object.metatable === undefined || object.get(key) !== undefined
          ? undefined
          : object.metatable.get('__newindex');
      if (handler === undefined) {
        if (key === undefined) throw this.error('table index is nil', line);
        if (Number.isNaN(key)) throw this.error('table index is NaN', line);
        object.set(key, value);
        return;
      }
      if (handler instanceof LuaFunction) this.call(handler, [object, key, value], line);
      else this.setIndex(handler, key, value, line);
      return;
    }
    throw this.error(`attempt to index ${naming(described, object)}`, line);
  }

  /** An operator's metamethod, of the left operand or else the right. */
  viaMetamethod(
    event: string,
    left: LuaValue,
    right: LuaValue,
    line: number,
  ): readonly LuaValue[] | undefined {
    const handler = this.metamethod(left, event) ?? this.metamethod(right, event);
    return handler === undefined ? undefined : this.call(handler, [left, right], line);
  }

  toText(value: LuaValue): string {
    const handler = this.metamethod(value, '__tostring');
    if (handler !== undefined) {
      const text = this.call(handler, [value])[0];
      if (typeof text !== 'string') throw this.error("'tostring' must return a string to 'print'");
      return text;
    }
    if (value === undefined) return 'nil';
    if (typeof value === 'number') return formatNumber(value);
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return String(value);
    if (value instanceof Opaque) return value.name;
    return `${typeName(value)}: ${this.identity(value)}`;
  }

  compare(left: LuaValue, right: LuaValue, orEqual: boolean, line: number): boolean {
    if (typeof left === 'number' && typeof right === 'number') return orEqual ? left <= right : left < right;
    if (typeof left === 'string' && typeof right === 'string') return orEqual ? left <= right : left < right;
    const result = this.viaMetamethod(orEqual ? '__le' : '__lt', left, right, line);
    if (result !== undefined) return result[0] !== undefined && result[0] !== false;
    const [one, other] = [typeName(left), typeName(right)];
    throw this.error(
      one === other ? `attempt to compare two ${one} values` : `attempt to compare ${one} with ${other}`,
      line,
    );
  }

  equal(left: LuaValue, right: LuaValue, line: number): boolean {
    if (left === right) return true;
    if (!(left instanceof LuaTable && right instanceof LuaTable)) return false;
    const handler = left.metatable?.get('__eq');
    if (handler === undefined || handler !== right.metatable?.get('__eq')) return false;
    const [result] = this.call(handler, [left, right], line);
    return result !== undefined && result !== false;
  }

  arithmetic(
    operator: string,
    left: LuaValue,
    right: LuaValue,
    line: number,
    describe: () => string,
  ): LuaValue {
    const [a, b] = [toNumber(left), toNumber(right)];
    if (a !== undefined && b !== undefined) return compute(operator, a, b);
    const result = this.viaMetamethod(EVENTS[operator]!, left, right, line);
    if (result !== undefined) return result[0];
    throw this.error(
      `attempt to perform arithmetic on ${naming(describe(), a === undefined ? left : right)}`,
      line,
    );
  }

  concat(left: LuaValue, right: LuaValue, line: number, describe: () => string): LuaValue {
    const isText = (value: LuaValue): boolean => typeof value === 'string' || typeof value === 'number';
    if (isText(left) && isText(right)) return this.toText(left) + this.toText(right);
    const result = this.viaMetamethod('__concat', left, right, line);
    if (result !== undefined) return result[0];
    throw this.error(`attempt to concatenate ${naming(describe(), isText(left) ? right : left)}`, line);
  }
}

const EVENTS: Readonly<Record<string, string>> = {
  '+': '__add',
  '-': '__sub',
  '*': '__mul',
  '/': '__div',
  '%': '__mod',
  '^': '__pow',
};

export function compute(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a - Math.floor(a / b) * b;
    default:
      return a ** b;
  }
}

/** `local 'x' (a nil value)`, or `a nil value` where there is no name. */
function naming(described: string, value: LuaValue): string {
  return described === '' ? `a ${typeName(value)} value` : `${described} (a ${typeName(value)} value)`;
}
