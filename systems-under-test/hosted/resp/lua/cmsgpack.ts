import { library } from './arguments.ts';
import type { Runtime } from './runtime.ts';
import { LuaTable } from './table.ts';
import { LuaFunction, type LuaValue, Opaque } from './values.ts';

const DEPTH_MAX = 16;

const bigEndian = (value: bigint, bytes: number): string => {
  let text = '';
  for (let at = bytes - 1; at >= 0; at--)
    text += String.fromCharCode(Number((value >> BigInt(8 * at)) & 0xffn));
  return text;
};

/** A mark with the size that fits: of one, two or four bytes. */
function sized(length: number, marks: readonly [number | null, number, number]): string {
  const [mark8, mark16, mark32] = marks;
  if (mark8 !== null && length < 0x100) return String.fromCharCode(mark8, length);
  if (length < 0x10000) return String.fromCharCode(mark16) + bigEndian(BigInt(length), 2);
  return String.fromCharCode(mark32) + bigEndian(BigInt(length), 4);
}

function packNumber(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63) {
    const view = new DataView(new ArrayBuffer(8));
    const isFloat = Object.is(Math.fround(value), value);
    if (isFloat) view.setFloat32(0, value);
    else view.setFloat64(0, value);
    let text = String.fromCharCode(isFloat ? 0xca : 0xcb);
    for (let at = 0; at < (isFloat ? 4 : 8); at++) text += String.fromCharCode(view.getUint8(at));
    return text;
  }
  const integer = BigInt(value);
  if (value >= 0) {
    if (value < 0x80) return String.fromCharCode(value);
    const bytes = value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
    return String.fromCharCode({ 1: 0xcc, 2: 0xcd, 4: 0xce, 8: 0xcf }[bytes]!) + bigEndian(integer, bytes);
  }
  if (value >= -32) return String.fromCharCode(value + 0x100);
  const bytes = value >= -0x80 ? 1 : value >= -0x8000 ? 2 : value >= -0x80000000 ? 4 : 8;
  return String.fromCharCode({ 1: 0xd0, 2: 0xd1, 4: 0xd2, 8: 0xd3 }[bytes]!) + bigEndian(integer, bytes);
}

function pack(runtime: Runtime, value: LuaValue, depth: number): string {
  if (value === undefined || value instanceof LuaFunction || value instanceof Opaque || depth > DEPTH_MAX)
    return '\xc0';
  if (typeof value === 'boolean') return value ? '\xc3' : '\xc2';
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'string')
    return (
      (value.length < 32
        ? String.fromCharCode(0xa0 | value.length)
        : sized(value.length, [0xd9, 0xda, 0xdb])) + value
    );
  const entries = [...value.entries()];
  const isArray =
    entries.length > 0 &&
    entries.length === value.length &&
    entries.every(([key]) => typeof key === 'number' && Number.isInteger(key) && key > 0);
  const count = entries.length;
  if (isArray || count === 0) {
    const head =
      count < 16 ? String.fromCharCode((isArray ? 0x90 : 0x80) | count) : sized(count, [null, 0xdc, 0xdd]);
    return head + entries.map(([, item]) => pack(runtime, item, depth + 1)).join('');
  }
  const head = count < 16 ? String.fromCharCode(0x80 | count) : sized(count, [null, 0xde, 0xdf]);
  return (
    head +
    entries.map(([key, item]) => pack(runtime, key, depth + 1) + pack(runtime, item, depth + 1)).join('')
  );
}

class Unpacker {
  private readonly text: string;
  private readonly runtime: Runtime;
  at: number;
  constructor(runtime: Runtime, text: string, at: number) {
    this.runtime = runtime;
    this.text = text;
    this.at = at;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  private take(count: number): string {
    if (this.at + count > this.text.length) throw this.runtime.error('Missing bytes in input.');
    this.at += count;
    return this.text.slice(this.at - count, this.at);
  }

  private unsigned(bytes: number): number {
    let value = 0n;
    for (const character of this.take(bytes)) value = (value << 8n) | BigInt(character.charCodeAt(0));
    return Number(value);
  }

  private signed(bytes: number): number {
    let value = 0n;
    for (const character of this.take(bytes)) value = (value << 8n) | BigInt(character.charCodeAt(0));
    return Number(BigInt.asIntN(8 * bytes, value));
  }

  private float(bytes: 4 | 8): number {
    const view = new DataView(new ArrayBuffer(8));
    [...this.take(bytes)].forEach((character, at) => {
      view.setUint8(at, character.charCodeAt(0));
    });
    return bytes === 4 ? view.getFloat32(0) : view.getFloat64(0);
  }

  private array(count: number): LuaTable {
    const table = new LuaTable();
    for (let place = 1; place <= count; place++) table.set(place, this.value());
    return table;
  }

  private map(count: number): LuaTable {
    const table = new LuaTable();
    for (let nth = 0; nth < count; nth++) {
      const key = this.value();
      this.runtime.setIndex(table, key, this.value(), this.runtime.line);
    }
    return table;
  }

  value(): LuaValue {
    const mark = this.unsigned(1);
    if (mark < 0x80) return mark;
    if (mark < 0x90) return this.map(mark & 0x0f);
    if (mark < 0xa0) return this.array(mark & 0x0f);
    if (mark < 0xc0) return this.take(mark & 0x1f);
    if (mark >= 0xe0) return mark - 0x100;
    switch (mark) {
      case 0xc0:
        return undefined;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return this.float(4);
      case 0xcb:
        return this.float(8);
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.unsigned(1 << (mark - 0xcc));
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.signed(1 << (mark - 0xd0));
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.take(this.unsigned(1 << (mark - 0xc4)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.take(this.unsigned(1 << (mark - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.array(this.unsigned(mark === 0xdc ? 2 : 4));
      case 0xde:
      case 0xdf:
        return this.map(this.unsigned(mark === 0xde ? 2 : 4));
      default:
        throw this.runtime.error('Bad data format in input.');
    }
  }
}

/** The library `cmsgpack`: `pack` and `unpack`. */
export function addCmsgpack(runtime: Runtime): void {
  runtime.globals.set(
    'cmsgpack',
    library(runtime, {
      pack: (args) => {
        if (args.count === 0) throw args.fail(0, 'MessagePack pack needs input.');
        return [args.values.map((value) => pack(runtime, value, 0)).join('')];
      },
      unpack: (args) => {
        const reader = new Unpacker(runtime, args.text(1), 0);
        const values: LuaValue[] = [];
        while (!reader.atEnd) values.push(reader.value());
        return values;
      },
    }),
  );
}
