import type { Core } from './core.ts';
import { invalidType, outOfRange } from './failures.ts';
import { bytesOf, readInto, writeBytes } from './files.ts';
import type { Plan } from './plan.ts';

type View = NodeJS.ArrayBufferView;

interface ReadCall {
  readonly buffer: View;
  readonly offset: number;
  readonly length: number;
  readonly position: number | bigint | null;
}

/** The forms of `fs.read`: `(buffer, offset, length, position)`, `(buffer, options)`, `(options)`, and shorter ones. */
export function readCall(given: readonly unknown[]): ReadCall {
  let [buffer, offset, length, position] = given;
  if (!ArrayBuffer.isView(buffer)) {
    const options = (buffer ?? {}) as Partial<ReadCall>;
    buffer = options.buffer ?? Buffer.alloc(16384);
    ({ offset, length, position } = options);
  } else if (typeof offset === 'object' && offset !== null) {
    ({ offset, length, position } = offset as Partial<ReadCall>);
  }
  if (!ArrayBuffer.isView(buffer))
    throw invalidType('buffer', 'an instance of Buffer, TypedArray, or DataView', buffer);
  const from = (offset ?? 0) as number;
  const count = (length ?? buffer.byteLength - from) as number;
  checkRange(buffer.byteLength, from, count, false);
  return {
    buffer: buffer as View,
    offset: from,
    length: count,
    position: (position ?? null) as number | bigint | null,
  };
}

interface WriteCall {
  readonly bytes: Uint8Array;
  /** What the caller is given back. */
  readonly data: unknown;
  readonly position: number | null;
}

/** The forms of `fs.write`: `(buffer, offset, length, position)`, `(buffer, options)`, `(string, position, encoding)`, and shorter ones. */
export function writeCall(given: readonly unknown[]): WriteCall {
  const [data, second, third, fourth] = given;
  if (typeof data === 'string') {
    const encoding = (third ?? 'utf8') as BufferEncoding;
    return { bytes: bytesOf(data, encoding), data, position: numberOrNull(second) };
  }
  const whole = bytesOf(data, null, 'buffer');
  let [offset, length, position] = [second, third, fourth];
  if (typeof second === 'object' && second !== null)
    ({ offset, length, position } = second as { offset?: unknown; length?: unknown; position?: unknown });
  const from = (offset ?? 0) as number;
  const count = (length ?? whole.length - from) as number;
  checkRange(whole.length, from, count, true);
  return { bytes: whole.subarray(from, from + count), data, position: numberOrNull(position) };
}

function checkRange(size: number, offset: number, length: number, writes: boolean): void {
  if (!Number.isInteger(offset)) throw outOfRange('offset', 'an integer', offset);
  if (offset < 0) throw outOfRange('offset', '>= 0', offset);
  if (writes && offset > size) throw outOfRange('offset', `<= ${size}`, offset);
  if (!Number.isInteger(length)) throw outOfRange('length', 'an integer', length);
  if (length < 0) throw outOfRange('length', '>= 0', length);
  if (length > size - offset) throw outOfRange('length', `<= ${size - offset}`, length);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? value : null;
}

/** Reads one buffer after the other, until one is not filled. @returns The number of bytes. */
export function* readAll(core: Core, fd: number, buffers: readonly View[], position?: unknown): Plan<number> {
  let at = numberOrNull(position);
  let sum = 0;
  for (const buffer of buffers) {
    const count = yield* readInto(core, fd, buffer, 0, buffer.byteLength, at);
    sum += count;
    if (at !== null) at += count;
    if (count < buffer.byteLength) break;
  }
  return sum;
}

/** Writes all buffers as one. @returns The number of bytes. */
export function writeAll(core: Core, fd: number, buffers: readonly View[], position?: unknown): Plan<number> {
  const all = Buffer.concat(buffers.map((buffer) => bytesOf(buffer, null, 'buffers')));
  return writeBytes(core, fd, all, numberOrNull(position));
}
