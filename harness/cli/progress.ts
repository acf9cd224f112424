import type { RunSummary } from '../campaign/index.ts';

/** Real milliseconds between two lines where standard error is no terminal. */
const LINE_EVERY = 10_000;
const REDRAW_EVERY = 100;

/** How far a campaign is: one line that renews itself on a terminal, a plain line now and then in a log. On standard error. */
export class Progress {
  private readonly what: string;
  private readonly silent: boolean;
  private readonly terminal = process.stderr.isTTY === true;
  private shownAt = Date.now();
  private drawn = false;
  private failing = 0;
  private unknown = 0;

  constructor(what: string, silent: boolean) {
    this.what = what;
    this.silent = silent;
  }

  run(summary: RunSummary, done: number, total: number): void {
    if (summary.validity === 'invalid') this.failing++;
    if (summary.validity === 'unknown') this.unknown++;
    this.say(`${this.what}: ${done}/${total} seeds, ${this.failing} failing, ${this.unknown} unknown`);
  }

  say(text: string): void {
    const now = Date.now();
    if (this.silent || now - this.shownAt < (this.terminal ? REDRAW_EVERY : LINE_EVERY)) return;
    this.shownAt = now;
    if (this.terminal) {
      // A line that wraps could not be taken back.
      process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      this.drawn = true;
    } else {
      process.stderr.write(`${text}\n`);
    }
  }

  end(): void {
    if (this.drawn) process.stderr.write('\r\x1b[2K');
    this.drawn = false;
  }
}
