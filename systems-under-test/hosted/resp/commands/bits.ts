import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { newString } from '../database/values.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { failure, syntaxError } from '../protocol/errors.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { clampRange, integer } from './arguments.ts';

const BITS_MAX = 4 * 1024 * 1024 * 1024;

function bitOffset(text: string): number {
  const wrong = (): Error => failure('ERR bit offset is not an integer or out of range');
  const offset = integer(text, wrong);
  if (offset < 0 || offset >= BITS_MAX) throw wrong();
  return offset;
}

const bytesAt = (context: Context, key: string): string => context.read(key, 'string')?.bytes ?? '';
const bitAt = (bytes: string, offset: number): 0 | 1 =>
  (bytes.charCodeAt(offset >> 3) >> (7 - (offset & 7))) & 1 ? 1 : 0;

function setBit(context: Context, [, key, place, bit]: Argv): Reply {
  const offset = bitOffset(place!);
  if (bit !== '0' && bit !== '1') throw failure('ERR bit is not an integer or out of range');
  const old = bytesAt(context, key!);
  const at = Math.floor(offset / 8);
  const bytes = toBytes(old.padEnd(at + 1, '\0'));
  const mask = 1 << (7 - (offset % 8));
  const before = bytes[at]! & mask ? 1 : 0;
  bytes[at] = bit === '1' ? bytes[at]! | mask : bytes[at]! & ~mask;
  const value = context.readOrMake(key!, 'string', () => newString(''));
  value.bytes = fromBytes(bytes);
  value.form = 'raw';
  context.changed(key!, '$:setbit');
  return before;
}

/** The range of bits from the words `start end [BYTE|BIT]`; null if it is empty. */
function bitRange(words: Argv, length: number): readonly [number, number] | null {
  const unit = words[2]?.toLowerCase();
  if (words.length > 3 || (unit !== undefined && unit !== 'bit' && unit !== 'byte')) throw syntaxError();
  const byBit = unit === 'bit';
  const range = clampRange(integer(words[0]!), integer(words[1]!), byBit ? length * 8 : length);
  if (range === null) return null;
  return byBit ? range : [range[0] * 8, range[1] * 8 + 7];
}

function bitCount(context: Context, argv: Argv): Reply {
  const bytes = bytesAt(context, argv[1]!);
  if (argv.length === 3) throw syntaxError();
  const range =
    argv.length > 3 ? bitRange(argv.slice(2), bytes.length) : ([0, bytes.length * 8 - 1] as const);
  let count = 0;
  if (range !== null) for (let at = range[0]; at <= range[1]; at++) count += bitAt(bytes, at);
  return count;
}

function bitPosition(context: Context, argv: Argv): Reply {
  const wanted = integer(argv[2]!);
  if (wanted !== 0 && wanted !== 1) throw failure('ERR The bit argument must be 1 or 0.');
  const bytes = bytesAt(context, argv[1]!);
  const exists = context.database.has(argv[1]!);
  const words = argv.slice(3);
  const hasEnd = words.length > 1;
  const given = words.length === 0 ? ['0', '-1'] : hasEnd ? words : [words[0]!, '-1'];
  const range = bitRange(given, bytes.length);
  if (!exists) return wanted === 1 ? -1 : 0;
  if (range === null) return -1;
  for (let at = range[0]; at <= range[1]; at++) if (bitAt(bytes, at) === wanted) return at;
  return wanted === 0 && !hasEnd ? bytes.length * 8 : -1;
}

function bitOperation(context: Context, argv: Argv): Reply {
  const [, operation, destination, ...keys] = argv as [string, string, string, ...string[]];
  const name = operation.toLowerCase();
  if (name !== 'and' && name !== 'or' && name !== 'xor' && name !== 'not') throw syntaxError();
  if (name === 'not' && keys.length !== 1)
    throw failure('ERR BITOP NOT must be called with a single source key.');
  const sources = keys.map((key) => toBytes(bytesAt(context, key)));
  const result = new Uint8Array(Math.max(...sources.map((source) => source.length)));
  for (let at = 0; at < result.length; at++) {
    let byte = sources[0]![at] ?? 0;
    if (name === 'not') byte = ~byte;
    for (const source of sources.slice(1)) {
      const other = source[at] ?? 0;
      byte = name === 'and' ? byte & other : name === 'or' ? byte | other : byte ^ other;
    }
    result[at] = byte;
  }
  if (result.length === 0) context.remove(destination);
  else {
    context.database.set(destination, newString(fromBytes(result), 'raw'));
    context.changed(destination, '$:set');
  }
  return result.length;
}

export const BITS: readonly Command[] = [
  command('setbit', 4, 'write denyoom', [1, 1, 1], setBit),
  command('getbit', 3, 'readonly fast', [1, 1, 1], (context, [, key, place]) => {
    const offset = bitOffset(place!);
    const bytes = bytesAt(context, key!);
    return Math.floor(offset / 8) < bytes.length ? bitAt(bytes, offset) : 0;
  }),
  command('bitcount', -2, 'readonly', [1, 1, 1], bitCount),
  command('bitpos', -3, 'readonly', [1, 1, 1], bitPosition),
  command('bitop', -4, 'write denyoom', [2, -1, 1], bitOperation),
];
