import { readAll, readCall, writeAll, writeCall } from './calls.ts';
import type { Core } from './core.ts';
import { invalidType, notSimulated } from './failures.ts';
import {
  appendFile,
  bytesOf,
  copyFile,
  optionsOf,
  readFile,
  readInto,
  syncs,
  truncate,
  truncates,
  writeBytes,
  writeFile,
} from './files.ts';
import {
  access,
  cp,
  type FolderOptions,
  millisecondsOf,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  utimes,
} from './folders.ts';
import type { Plan } from './plan.ts';
import { BigIntStats, type Stats } from './stats.ts';

type Operation = (...parameters: never[]) => Plan<unknown>;

/** Every operation that `fs` has in three forms (blocking, by callback, by promise), by its name. What is wrong with its parameters, it throws when called. */
export function operationsOf(core: Core) {
  const path = (given: unknown, name?: string): void => void core.absolute(given, name);
  const known = (fd: unknown): number => {
    if (typeof fd !== 'number') throw invalidType('fd', 'of type number', fd);
    return fd;
  };
  const existing = (given: unknown, syscall: string): Plan<void> => nothing(stat(core, given, {}, syscall));

  return {
    access(file: unknown, mode?: number) {
      path(file);
      return access(core, file, mode);
    },
    appendFile(file: unknown, data: unknown, options?: unknown) {
      if (typeof file !== 'number') path(file);
      bytesOf(data, optionsOf(options).encoding);
      return appendFile(core, file, data, options);
    },
    chmod: (file: unknown) => existing(file, 'chmod'),
    chown: (file: unknown) => existing(file, 'chown'),
    lchown: (file: unknown) => existing(file, 'lchown'),
    close(fd: unknown) {
      return closes(core, known(fd));
    },
    copyFile(from: unknown, to: unknown, mode?: number) {
      path(from, 'src');
      path(to, 'dest');
      return copyFile(core, from, to, mode);
    },
    cp(from: unknown, to: unknown, options?: unknown) {
      path(from, 'src');
      path(to, 'dest');
      return cp(core, from, to, options);
    },
    fchmod: (fd: unknown) => ofOpen(core, known(fd), 'fchmod'),
    fchown: (fd: unknown) => ofOpen(core, known(fd), 'fchown'),
    fdatasync: (fd: unknown) => syncs(core, known(fd), 'fdatasync'),
    fstat: (fd: unknown, options?: FolderOptions) => fstat(core, known(fd), options),
    fsync: (fd: unknown) => syncs(core, known(fd), 'fsync'),
    ftruncate: (fd: unknown, length = 0) => ftruncate(core, known(fd), length),
    futimes: (fd: unknown, accessed: unknown, modified: unknown) =>
      futimes(core, known(fd), accessed, modified),
    lstat(file: unknown, options?: FolderOptions) {
      path(file);
      return stat(core, file, options, 'lstat');
    },
    lutimes: (file: unknown, accessed: unknown, modified: unknown) => utimes(core, file, accessed, modified),
    mkdir(folder: unknown, options?: unknown) {
      path(folder);
      return mkdir(core, folder, options);
    },
    mkdtemp: (prefix: unknown) => mkdtemp(core, prefix),
    readFile(file: unknown, options?: unknown) {
      if (typeof file !== 'number') path(file);
      return readFile(core, file, options);
    },
    readdir(folder: unknown, options?: unknown) {
      path(folder);
      return readdir(core, folder, options);
    },
    readlink(file: unknown) {
      path(file);
      return noLink(core, file);
    },
    readv: (fd: unknown, buffers: readonly NodeJS.ArrayBufferView[], position?: unknown) =>
      readAll(core, known(fd), buffers, position),
    realpath(file: unknown) {
      path(file);
      return realpath(core, file);
    },
    rename(from: unknown, to: unknown) {
      path(from, 'oldPath');
      path(to, 'newPath');
      return rename(core, from, to);
    },
    rm(file: unknown, options?: unknown) {
      path(file);
      return rm(core, file, options);
    },
    rmdir(folder: unknown, options?: unknown) {
      path(folder);
      return rmdir(core, folder, options);
    },
    stat(file: unknown, options?: FolderOptions) {
      path(file);
      return stat(core, file, options);
    },
    statfs: () => statfs(),
    truncate(file: unknown, length?: number) {
      if (typeof file === 'number') return ftruncate(core, file, length ?? 0);
      path(file);
      return truncate(core, file, length);
    },
    unlink(file: unknown) {
      path(file);
      return unlink(core, file);
    },
    utimes(file: unknown, accessed: unknown, modified: unknown) {
      path(file);
      return utimes(core, file, accessed, modified);
    },
    writeFile(file: unknown, data: unknown, options?: unknown) {
      if (typeof file !== 'number') path(file);
      bytesOf(data, optionsOf(options).encoding);
      return writeFile(core, file, data, options);
    },
    writev: (fd: unknown, buffers: readonly NodeJS.ArrayBufferView[], position?: unknown) =>
      writeAll(core, known(fd), buffers, position),
    link: () => refused('link', 'copy the file'),
    symlink: () => refused('symlink', 'copy the file'),
  } satisfies Record<string, Operation>;
}

/** `open`, `read` and `write`, whose forms differ in what they give back. */
export function accessOf(core: Core) {
  return {
    open(file: unknown, flags: unknown): Plan<number> {
      core.absolute(file);
      return opens(core, file, flags);
    },
    read(fd: number, ...given: unknown[]) {
      const { buffer, offset, length, position } = readCall(given);
      return { plan: () => readInto(core, fd, buffer, offset, length, position), buffer };
    },
    write(fd: number, ...given: unknown[]) {
      const { bytes, data, position } = writeCall(given);
      return { plan: () => writeBytes(core, fd, bytes, position), buffer: data };
    },
  };
}

function refused(name: string, instead: string): never {
  throw notSimulated(name, instead);
}

function* nothing(plan: Plan<unknown>): Plan<void> {
  yield* plan;
}

function* opens(core: Core, file: unknown, flags: unknown): Plan<number> {
  return (yield* core.opens(file, flags)).fd;
}

// biome-ignore lint/correctness/useYield: it asks nothing of the disk
function* closes(core: Core, fd: number): Plan<void> {
  core.closes(fd);
}

// biome-ignore lint/correctness/useYield: it asks nothing of the disk
function* ofOpen(core: Core, fd: number, syscall: string): Plan<void> {
  if (core.standard(fd) === undefined) core.descriptor(fd, syscall);
}

// biome-ignore lint/correctness/useYield: it asks nothing of the disk
function* fstat(core: Core, fd: number, options?: FolderOptions): Plan<Stats | BigIntStats> {
  const stats =
    core.standard(fd) === undefined
      ? core.statsOfOpen(core.descriptor(fd, 'fstat'))
      : core.statsOf('/dev/null', 'file');
  return options?.bigint ? new BigIntStats(stats) : stats;
}

function* ftruncate(core: Core, fd: number, length: number): Plan<void> {
  yield* truncates(core, core.descriptor(fd, 'ftruncate'), length);
}

// biome-ignore lint/correctness/useYield: it asks nothing of the disk
function* futimes(core: Core, fd: number, accessed: unknown, modified: unknown): Plan<void> {
  const { path } = core.descriptor(fd, 'futime');
  if (path !== undefined) core.setTimes(path, millisecondsOf(accessed), millisecondsOf(modified));
}

/** There are no links: whatever is there is none. */
function* noLink(core: Core, file: unknown): Plan<never> {
  yield* stat(core, file, {}, 'readlink');
  throw core.invalid('readlink', file);
}

// biome-ignore lint/correctness/useYield: it asks nothing of the disk
function* statfs(): Plan<object> {
  return { type: 61267, bsize: 4096, blocks: 16384, bfree: 8192, bavail: 8192, files: 65536, ffree: 32768 };
}
