import { crc32, type Host, type MemoryRegion } from '../../harness/contract/index.ts';

/** The model's state, in memory whose bits can flip: 32-bit words, little-endian. */
export class State {
  private readonly region: MemoryRegion;
  private readonly words: number;

  constructor(host: Host, words: number) {
    this.region = host.memory.region('state', 4 * words);
    this.words = words;
  }

  read(): number[] {
    const bytes = this.region.read(0, 4 * this.words);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return Array.from({ length: this.words }, (_, place) => view.getInt32(4 * place, true));
  }

  write(state: readonly number[]): void {
    this.region.write(0, bytesOf(state));
  }
}

function bytesOf(state: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * state.length);
  const view = new DataView(bytes.buffer);
  for (const [place, word] of state.entries()) view.setInt32(4 * place, word, true);
  return bytes;
}

/** By which states are compared. */
export function digest(state: readonly number[]): number {
  return crc32(bytesOf(state));
}
