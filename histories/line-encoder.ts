import { createHash, type Hash } from 'node:crypto';
import { HistoryError } from './error.ts';

/** A longer line is refused by writer and reader. Bytes, without the line's end. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** Bytes of lines that are collected before they are hashed; a longer line makes the buffer grow. */
const BUFFER_BYTES = 256 * 1024;

const NEWLINE = 0x0a;

/** Turns text into lines of bytes in one buffer, and hashes those that count. */
export class LineEncoder {
  /** The last line stands in here from `from` to `to`, its end included, until the next one is put. */
  bytes = Buffer.allocUnsafe(BUFFER_BYTES);
  from = 0;
  to = 0;
  private hashFrom = 0;
  private digested = false;
  private readonly hash: Hash = createHash('sha256');

  /** @throws HistoryError `line-too-long` */
  put(text: string): void {
    // No UTF-16 unit takes more than three bytes of UTF-8: measuring exactly is needed for long lines only.
    const most = text.length * 3;
    const length = most <= LINE_BYTES_MAX ? most : Buffer.byteLength(text);
    if (length > LINE_BYTES_MAX) {
      throw new HistoryError(
        'line-too-long',
        `expected a line of at most ${LINE_BYTES_MAX} bytes, got ${length}`,
      );
    }
    if (this.to + length + 1 > this.bytes.length) this.makeRoom(length + 1);
    this.from = this.to;
    this.to += this.bytes.write(text, this.to);
    this.bytes[this.to++] = NEWLINE;
  }

  /** Takes the last line back. */
  drop(): void {
    this.to = this.from;
  }

  /** What was put so far, since the last `skip`, counts for the digest; what comes now does not. */
  digest(): string {
    this.hash.update(this.bytes.subarray(this.hashFrom, this.to));
    this.hashFrom = this.to;
    this.digested = true;
    return `sha256:${this.hash.digest('hex')}`;
  }

  /** Leaves the lines put since the beginning out of the digest. */
  skip(): void {
    this.hashFrom = this.to;
  }

  private makeRoom(length: number): void {
    if (!this.digested) this.hash.update(this.bytes.subarray(this.hashFrom, this.to));
    if (length > this.bytes.length) this.bytes = Buffer.allocUnsafe(length);
    this.from = 0;
    this.to = 0;
    this.hashFrom = 0;
  }
}
