import type { RunSummary } from '../campaign/index.ts';

/** Real milliseconds between two lines where standard error is no terminal. */
const LINE_EVERY = 10_000;
const REDRAW_EVERY = 100;

/** Where progress goes: a terminal or a log. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How far a campaign is: one line that renews itself on a terminal, a plain line now and then in a log. On standard error. */
export class Progress {
  private readonly what: string;
  private readonly silent: boolean;
  private readonly output: ProgressOutput;
  private readonly now: () => number;
  private shownAt: number;
  private drawn = false;
  private failing = 0;
  private unknown = 0;

  constructor(
    what: string,
    silent: boolean,
    output: ProgressOutput = process.stderr,
    now: () => number = Date.now,
  ) {
    this.what = what;
    this.silent = silent;
    this.output = output;
    this.now = now;
    this.shownAt = now();
  }

  run(summary: RunSummary, done: number, total: number): void {
    if (summary.validity === 'invalid') this.failing++;
    if (summary.validity === 'unknown') this.unknown++;
    this.say(`${this.what}: ${done}/${total} seeds, ${this.failing} failing, ${this.unknown} unknown`);
  }

  say(text: string): void {
    const now = this.now();
    if (this.silent || now - this.shownAt < (this.output.isTTY ? REDRAW_EVERY : LINE_EVERY)) return;
    this.shownAt = now;
    if (this.output.isTTY) {
      // A line that wraps could not be taken back.
      this.output.write(`\r\x1b[2K${text.slice(0, (this.output.columns ?? 80) - 1)}`);
      this.drawn = true;
    } else {
      this.output.write(`${text}\n`);
    }
  }

  end(): void {
    if (this.drawn) this.output.write('\r\x1b[2K');
    this.drawn = false;
  }
}
