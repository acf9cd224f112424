import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Nanos } from '../contract/index.ts';

/** Lines kept of each server: what an error message shows, and what a pattern may match that was printed before it was asked for. */
const KEPT = 2000;
const SHOWN = 8;

/** What a process prints, line by line. */
export class Output {
  private readonly what: string;
  private readonly kept: string[] = [];
  private readonly handlers: ((line: string) => void)[] = [];
  private readonly enders: ((why: string) => void)[] = [];
  private over: string | undefined;

  /** `what`: of what it is the output, for messages. */
  constructor(what: string, streams: readonly Readable[]) {
    this.what = what;
    for (const stream of streams) createInterface({ input: stream }).on('line', (line) => this.add(line));
  }

  onLine(handler: (line: string) => void): void {
    this.handlers.push(handler);
  }

  /** Nothing more will come. */
  end(why: string): void {
    this.over = why;
    for (const ender of this.enders.splice(0)) ender(why);
  }

  /** Rejects with the last lines when nothing more will come. */
  gone(): Promise<never> {
    return new Promise((_, reject) => {
      const fail = (why: string): void => reject(new Error(`${this.what}: ${why}\n${this.tail()}`));
      if (this.over !== undefined) fail(this.over);
      else this.enders.push(fail);
    });
  }

  /** @throws Error with the last lines, when none matches in time or the process has ended. */
  line(pattern: RegExp, within: Nanos): Promise<string> {
    const printed = this.kept.find((line) => pattern.test(line));
    if (printed !== undefined) return Promise.resolve(printed);
    return new Promise((resolve, reject) => {
      let waiting = true;
      const fail = (why: string): void => {
        if (!waiting) return;
        waiting = false;
        clearTimeout(timer);
        reject(new Error(`${this.what}: expected a line like ${pattern}, but ${why}\n${this.tail()}`));
      };
      const timer = setTimeout(() => fail(`none came within ${within / 1e9} s`), within / 1e6);
      if (this.over !== undefined) fail(this.over);
      this.enders.push(fail);
      this.onLine((line) => {
        if (!waiting || !pattern.test(line)) return;
        waiting = false;
        clearTimeout(timer);
        resolve(line);
      });
    });
  }

  private tail(): string {
    return this.kept
      .slice(-SHOWN)
      .map((line) => `  ${line}`)
      .join('\n');
  }

  private add(line: string): void {
    this.kept.push(line);
    if (this.kept.length > KEPT) this.kept.shift();
    for (const handler of this.handlers) handler(line);
  }
}
