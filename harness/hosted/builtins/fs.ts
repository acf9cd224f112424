import fs from 'node:fs';
import { promisify } from 'node:util';
import type { BuiltinContext } from './context.ts';
import { Core } from './fs/core.ts';
import { Dir } from './fs/dir.ts';
import { fsError, invalidType, notSimulated } from './fs/failures.ts';
import { FileHandle } from './fs/file-handle.ts';
import { readdir } from './fs/folders.ts';
import { accessOf, operationsOf } from './fs/operations.ts';
import { textOf } from './fs/paths.ts';
import { background, blocking, type Plan } from './fs/plan.ts';
import { BigIntStats, Dirent, Stats } from './fs/stats.ts';
import { derived } from './legacy-class.ts';

type AnyFunction = (...parameters: unknown[]) => unknown;
type Planner = (...parameters: unknown[]) => Plan<unknown>;
type Answer = (error: unknown, ...results: unknown[]) => void;

const WATCHERS = ['watch', 'watchFile', 'unwatchFile'];
/** By name, what Node calls in other ways too. */
const CONSTANTS = ['F_OK', 'R_OK', 'W_OK', 'X_OK'] as const;

/** `require('node:fs')` of one incarnation: files of the machine's disk, with what a loss of power does to them, and the project's own, read only. */
export function createFs(context: BuiltinContext) {
  const core = new Core(context);
  const operations = operationsOf(core) as Readonly<Record<string, Planner>>;
  const access = accessOf(core);
  const module: Record<string, unknown> = {};

  /** The callback that ends the parameters. @throws TypeError with Node's code. */
  const answered = (parameters: unknown[]): Answer => {
    const answer = parameters.pop();
    if (typeof answer !== 'function') throw invalidType('cb', 'of type function', answer);
    return context.bind(answer as Answer);
  };
  const told = (plan: () => Plan<unknown>, answer: Answer, ...more: unknown[]): void => {
    background(context, plan, (error, result) => {
      if (error !== null) answer(error);
      else if (result === undefined) answer(null);
      else answer(null, result, ...more);
    });
  };
  const promised = <T>(plan: () => Plan<T>): Promise<T> =>
    new context.Promise((resolve, reject) => {
      background(context, plan, (error, result) => (error === null ? resolve(result as T) : reject(error)));
    });

  for (const [name, operation] of Object.entries(operations)) {
    module[`${name}Sync`] = (...parameters: unknown[]) => blocking(context, operation(...parameters));
    module[name] = (...parameters: unknown[]) => {
      const answer = answered(parameters);
      const plan = operation(...parameters);
      told(() => plan, answer);
    };
  }

  // ---- those whose forms differ ----

  const isThere = (path: unknown): boolean => {
    try {
      return core.tree.kindOf(core.absolute(path)) !== undefined;
    } catch {
      return false;
    }
  };
  const openFolder = (path: unknown): Dir =>
    new Dir(context, textOf(path), blocking(context, opened(core, path)) as Dirent[]);
  const realpath = module.realpath as AnyFunction & { native?: AnyFunction };
  realpath.native = realpath;
  const realpathSync = module.realpathSync as AnyFunction & { native?: AnyFunction };
  realpathSync.native = realpathSync;

  Object.assign(module, {
    existsSync: isThere,
    exists(path: unknown, answer: (there: boolean) => void) {
      context.later(0, () => context.bind(answer)(isThere(path)));
    },
    openSync: (path: unknown, flags?: unknown) => blocking(context, access.open(path, flags ?? 'r')),
    open(path: unknown, ...given: unknown[]) {
      const answer = answered(given);
      const plan = access.open(path, given[0] ?? 'r');
      told(() => plan, answer);
    },
    readSync: (fd: number, ...given: unknown[]) => blocking(context, access.read(fd, ...given).plan()),
    read(fd: number, ...given: unknown[]) {
      const answer = answered(given);
      const { plan, buffer } = access.read(fd, ...given);
      told(plan, answer, buffer);
    },
    writeSync: (fd: number, ...given: unknown[]) => blocking(context, access.write(fd, ...given).plan()),
    write(fd: number, ...given: unknown[]) {
      const answer = answered(given);
      const { plan, buffer } = access.write(fd, ...given);
      told(plan, answer, buffer);
    },
    readv(fd: number, buffers: unknown, ...given: unknown[]) {
      const answer = answered(given);
      told(() => operations.readv!(fd, buffers, ...given), answer, buffers);
    },
    writev(fd: number, buffers: unknown, ...given: unknown[]) {
      const answer = answered(given);
      told(() => operations.writev!(fd, buffers, ...given), answer, buffers);
    },
    opendirSync: openFolder,
    opendir(path: unknown, ...given: unknown[]) {
      const answer = answered(given);
      context.later(0, () => {
        try {
          answer(null, openFolder(path));
        } catch (error) {
          answer(error);
        }
      });
    },
  });
  for (const name of WATCHERS) {
    module[name] = () => {
      throw notSimulated(name, 'nothing but the program itself changes its files');
    };
  }
  module.openAsBlob = () => {
    throw notSimulated('openAsBlob', 'read the file');
  };
  Object.defineProperty(module.exists, promisify.custom, {
    value: (path: unknown) => context.Promise.resolve(isThere(path)),
  });
  custom(module.read as AnyFunction, 'bytesRead');
  custom(module.write as AnyFunction, 'bytesWritten');

  /** Promisified, these give an object. */
  function custom(call: AnyFunction, count: string): void {
    Object.defineProperty(call, promisify.custom, {
      value: (...parameters: unknown[]) =>
        new context.Promise((resolve, reject) => {
          call(...parameters, (error: unknown, bytes: unknown, buffer: unknown) =>
            error ? reject(error) : resolve({ [count]: bytes, buffer }),
          );
        }),
    });
  }

  // ---- streams: Node's own, on these files ----

  const onThese = ([path, options]: unknown[]): unknown[] => [path, streamOptions(options, module)];
  const ReadStream = derived('ReadStream', fs.ReadStream, onThese);
  const WriteStream = derived('WriteStream', fs.WriteStream, onThese);
  const streams = {
    createReadStream: (path: unknown, options?: unknown) => new ReadStream(path, options) as fs.ReadStream,
    createWriteStream: (path: unknown, options?: unknown) => new WriteStream(path, options) as fs.WriteStream,
  };

  // ---- promises ----

  const promises: Record<string, unknown> = { constants: fs.constants };
  /** Whoever takes a path takes a handle, too. */
  const bare = (parameters: unknown[]): unknown[] =>
    parameters.map((parameter) => (parameter instanceof FileHandle ? parameter.fd : parameter));
  const byPromise = (name: string, ...parameters: unknown[]): Promise<unknown> => {
    if (name !== 'read' && name !== 'write') return promised(() => operations[name]!(...bare(parameters)));
    const [fd, ...given] = parameters;
    return promised(() => counted(access[name](fd as number, ...given), name));
  };
  for (const name of Object.keys(operations)) {
    if (/^f(?!s)[a-z]+$/.test(name) || name === 'close' || name === 'readv' || name === 'writev') continue;
    promises[name] = (...parameters: unknown[]) => byPromise(name, ...parameters);
  }
  promises.open = (path: unknown, flags?: unknown) =>
    promised(() => access.open(path, flags ?? 'r')).then(
      (fd) => new FileHandle(context, fd, byPromise, streams),
    );
  promises.opendir = (path: unknown) =>
    promised(() => opened(core, path)).then((entries) => new Dir(context, textOf(path), entries as Dirent[]));
  promises.watch = module.watch;

  return Object.assign(module, streams, {
    promises,
    constants: fs.constants,
    ...Object.fromEntries(CONSTANTS.map((name) => [name, fs.constants[name]])),
    Stats,
    BigIntStats,
    Dirent,
    Dir,
    ReadStream,
    WriteStream,
    FileReadStream: ReadStream,
    FileWriteStream: WriteStream,
  });
}

function* opened(core: Core, path: unknown): Plan<unknown[]> {
  try {
    return yield* readdir(core, path, { withFileTypes: true });
  } catch (error) {
    const { code, path: shown } = error as NodeJS.ErrnoException;
    throw code === undefined || shown === undefined ? error : fsError(code, 'opendir', shown);
  }
}

function* counted(
  { plan, buffer }: { readonly plan: () => Plan<number>; readonly buffer: unknown },
  name: 'read' | 'write',
): Plan<object> {
  const bytes = yield* plan();
  return name === 'read' ? { bytesRead: bytes, buffer } : { bytesWritten: bytes, buffer };
}

/** Node's streams take the functions that they call as an option. */
function streamOptions(options: unknown, calls: object): object {
  const given = typeof options === 'string' ? { encoding: options } : { ...(options as object) };
  const fd = 'fd' in given ? given.fd : undefined;
  return { ...given, ...(fd instanceof FileHandle ? { fd: fd.fd } : {}), fs: calls };
}
