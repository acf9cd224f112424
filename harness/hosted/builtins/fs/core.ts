import type { BuiltinContext } from '../context.ts';
import { fsError, translated } from './failures.ts';
import { type Mode, modeOf } from './flags.ts';
import { absolute, textOf } from './paths.ts';
import { asks, type Plan, reads } from './plan.ts';
import { longAgo, Stats, type Times } from './stats.ts';
import { type Kind, Tree } from './tree.ts';

/** An open file. It is followed when it gets another name; `path` is undefined when nothing has its name any more. */
export interface Descriptor {
  readonly fd: number;
  path: string | undefined;
  readonly mode: Mode;
  position: number;
  /** What is left of a file without a name. */
  remains?: Uint8Array;
}

const FIRST_FD = 3;
const STANDARD = ['stdin', 'stdout', 'stderr'];

/** The state of `fs` in one incarnation: names, open files, times of files. Operations are in files.ts and folders.ts. */
export class Core {
  readonly context: BuiltinContext;
  readonly tree: Tree;
  private readonly open = new Map<number, Descriptor>();
  private readonly times = new Map<string, Times>();
  private readonly inodes = new Map<string, number>();

  constructor(context: BuiltinContext) {
    this.context = context;
    this.tree = new Tree(context);
  }

  /** The present of this machine's own wall clock, in milliseconds. */
  now(): number {
    return Math.floor(this.context.host.clock.wall() / 1000);
  }

  absolute(path: unknown, name?: string): string {
    return absolute(this.context, path, name);
  }

  /** An operation whose failures name the call and the path. */
  *named<T>(syscall: string, path: string | undefined, plan: Plan<T>): Plan<T> {
    try {
      return yield* plan;
    } catch (error) {
      throw translated(error, syscall, path);
    }
  }

  /** What it was asked for makes no sense for this file. */
  invalid(syscall: string, path: unknown): Error {
    return fsError('EINVAL', syscall, textOf(path));
  }

  // ---- open files ----

  /** @throws as `open` of POSIX does. */
  *opens(path: unknown, flags: unknown): Plan<Descriptor> {
    const file = this.absolute(path);
    const shown = textOf(path);
    const mode = modeOf(flags);
    return yield* this.named('open', shown, this.opened(file, shown, mode));
  }

  private *opened(file: string, shown: string, mode: Mode): Plan<Descriptor> {
    const { tree } = this;
    const fail = (code: string) => fsError(code, 'open', shown);
    const kind = shown.endsWith('/') && shown !== '/' ? this.folderOnly(file, fail) : tree.kindOf(file);
    if (kind === undefined) {
      tree.checkParent(file, 'open', shown);
      if (!mode.creates) throw fail('ENOENT');
      yield* asks({ do: 'append', file, bytes: new Uint8Array(0) });
      this.touched(file, true);
    } else {
      if (mode.creates && mode.exclusive) throw fail('EEXIST');
      if (kind === 'folder' && (mode.writes || mode.creates)) throw fail('EISDIR');
      if (mode.writes && tree.isReadOnly(file)) throw fail('EROFS');
      if (mode.truncates && file !== '/dev/null' && tree.size(file) > 0) {
        yield* asks({ do: 'truncate', file, length: 0 });
        this.touched(file);
      }
    }
    let fd = FIRST_FD;
    while (this.open.has(fd)) fd++;
    const descriptor: Descriptor = { fd, path: file, mode, position: 0 };
    this.open.set(fd, descriptor);
    return descriptor;
  }

  private folderOnly(file: string, fail: (code: string) => Error): Kind | undefined {
    if (this.tree.kindOf(file) === 'file') throw fail('ENOTDIR');
    return this.tree.kindOf(file);
  }

  /** @throws EBADF */
  descriptor(fd: number, syscall: string): Descriptor {
    const found = this.open.get(fd);
    if (found === undefined) throw fsError('EBADF', syscall);
    return found;
  }

  /** The stream of the process that a low descriptor stands for. */
  standard(fd: number): { write(bytes: Uint8Array): unknown } | undefined {
    if (fd < 1 || fd >= FIRST_FD) return undefined;
    const streams = this.context.require('process') as Record<string, { write(bytes: Uint8Array): unknown }>;
    return streams[STANDARD[fd]!];
  }

  closes(fd: number): void {
    if (this.standard(fd) !== undefined) return;
    this.descriptor(fd, 'close');
    this.open.delete(fd);
  }

  /** The file got another name: who has it open goes on with it. */
  moved(from: string, to: string): void {
    for (const descriptor of this.open.values()) {
      if (descriptor.path === from) descriptor.path = to;
      else if (descriptor.path?.startsWith(`${from}/`))
        descriptor.path = to + descriptor.path.slice(from.length);
    }
    const times = this.times.get(from);
    this.times.delete(from);
    if (times !== undefined) this.times.set(to, times);
    const inode = this.inode(from);
    this.inodes.delete(from);
    this.inodes.set(to, inode);
  }

  /** The file loses its name: who has it open keeps what is in it. */
  *unnamed(path: string): Plan<void> {
    const holders = [...this.open.values()].filter((descriptor) => descriptor.path === path);
    if (holders.length > 0) {
      const remains = yield* this.content(path);
      for (const holder of holders) {
        holder.path = undefined;
        holder.remains = remains;
      }
    }
    this.times.delete(path);
    this.inodes.delete(path);
  }

  // ---- content ----

  *content(file: string, offset = 0, length?: number): Plan<Uint8Array> {
    const mounted = this.tree.isReadOnly(file) ? this.tree.mounted(file) : undefined;
    if (mounted !== undefined)
      return mounted.slice(offset, length === undefined ? undefined : offset + length);
    if (file === '/dev/null') return new Uint8Array(0);
    return yield* reads(file, offset, length);
  }

  /** Writes where the descriptor stands, or at a place. */
  *put(descriptor: Descriptor, bytes: Uint8Array, position: number | null): Plan<void> {
    const { path, mode } = descriptor;
    if (!mode.writes) throw fsError('EBADF', 'write');
    if (path === undefined) {
      putRemains(descriptor, bytes, position);
      return;
    }
    if (path === '/dev/null' || bytes.length === 0) return;
    if (mode.appends) {
      yield* asks({ do: 'append', file: path, bytes });
    } else {
      const offset = position ?? descriptor.position;
      // What is written next, before this has completed, stands behind it.
      if (position === null) descriptor.position = offset + bytes.length;
      yield* asks({ do: 'write', file: path, offset, bytes });
    }
    this.touched(path);
    if (mode.syncs) yield* asks({ do: 'sync', file: path });
  }

  // ---- what is known of files ----

  touched(path: string, created = false): void {
    const now = this.now();
    const before = this.times.get(path) ?? longAgo();
    this.times.set(path, { ...before, modified: now, ...(created ? { created: now, accessed: now } : {}) });
  }

  setTimes(path: string, accessed: number, modified: number): void {
    this.times.set(path, { ...(this.times.get(path) ?? longAgo()), accessed, modified });
  }

  statsOf(path: string, kind: Kind): Stats {
    const times = this.times.get(path) ?? longAgo();
    const size = kind === 'folder' ? 4096 : this.tree.size(path);
    return new Stats(path === '/dev/null' ? 'device' : kind, size, times, this.inode(path));
  }

  statsOfOpen({ path, remains }: Descriptor): Stats {
    if (path === undefined) return new Stats('file', remains?.length ?? 0, longAgo(), 0);
    return this.statsOf(path, this.tree.kindOf(path) ?? 'file');
  }

  private inode(path: string): number {
    let inode = this.inodes.get(path);
    if (inode === undefined) {
      inode = this.inodes.size + 2;
      this.inodes.set(path, inode);
    }
    return inode;
  }
}

function putRemains(descriptor: Descriptor, bytes: Uint8Array, position: number | null): void {
  const { remains = new Uint8Array(0), mode } = descriptor;
  const offset = mode.appends ? remains.length : (position ?? descriptor.position);
  const longer = new Uint8Array(Math.max(remains.length, offset + bytes.length));
  longer.set(remains);
  longer.set(bytes, offset);
  descriptor.remains = longer;
  if (position === null) descriptor.position = offset + bytes.length;
}
