import type { Memory } from '../../harness/contract/index.ts';

/** Memory without error correction whose bits a test can flip: `bytes` are those of each region by name. */
export function plainMemory(): { readonly memory: Memory; readonly bytes: ReadonlyMap<string, Uint8Array> } {
  const bytes = new Map<string, Uint8Array>();
  const memory: Memory = {
    region(name, length) {
      const content = new Uint8Array(length);
      bytes.set(name, content);
      return {
        name,
        length,
        read: (offset, count) => content.slice(offset, offset + count),
        write: (offset, written) => content.set(written, offset),
      };
    },
  };
  return { memory, bytes };
}
