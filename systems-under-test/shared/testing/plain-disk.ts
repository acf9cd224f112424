import type { Disk } from '../../../harness/contract/index.ts';

/**
 * For tests: a disk whose files can be damaged, and that loses with the power whatever its file was not synced after. It promises no more than the
 * contract does: one file says nothing of another.
 */
export function plainDisk() {
  const files = new Map<string, Uint8Array>();
  const stable = new Map<string, Uint8Array>();
  const settle = (file: string): void => {
    const now = files.get(file);
    if (now === undefined) stable.delete(file);
    else stable.set(file, now);
  };
  const losePower = (): void => {
    files.clear();
    for (const [file, bytes] of stable) files.set(file, bytes);
  };
  const content = (file: string) => files.get(file) ?? new Uint8Array();
  const disk: Disk = {
    async append(file, bytes, options) {
      const at = content(file).length;
      await disk.write(file, at, bytes, options);
      return at;
    },
    async write(file, offset, bytes, options) {
      const next = new Uint8Array(Math.max(content(file).length, offset + bytes.length));
      next.set(content(file));
      next.set(bytes, offset);
      files.set(file, next);
      if (options?.sync) settle(file);
    },
    async replace(file, bytes, options) {
      files.set(file, bytes.slice());
      if (options?.sync) settle(file);
    },
    read: async (file, offset = 0, length = Number.POSITIVE_INFINITY) =>
      content(file).slice(offset, offset + length),
    size: async (file) => content(file).length,
    truncate: async (file, length) => void files.set(file, content(file).slice(0, length)),
    remove: async (file) => void files.delete(file),
    list: async () => [...files.keys()].sort(),
    sync: async (file) => settle(file),
  };
  return { disk, files, losePower };
}
