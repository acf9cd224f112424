const SMALLEST = 256;

/** Bytes that grow by doubling: appending costs O(bytes appended) on average. Bytes never written read as zero. */
export class ByteBuffer {
  /** Storage; only the first `length` bytes count. */
  private storage: Uint8Array;
  private used: number;

  /** Takes a copy. */
  constructor(content?: Uint8Array) {
    this.storage = content ? content.slice() : new Uint8Array(0);
    this.used = this.storage.length;
  }

  get length(): number {
    return this.used;
  }

  /** Writes at an offset; a gap before it becomes zeros. */
  write(offset: number, bytes: Uint8Array): void {
    this.extend(offset + bytes.length);
    this.storage.set(bytes, offset);
  }

  /** Lengthens with zeros to at least this length. */
  extend(length: number): void {
    if (length <= this.used) return;
    if (length > this.storage.length) {
      const larger = new Uint8Array(Math.max(length, this.storage.length * 2, SMALLEST));
      larger.set(this.storage.subarray(0, this.used));
      this.storage = larger;
    } else {
      // What a truncation left behind.
      this.storage.fill(0, this.used, length);
    }
    this.used = length;
  }

  truncate(length: number): void {
    if (length < this.used) this.used = length;
  }

  /** A copy of the bytes from..to, cut at the end. */
  slice(from: number, to: number): Uint8Array {
    return this.storage.slice(Math.min(from, this.used), Math.min(to, this.used));
  }

  /** The content itself, valid until the next change. */
  view(): Uint8Array {
    return this.storage.subarray(0, this.used);
  }

  /** Flips the bits of the mask in one byte. */
  flip(offset: number, mask: number): void {
    this.storage[offset]! ^= mask;
  }
}
