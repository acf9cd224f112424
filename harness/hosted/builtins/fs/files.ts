import type { Core, Descriptor } from './core.ts';
import { fsError, invalidType, outOfRange, translated } from './failures.ts';
import { textOf } from './paths.ts';
import { asks, type Plan } from './plan.ts';

/** Options of those that read or write a whole file: an encoding alone, or an object. */
export interface FileOptions {
  readonly encoding?: BufferEncoding | 'buffer' | null;
  readonly flag?: string | number;
  readonly flush?: boolean;
  readonly signal?: AbortSignal;
}

export function optionsOf(given: unknown): FileOptions {
  if (typeof given === 'string') return { encoding: given as BufferEncoding };
  return typeof given === 'object' && given !== null ? (given as FileOptions) : {};
}

/** What a program hands over to be written. @throws TypeError with Node's code. */
export function bytesOf(
  data: unknown,
  encoding?: BufferEncoding | 'buffer' | null,
  name = 'data',
): Uint8Array {
  if (typeof data === 'string')
    return Buffer.from(data, encoding === 'buffer' ? 'utf8' : (encoding ?? 'utf8'));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw invalidType(name, 'of type string or an instance of Buffer, TypedArray, or DataView', data);
}

/** A path, or a descriptor that is open already and stays so. */
function* using<T>(core: Core, file: unknown, flags: unknown, use: (open: Descriptor) => Plan<T>): Plan<T> {
  if (typeof file === 'number') return yield* use(core.descriptor(file, 'read'));
  const open = yield* core.opens(file, flags);
  try {
    return yield* use(open);
  } finally {
    core.closes(open.fd);
  }
}

export function* readFile(core: Core, file: unknown, given?: unknown): Plan<Buffer | string> {
  const { encoding, flag, signal } = optionsOf(given);
  signal?.throwIfAborted();
  const bytes = yield* using(core, file, flag ?? 'r', function* (open) {
    const { path } = open;
    if (path === undefined) return open.remains?.slice(open.position) ?? new Uint8Array(0);
    if (core.tree.kindOf(path) === 'folder') throw fsError('EISDIR', 'read');
    const from = typeof file === 'number' ? open.position : 0;
    const content = yield* core.named('read', undefined, core.content(path, from));
    open.position = from + content.length;
    return content;
  });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return encoding === undefined || encoding === null || encoding === 'buffer'
    ? buffer
    : buffer.toString(encoding);
}

export function* writeFile(core: Core, file: unknown, data: unknown, given?: unknown): Plan<void> {
  const { encoding, flag, flush, signal } = optionsOf(given);
  const bytes = bytesOf(data, encoding);
  signal?.throwIfAborted();
  const shown = typeof file === 'number' ? undefined : textOf(file);
  const standard = typeof file === 'number' ? core.standard(file) : undefined;
  if (standard !== undefined) {
    standard.write(bytes);
    return;
  }
  yield* using(core, file, flag ?? 'w', function* (open) {
    yield* core.named('write', undefined, core.put(open, bytes, null));
    if (flush && open.path !== undefined)
      yield* core.named('fsync', shown, asks({ do: 'sync', file: open.path }));
  });
}

export function appendFile(core: Core, file: unknown, data: unknown, given?: unknown): Plan<void> {
  return writeFile(core, file, data, { flag: 'a', ...optionsOf(given) });
}

/** Reads into a part of a buffer. @returns The number of bytes. */
export function* readInto(
  core: Core,
  fd: number,
  buffer: NodeJS.ArrayBufferView,
  offset: number,
  length: number,
  position: number | bigint | null,
): Plan<number> {
  const open = core.descriptor(fd, 'read');
  const { path } = open;
  if (!open.mode.reads) throw fsError('EBADF', 'read');
  if (path !== undefined && core.tree.kindOf(path) === 'folder') throw fsError('EISDIR', 'read');
  const moves = position === null || Number(position) < 0;
  const from = moves ? open.position : Number(position);
  const bytes =
    path === undefined
      ? (open.remains ?? new Uint8Array(0)).subarray(from, from + length)
      : yield* core.named('read', undefined, core.content(path, from, length));
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).set(bytes, offset);
  if (moves) open.position = from + bytes.length;
  return bytes.length;
}

/** @returns The number of bytes: all of them. */
export function* writeBytes(
  core: Core,
  fd: number,
  bytes: Uint8Array,
  position: number | null,
): Plan<number> {
  const standard = core.standard(fd);
  if (standard === undefined) {
    const open = core.descriptor(fd, 'write');
    yield* core.named('write', undefined, core.put(open, bytes, position));
  } else {
    standard.write(bytes);
  }
  return bytes.length;
}

export function* syncs(core: Core, fd: number, syscall: string): Plan<void> {
  if (core.standard(fd) !== undefined) return;
  const { path } = core.descriptor(fd, syscall);
  if (path === undefined || path === '/dev/null' || core.tree.isReadOnly(path)) return;
  // Of a folder: the names in it.
  const file = core.tree.kindOf(path) === 'folder' ? `${path}/` : path;
  yield* core.named(syscall, undefined, asks({ do: 'sync', file }));
}

export function* truncates(core: Core, open: Descriptor, length: number): Plan<void> {
  if (!Number.isInteger(length)) throw outOfRange('len', 'an integer', length);
  if (!open.mode.writes) throw fsError('EINVAL', 'ftruncate');
  const { path } = open;
  const size = Math.max(0, length);
  if (path === undefined) return;
  const before = core.tree.size(path);
  try {
    if (size < before) yield* asks({ do: 'truncate', file: path, length: size });
    else if (size > before)
      yield* asks({ do: 'write', file: path, offset: size - 1, bytes: new Uint8Array(1) });
  } catch (error) {
    throw translated(error, 'ftruncate');
  }
  core.touched(path);
}

export function* truncate(core: Core, path: unknown, length = 0): Plan<void> {
  const open = yield* core.opens(path, 'r+');
  try {
    yield* truncates(core, open, length);
  } finally {
    core.closes(open.fd);
  }
}

const EXCLUSIVE = 1;

export function* copyFile(core: Core, from: unknown, to: unknown, mode = 0): Plan<void> {
  const source = core.absolute(from, 'src');
  const target = core.absolute(to, 'dest');
  const [src, dest] = [textOf(from, 'src'), textOf(to, 'dest')];
  const fail = (code: string): Error => fsError(code, 'copyfile', src, dest);
  const { tree } = core;
  const kind = tree.kindOf(source);
  if (kind === undefined) throw fail('ENOENT');
  if (kind === 'folder') throw fail('EISDIR');
  tree.checkParent(target, 'copyfile', src, dest);
  const there = tree.kindOf(target);
  if (there === 'folder') throw fail('EISDIR');
  if (there === 'file' && mode & EXCLUSIVE) throw fail('EEXIST');
  if (tree.isReadOnly(target)) throw fail('EROFS');
  if (source === target) return;
  const bytes = yield* core.named('copyfile', src, core.content(source));
  yield* core.named('copyfile', src, overwritten(target, there === 'file', bytes));
  core.touched(target, there === undefined);
}

function* overwritten(file: string, exists: boolean, bytes: Uint8Array): Plan<void> {
  if (exists) yield* asks({ do: 'truncate', file, length: 0 });
  yield* asks({ do: 'append', file, bytes });
}
