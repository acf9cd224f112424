import { constants } from 'node:fs';
import { posix } from 'node:path';
import type { Core } from './core.ts';
import { fsError, invalidType, translated } from './failures.ts';
import { copyFile, optionsOf } from './files.ts';
import { textOf } from './paths.ts';
import { asks, type Plan } from './plan.ts';
import { BigIntStats, Dirent, type Stats } from './stats.ts';

const NOTHING = new Uint8Array(0);

export interface FolderOptions {
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly withFileTypes?: boolean;
  readonly bigint?: boolean;
  readonly throwIfNoEntry?: boolean;
  readonly encoding?: BufferEncoding | 'buffer' | null;
  readonly errorOnExist?: boolean;
  readonly filter?: (from: string, to: string) => boolean;
}

export function* stat(
  core: Core,
  path: unknown,
  options: FolderOptions = {},
  syscall = 'stat',
): Plan<Stats | BigIntStats | undefined> {
  const file = core.absolute(path);
  const shown = textOf(path);
  const kind = yield* core.named(syscall, shown, kindOf(core, file));
  if (kind === undefined) {
    if (options.throwIfNoEntry === false) return undefined;
    core.tree.checkParent(file, syscall, shown);
    throw fsError('ENOENT', syscall, shown);
  }
  if (kind === 'file' && shown.endsWith('/')) throw fsError('ENOTDIR', syscall, shown);
  const stats = core.statsOf(file, kind);
  return options.bigint ? new BigIntStats(stats) : stats;
}

// A generator only so that a destroyed disk is an error of this call.
// biome-ignore lint/correctness/useYield: it asks nothing of the disk
function* kindOf(core: Core, file: string): Plan<ReturnType<Core['tree']['kindOf']>> {
  return core.tree.kindOf(file);
}

export function* access(core: Core, path: unknown, mode: number = constants.F_OK): Plan<void> {
  const file = core.absolute(path);
  const shown = textOf(path);
  const kind = yield* core.named('access', shown, kindOf(core, file));
  if (kind === undefined) {
    core.tree.checkParent(file, 'access', shown);
    throw fsError('ENOENT', 'access', shown);
  }
  if (mode & constants.W_OK && core.tree.isReadOnly(file)) throw fsError('EROFS', 'access', shown);
  if (mode & constants.X_OK && kind === 'file') throw fsError('EACCES', 'access', shown);
}

/** @returns With `recursive`, the first folder that was made. */
export function* mkdir(core: Core, path: unknown, given?: unknown): Plan<string | undefined> {
  const folder = core.absolute(path);
  const shown = textOf(path);
  const { recursive = false } = ((typeof given === 'object' ? given : undefined) as FolderOptions) ?? {};
  return yield* core.named(
    'mkdir',
    shown,
    recursive ? mkdirs(core, folder, shown) : mkdirOne(core, folder, shown),
  );
}

function* mkdirOne(core: Core, folder: string, shown: string): Plan<undefined> {
  if (core.tree.kindOf(folder) !== undefined) throw fsError('EEXIST', 'mkdir', shown);
  core.tree.checkParent(folder, 'mkdir', shown);
  yield* asks({ do: 'append', file: `${folder}/`, bytes: NOTHING });
  core.touched(folder, true);
  return undefined;
}

function* mkdirs(core: Core, folder: string, shown: string): Plan<string | undefined> {
  const kind = core.tree.kindOf(folder);
  if (kind === 'folder') return undefined;
  if (kind === 'file') throw fsError('EEXIST', 'mkdir', shown);
  const parent = posix.dirname(folder);
  if (core.tree.kindOf(parent) === 'file') throw fsError('ENOTDIR', 'mkdir', shown);
  const first = yield* mkdirs(core, parent, shown);
  yield* mkdirOne(core, folder, shown);
  return first ?? folder;
}

export function* readdir(core: Core, path: unknown, given?: unknown): Plan<(string | Buffer | Dirent)[]> {
  const folder = core.absolute(path);
  const shown = textOf(path);
  const options = optionsOf(given) as FolderOptions;
  const kind = yield* core.named('scandir', shown, kindOf(core, folder));
  if (kind === undefined) throw fsError('ENOENT', 'scandir', shown);
  if (kind === 'file') throw fsError('ENOTDIR', 'scandir', shown);
  return listed(core, folder, shown, '', options);
}

function listed(
  core: Core,
  folder: string,
  shown: string,
  within: string,
  options: FolderOptions,
): (string | Buffer | Dirent)[] {
  const entries: (string | Buffer | Dirent)[] = [];
  const below: (string | Buffer | Dirent)[] = [];
  for (const [name, kind] of core.tree.children(folder)) {
    const encoded = (text: string) => (options.encoding === 'buffer' ? Buffer.from(text) : text);
    if (options.withFileTypes) entries.push(new Dirent(encoded(name), kind, shown));
    else entries.push(encoded(within + name));
    if (options.recursive && kind === 'folder') {
      below.push(
        ...listed(core, posix.join(folder, name), posix.join(shown, name), `${within}${name}/`, options),
      );
    }
  }
  return [...entries, ...below];
}

export function* unlink(core: Core, path: unknown, syscall = 'unlink'): Plan<void> {
  const file = core.absolute(path);
  const shown = textOf(path);
  const kind = core.tree.kindOf(file);
  if (kind === undefined) {
    core.tree.checkParent(file, syscall, shown);
    throw fsError('ENOENT', syscall, shown);
  }
  if (kind === 'folder') throw fsError('EISDIR', syscall, shown);
  if (core.tree.isReadOnly(file)) throw fsError('EROFS', syscall, shown);
  yield* core.named(syscall, shown, removed(core, file));
}

function* removed(core: Core, file: string): Plan<void> {
  yield* core.unnamed(file);
  yield* asks({ do: 'remove', file });
}

export function* rmdir(core: Core, path: unknown, given?: unknown): Plan<void> {
  const { recursive } = (given ?? {}) as FolderOptions;
  if (recursive) {
    yield* rm(core, path, { recursive, force: false }, 'rmdir');
    return;
  }
  const folder = core.absolute(path);
  const shown = textOf(path);
  const kind = core.tree.kindOf(folder);
  if (kind === undefined) throw fsError('ENOENT', 'rmdir', shown);
  if (kind === 'file') throw fsError('ENOTDIR', 'rmdir', shown);
  if (core.tree.children(folder).size > 0) throw fsError('ENOTEMPTY', 'rmdir', shown);
  yield* core.named('rmdir', shown, asks({ do: 'remove', file: `${folder}/` }));
}

export function* rm(core: Core, path: unknown, given?: unknown, syscall = 'rm'): Plan<void> {
  const { recursive = false, force = false } = (given ?? {}) as FolderOptions;
  const file = core.absolute(path);
  const shown = textOf(path);
  const kind = core.tree.kindOf(file);
  if (kind === undefined) {
    if (force) return;
    throw fsError('ENOENT', syscall === 'rm' ? 'lstat' : syscall, shown);
  }
  if (kind === 'file') {
    yield* unlink(core, path, syscall);
    return;
  }
  if (!recursive) {
    const error = new Error(`Path is a directory: rm returned EISDIR (is a directory) ${shown}`);
    error.name = 'SystemError';
    throw Object.assign(error, { code: 'ERR_FS_EISDIR', errno: 21, syscall: 'rm', path: shown });
  }
  for (const name of core.tree.children(file).keys())
    yield* rm(core, posix.join(file, name), { recursive: true, force: true }, syscall);
  yield* core.named(syscall, shown, asks({ do: 'remove', file: `${file}/` }));
}

export function* rename(core: Core, from: unknown, to: unknown): Plan<void> {
  const source = core.absolute(from, 'oldPath');
  const target = core.absolute(to, 'newPath');
  const [oldPath, newPath] = [textOf(from, 'oldPath'), textOf(to, 'newPath')];
  const fail = (code: string): Error => fsError(code, 'rename', oldPath, newPath);
  const { tree } = core;
  const kind = tree.kindOf(source);
  if (kind === undefined) throw fail('ENOENT');
  tree.checkParent(target, 'rename', oldPath, newPath);
  const there = tree.kindOf(target);
  if (tree.isReadOnly(source) || tree.isReadOnly(target)) throw fail('EROFS');
  if (kind === 'file' && there === 'folder') throw fail('EISDIR');
  if (kind === 'folder' && there === 'file') throw fail('ENOTDIR');
  if (kind === 'folder' && target.startsWith(`${source}/`)) throw fail('EINVAL');
  if (source === target) return;
  if (kind === 'folder' && there === 'folder' && tree.children(target).size > 0) throw fail('ENOTEMPTY');
  try {
    if (there === 'file') yield* core.unnamed(target);
    if (kind === 'file') yield* asks({ do: 'rename', file: source, to: target });
    else yield* renamedAll(core, source, target);
  } catch (error) {
    throw translated(error, 'rename', oldPath);
  }
  core.moved(source, target);
}

/** Everything in a folder gets another name. Unlike a real one, this may happen in part: a loss of power between finds some under the old name. */
function* renamedAll(core: Core, source: string, target: string): Plan<void> {
  for (const file of core.context.native.files.list()) {
    if (file.startsWith(`${source}/`))
      yield* asks({ do: 'rename', file, to: target + file.slice(source.length) });
  }
  if (core.tree.kindOf(target) === undefined)
    yield* asks({ do: 'append', file: `${target}/`, bytes: NOTHING });
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export function* mkdtemp(core: Core, prefix: unknown): Plan<string> {
  if (typeof prefix !== 'string')
    throw invalidType('prefix', 'of type string or an instance of Buffer or URL', prefix);
  const { random } = core.context.host;
  let name = prefix;
  for (let nth = 0; nth < 6; nth++) name += LETTERS[random.integer(0, LETTERS.length - 1)];
  const shown = `${prefix}XXXXXX`;
  const folder = core.absolute(name, 'prefix');
  core.tree.checkParent(folder, 'mkdtemp', shown);
  yield* core.named('mkdtemp', shown, asks({ do: 'append', file: `${folder}/`, bytes: NOTHING }));
  core.touched(folder, true);
  return name;
}

export function* realpath(core: Core, path: unknown): Plan<string> {
  yield* stat(core, path, {}, 'lstat');
  return core.absolute(path);
}

export function* utimes(core: Core, path: unknown, accessed: unknown, modified: unknown): Plan<void> {
  yield* stat(core, path, {}, 'utime');
  core.setTimes(core.absolute(path), millisecondsOf(accessed), millisecondsOf(modified));
}

export function millisecondsOf(time: unknown): number {
  const value =
    typeof time === 'object' && time !== null && 'getTime' in time
      ? (time as Date).getTime() / 1000
      : Number(time);
  if (Number.isNaN(value)) throw invalidType('time', 'of type number or an instance of Date', time);
  return Math.round(value * 1000);
}

/** `fs.cp`. */
export function* cp(core: Core, from: unknown, to: unknown, given?: unknown): Plan<void> {
  const options = (given ?? {}) as FolderOptions;
  const { recursive = false, force = true, errorOnExist = false, filter } = options;
  const [source, target] = [core.absolute(from, 'src'), core.absolute(to, 'dest')];
  if (filter !== undefined && !filter(textOf(from, 'src'), textOf(to, 'dest'))) return;
  const kind = core.tree.kindOf(source);
  if (kind === undefined) throw fsError('ENOENT', 'cp', textOf(from, 'src'));
  if (kind === 'file') {
    const there = core.tree.kindOf(target) === 'file';
    if (there && !force) {
      if (errorOnExist) throw Object.assign(fsError('EEXIST', 'cp', target), { code: 'ERR_FS_CP_EEXIST' });
      return;
    }
    yield* mkdir(core, posix.dirname(target), { recursive: true });
    yield* copyFile(core, source, target);
    return;
  }
  if (!recursive)
    throw Object.assign(fsError('EISDIR', 'cp', textOf(from, 'src')), { code: 'ERR_FS_EISDIR' });
  yield* mkdir(core, target, { recursive: true });
  for (const name of core.tree.children(source).keys())
    yield* cp(core, posix.join(source, name), posix.join(target, name), options);
}
