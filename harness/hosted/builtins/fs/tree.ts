import { posix } from 'node:path';
import type { BuiltinContext } from '../context.ts';
import { fsError } from './failures.ts';

export type Kind = 'file' | 'folder';

/** Folders that every machine has. */
const ALWAYS: ReadonlySet<string> = new Set(['/', '/tmp', '/var', '/var/tmp', '/home', '/root', '/dev']);

/**
 * Names on the machine: the disk's files; folders, which the disk does not know; and beneath them the project's own files, read only.
 *
 * A folder is there when a file lies in it, or its mark does: an empty file by the folder's name with a slash at the end. So a folder is as durable as what lies
 * in it, and an empty one may vanish with the power.
 */
export class Tree {
  private readonly context: BuiltinContext;

  constructor(context: BuiltinContext) {
    this.context = context;
  }

  /** @throws DiskFailure */
  kindOf(path: string): Kind | undefined {
    const { files } = this.context.native;
    if (files.exists(path)) return 'file';
    if (path === '/dev/null') return 'file';
    if (this.hasFolder(path)) return 'folder';
    return this.mounted(path) === undefined ? undefined : 'file';
  }

  /** Bytes of the project's own file; undefined where a file of the disk, or nothing, has this name. */
  mounted(path: string): Uint8Array | undefined {
    return this.context.mount.read(path);
  }

  /** Whether this is a file of the project that the disk does not have. */
  isReadOnly(path: string): boolean {
    return !this.context.native.files.exists(path) && this.mounted(path) !== undefined;
  }

  private hasFolder(path: string): boolean {
    const { native, mount } = this.context;
    if (ALWAYS.has(path) || path === mount.root || mount.root.startsWith(`${path}/`)) return true;
    return native.files.exists(`${path}/`) || mount.list(path) !== undefined || native.files.some(`${path}/`);
  }

  size(path: string): number {
    const { files } = this.context.native;
    return files.exists(path) ? files.size(path) : (this.mounted(path)?.length ?? 0);
  }

  /** What lies in a folder, sorted by name. */
  children(folder: string): Map<string, Kind> {
    const { native, mount } = this.context;
    const prefix = folder === '/' ? '/' : `${folder}/`;
    const found = new Map<string, Kind>();
    for (const name of [...ALWAYS, mount.root]) addTo(found, prefix, name, 'folder');
    for (const { name, folder: isFolder } of mount.list(folder) ?? [])
      found.set(name, isFolder ? 'folder' : 'file');
    for (const file of native.files.list()) {
      if (file.endsWith('/')) addTo(found, prefix, file.slice(0, -1), 'folder');
      else addTo(found, prefix, file, 'file');
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @throws ENOENT, ENOTDIR unless the folder that holds this name is there. */
  checkParent(path: string, syscall: string, shown: string, dest?: string): void {
    const parent = posix.dirname(path);
    const kind = this.kindOf(parent);
    if (kind === 'folder') return;
    for (let above = parent; kind !== 'file' && above !== '/'; above = posix.dirname(above)) {
      if (this.kindOf(above) === 'file') throw fsError('ENOTDIR', syscall, shown, dest);
    }
    throw fsError(kind === 'file' ? 'ENOTDIR' : 'ENOENT', syscall, shown, dest);
  }
}

/** Of everything in or below the folder, the name that lies in it. */
function addTo(found: Map<string, Kind>, prefix: string, path: string, kind: Kind): void {
  if (!path.startsWith(prefix) || path === prefix || path.length === prefix.length) return;
  const rest = path.slice(prefix.length);
  const end = rest.indexOf('/');
  if (end < 0) found.set(rest, kind);
  else found.set(rest.slice(0, end), 'folder');
}
