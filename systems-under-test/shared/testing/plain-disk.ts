import type { Disk } from '../../../harness/contract/index.ts';

/** For tests: a disk on which everything is stable at once; its files can be damaged. */
export function plainDisk() {
  const files = new Map<string, Uint8Array>();
  const content = (file: string) => files.get(file) ?? new Uint8Array();
  const disk: Disk = {
    async append(file, bytes) {
      const at = content(file).length;
      await disk.write(file, at, bytes);
      return at;
    },
    async write(file, offset, bytes) {
      const next = new Uint8Array(Math.max(content(file).length, offset + bytes.length));
      next.set(content(file));
      next.set(bytes, offset);
      files.set(file, next);
    },
    replace: async (file, bytes) => void files.set(file, bytes.slice()),
    read: async (file, offset = 0, length = Number.POSITIVE_INFINITY) =>
      content(file).slice(offset, offset + length),
    size: async (file) => content(file).length,
    truncate: async (file, length) => void files.set(file, content(file).slice(0, length)),
    remove: async (file) => void files.delete(file),
    list: async () => [...files.keys()].sort(),
    sync: async () => {},
  };
  return { disk, files };
}
