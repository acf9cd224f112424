import { chmodSync, closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** 64-bit numbers in a file in memory, which a preloaded library of ours maps into servers: what they are told, and what they count. */
export class SharedPage {
  private readonly file: number;

  /** Zeros. @throws what `open` throws */
  constructor(path: string, fields: number) {
    this.file = openSync(path, 'w+');
    ftruncateSync(this.file, 8 * fields);
    // Servers that refuse to run as root count, too.
    chmodSync(path, 0o666);
  }

  get(field: number): bigint {
    const bytes = Buffer.alloc(8);
    readSync(this.file, bytes, 0, 8, 8 * field);
    return bytes.readBigInt64LE();
  }

  set(field: number, value: bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    writeSync(this.file, bytes, 0, 8, 8 * field);
  }

  close(): void {
    closeSync(this.file);
  }
}
