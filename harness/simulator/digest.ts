export const EVENTS_BETWEEN_CHECKPOINTS = 4096;

/**
 * A rolling hash over every event of a run, 64 bits wide, with a checkpoint every `every` events: two runs that differ
 * are compared checkpoint by checkpoint to find the first event that differs. Detects accidents, not adversaries.
 */
export class Digest {
  private low = 0x9e3779b9 | 0;
  private high = 0x7f4a7c15 | 0;
  private count = 0;
  private readonly every: number;
  /** Low and high word of the hash after each `every` events. */
  readonly checkpoints: number[] = [];

  constructor(every = EVENTS_BETWEEN_CHECKPOINTS) {
    this.every = every;
  }

  event(time: number, label: number, content: number): void {
    const early = time | 0;
    const late = (time / 4294967296) | 0;
    let low = Math.imul(this.low ^ early, 0x85ebca6b);
    low = Math.imul((low << 13) | (low >>> 19), 5) + label;
    let high = Math.imul(this.high ^ content, 0xc2b2ae35);
    high = Math.imul((high << 15) | (high >>> 17), 5) + late;
    this.low = (low ^ (high >>> 16)) | 0;
    this.high = (high ^ (low >>> 15)) | 0;
    if (++this.count % this.every === 0) this.checkpoints.push(this.low >>> 0, this.high >>> 0);
  }

  get events(): number {
    return this.count;
  }

  /** 16 hexadecimal digits over all events so far. */
  toString(): string {
    return (this.high >>> 0).toString(16).padStart(8, '0') + (this.low >>> 0).toString(16).padStart(8, '0');
  }
}
