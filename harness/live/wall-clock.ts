import { chmodSync, closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Nanos } from '../contract/index.ts';

/** As in `native/clock.c`. */
const PAGE_BYTES = 48;
const FROM_AT = 8;
const READS_AT = 32;
const ASKED_AT = 40;

/** What a change of the clock did so far. */
export interface ClockChange {
  readonly step: Nanos;
  readonly driftPpm: number;
}

/** The wall clock of one host, as its servers are made to see it by a preloaded library. */
export class WallClock {
  /** What the servers' environment must have. */
  readonly environment: { readonly [name: string]: string };
  private readonly file: number;
  private sequence = 0n;
  private from = trueTime();
  private offset = 0n;
  private ppm = 0n;

  /** `path`: of the page to share with them, in memory. */
  constructor(path: string, library: string) {
    this.file = openSync(path, 'w+');
    ftruncateSync(this.file, PAGE_BYTES);
    // Servers that refuse to run as root count their reads, too.
    chmodSync(path, 0o666);
    this.environment = { LD_PRELOAD: library, SIXWAYS_CLOCK: path };
  }

  /** Steps the clock, and makes it drift by so much more, from now on. */
  change({ step, driftPpm }: ClockChange): void {
    const at = trueTime();
    this.offset += ((at - this.from) * this.ppm) / 1_000_000n + BigInt(Math.round(step));
    this.ppm += BigInt(Math.round(driftPpm));
    this.from = at;
    this.write();
  }

  /** Nanoseconds by which it is ahead. */
  get ahead(): Nanos {
    return Number(this.offset + ((trueTime() - this.from) * this.ppm) / 1_000_000n);
  }

  /** How often servers were told a wrong time. */
  get reads(): number {
    return this.counter(READS_AT);
  }

  /** How often servers asked for the time, wrong or right. */
  get asked(): number {
    return this.counter(ASKED_AT);
  }

  close(): void {
    closeSync(this.file);
  }

  private counter(at: number): number {
    const bytes = Buffer.alloc(8);
    readSync(this.file, bytes, 0, 8, at);
    return Number(bytes.readBigUInt64LE());
  }

  private write(): void {
    this.put(++this.sequence, 0);
    for (const [nth, value] of [this.from, this.offset, this.ppm].entries())
      this.put(value, FROM_AT + 8 * nth);
    this.put(++this.sequence, 0);
  }

  private put(value: bigint, at: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    writeSync(this.file, bytes, 0, 8, at);
  }
}

function trueTime(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
