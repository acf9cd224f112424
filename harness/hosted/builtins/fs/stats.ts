import { constants } from 'node:fs';
import type { Kind } from './tree.ts';

/** Times of a file that nobody has touched since the process began: the simulated world's first day. */
const LONG_AGO = Date.UTC(2026, 0, 1);
const BLOCK = 4096;

export interface Times {
  accessed: number;
  modified: number;
  created: number;
}

export function longAgo(): Times {
  return { accessed: LONG_AGO, modified: LONG_AGO, created: LONG_AGO };
}

class Kinds {
  readonly mode: number | bigint;
  constructor(mode: number | bigint) {
    this.mode = mode;
  }
  private is(kind: number): boolean {
    return (Number(this.mode) & constants.S_IFMT) === kind;
  }
  isFile(): boolean {
    return this.is(constants.S_IFREG);
  }
  isDirectory(): boolean {
    return this.is(constants.S_IFDIR);
  }
  isSymbolicLink(): boolean {
    return false;
  }
  isBlockDevice(): boolean {
    return false;
  }
  isCharacterDevice(): boolean {
    return this.is(constants.S_IFCHR);
  }
  isFIFO(): boolean {
    return false;
  }
  isSocket(): boolean {
    return false;
  }
}

/** `fs.Stats`: size and kind are true; owners, inodes and modes are not modelled. Times last for the incarnation. */
export class Stats extends Kinds {
  readonly dev = 1;
  readonly nlink = 1;
  readonly uid = 0;
  readonly gid = 0;
  readonly rdev = 0;
  readonly blksize = BLOCK;
  readonly ino: number;
  readonly size: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;

  constructor(kind: Kind | 'device', size: number, { accessed, modified, created }: Times, ino: number) {
    super(modeOf(kind));
    this.ino = ino;
    this.size = size;
    this.blocks = Math.ceil(size / 512);
    this.atimeMs = accessed;
    this.mtimeMs = modified;
    this.ctimeMs = modified;
    this.birthtimeMs = created;
    this.atime = new Date(accessed);
    this.mtime = new Date(modified);
    this.ctime = new Date(modified);
    this.birthtime = new Date(created);
  }
}

function modeOf(kind: Kind | 'device'): number {
  if (kind === 'file') return constants.S_IFREG | 0o644;
  return kind === 'folder' ? constants.S_IFDIR | 0o755 : constants.S_IFCHR | 0o666;
}

const DATES = ['atime', 'mtime', 'ctime', 'birthtime'] as const;

/** The same with integers as `bigint`, and times in nanoseconds. */
export class BigIntStats extends Kinds {
  constructor(stats: Stats) {
    super(BigInt(stats.mode));
    for (const [name, value] of Object.entries(stats)) {
      if (typeof value === 'number') Object.assign(this, { [name]: BigInt(Math.floor(value)) });
    }
    for (const date of DATES) {
      Object.assign(this, {
        [`${date}Ns`]: BigInt(Math.floor(stats[`${date}Ms`])) * 1_000_000n,
        [date]: stats[date],
      });
    }
  }
}

/** `fs.Dirent`: one name in a folder. */
export class Dirent {
  readonly name: string | Buffer;
  readonly parentPath: string;
  readonly path: string;
  private readonly kind: Kind;

  constructor(name: string | Buffer, kind: Kind, parentPath: string) {
    this.name = name;
    this.parentPath = parentPath;
    this.path = parentPath;
    this.kind = kind;
    Object.defineProperty(this, 'kind', { enumerable: false });
  }
  isFile(): boolean {
    return this.kind === 'file';
  }
  isDirectory(): boolean {
    return this.kind === 'folder';
  }
  isSymbolicLink(): boolean {
    return false;
  }
  isBlockDevice(): boolean {
    return false;
  }
  isCharacterDevice(): boolean {
    return false;
  }
  isFIFO(): boolean {
    return false;
  }
  isSocket(): boolean {
    return false;
  }
}
