import type { Environment, Link } from '../environment.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { encodeCommand } from '../protocol/encode.ts';
import type { Reply } from '../protocol/reply.ts';
import { ReplyParser } from '../protocol/reply-parser.ts';

/** A link without an answer for so long is given up and made anew, in milliseconds. */
const GIVE_UP = 5000;

/** Another server as a sentinel sees it: a link to it, and when it last answered. */
export class Node {
  readonly host: string;
  readonly port: number;
  private readonly environment: Environment;
  private link: Link | null = null;
  private isOpen = false;
  private openedAt = 0;
  private parser = new ReplyParser();
  private waiting: { readonly since: number; readonly take: (reply: Reply) => void }[] = [];
  /** Milliseconds; the time of the first look if it never answered. */
  answeredAt: number;
  /** What INFO said last: `role`, `master_host`, ... */
  facts: ReadonlyMap<string, string> = new Map();
  /** Since when it says that it is a primary without being the one. */
  claimsSince: number | null = null;

  constructor(environment: Environment, host: string, port: number) {
    this.environment = environment;
    this.host = host;
    this.port = port;
    this.answeredAt = this.now;
  }

  private get now(): number {
    return Math.floor(this.environment.now() / 1000);
  }

  get name(): string {
    return `${this.host}:${this.port}`;
  }

  isSilentFor(milliseconds: number): boolean {
    return this.now - this.answeredAt > milliseconds;
  }

  /** Sends a command, if the link is there; opens it otherwise. */
  ask(words: readonly string[], take: (reply: Reply) => void = () => {}): void {
    const oldest = this.isOpen ? this.waiting[0]?.since : this.openedAt;
    if (this.link !== null && oldest !== undefined && this.now - oldest > GIVE_UP) this.close();
    if (this.link === null) this.open();
    if (!this.isOpen) return;
    this.waiting.push({ since: this.now, take });
    this.link!.write(toBytes(encodeCommand(words)));
  }

  private open(): void {
    this.parser = new ReplyParser();
    const link: Link | null =
      this.environment.dial?.(this.host, this.port, {
        opened: () => {
          if (this.link === link) this.isOpen = true;
        },
        received: (bytes) => {
          if (this.link !== link) return;
          this.parser.feed(fromBytes(bytes));
          for (let reply = this.parser.next(); reply !== undefined; reply = this.parser.next())
            this.waiting.shift()?.take(reply);
        },
        closed: () => {
          if (this.link === link) this.close();
        },
      }) ?? null;
    this.link = link;
    this.openedAt = this.now;
  }

  close(): void {
    const { link } = this;
    this.link = null;
    this.isOpen = false;
    this.waiting = [];
    link?.close();
  }
}
