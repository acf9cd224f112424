import type { Evidence } from '../contract/levers.ts';

/**
 * Bytes of stable content that went bad. A write over a byte heals it (a drive remaps an unreadable sector when it is written).
 */
export class DiskDamage {
  readonly kind: 'flip' | 'unreadable';
  readonly file: string;
  /** First damaged byte. */
  readonly offset: number;
  /** Bytes from the first damaged to the last, both included. */
  readonly length: number;
  /** For each byte in the range: 1 if it is still bad. */
  private readonly bad: Uint8Array;
  private badCount: number;
  private met = false;

  constructor(kind: 'flip' | 'unreadable', file: string, offset: number, bad: Uint8Array) {
    this.kind = kind;
    this.file = file;
    this.offset = offset;
    this.length = bad.length;
    this.bad = bad;
    this.badCount = bad.reduce((sum, flag) => sum + flag, 0);
  }

  /** `bit`: a read met it; `masked`: it was overwritten or removed before any; `no-effect`: it still lies there unread. */
  get outcome(): Evidence['outcome'] {
    if (this.met) return 'bit';
    return this.badCount === 0 ? 'masked' : 'no-effect';
  }

  get healed(): boolean {
    return this.badCount === 0;
  }

  /** The first bad byte within from..to (absolute) that `visible` admits, or -1. */
  firstBad(from: number, to: number, visible: (at: number) => boolean): number {
    const end = Math.min(to, this.offset + this.length);
    for (let at = Math.max(from, this.offset); at < end; at++) {
      if (this.bad[at - this.offset] === 1 && visible(at)) return at;
    }
    return -1;
  }

  meet(): void {
    this.met = true;
  }

  heal(from: number, to: number): void {
    const end = Math.min(to, this.offset + this.length);
    for (let at = Math.max(from, this.offset); at < end; at++) {
      if (this.bad[at - this.offset] === 1) {
        this.bad[at - this.offset] = 0;
        this.badCount--;
      }
    }
  }
}
