import type { Nanos } from '../contract/index.ts';
import type { Preload } from './preload.ts';
import { SharedPage } from './shared-page.ts';

/** Fields of the page, as in `native/clock.c`. */
const SEQUENCE = 0;
const FROM = 1;
const OFFSET = 2;
const PPM = 3;
const READS = 4;
const ASKED = 5;
const FIELDS = 6;

/** What a change of the clock did so far. */
export interface ClockChange {
  readonly step: Nanos;
  readonly driftPpm: number;
}

/** The wall clock of one host, as its servers are made to see it by a preloaded library. */
export class WallClock {
  readonly preload: Preload;
  private readonly page: SharedPage;
  private sequence = 0n;
  private from = trueTime();
  private offset = 0n;
  private ppm = 0n;

  /** `path`: of the page to share with them, in memory. */
  constructor(path: string, library: string) {
    this.page = new SharedPage(path, FIELDS);
    this.preload = { library, environment: { SIXWAYS_CLOCK: path } };
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
    return Number(this.page.get(READS));
  }

  /** How often servers asked for the time, wrong or right. */
  get asked(): number {
    return Number(this.page.get(ASKED));
  }

  close(): void {
    this.page.close();
  }

  private write(): void {
    this.page.set(SEQUENCE, ++this.sequence);
    this.page.set(FROM, this.from);
    this.page.set(OFFSET, this.offset);
    this.page.set(PPM, this.ppm);
    this.page.set(SEQUENCE, ++this.sequence);
  }
}

function trueTime(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
