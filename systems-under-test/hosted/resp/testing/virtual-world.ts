import { COMMANDS } from '../commands/index.ts';
import type { EngineOptions } from '../engine.ts';
import type { Environment, Link, LinkEvents } from '../environment.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { encodeCommand } from '../protocol/encode.ts';
import { RespServer, type ServerConnection } from '../server.ts';
import { testRandom } from './real-environment.ts';
import { replyEnd } from './reply-frames.ts';

/** Of anything that takes connections. */
export interface Connectable {
  connect(peer: { write(bytes: Uint8Array): void; end(): void; address?: string }): ServerConnection;
}

interface Due {
  readonly at: number;
  readonly nth: number;
  readonly run: () => void;
}

const LATENCY = 1;

/** Servers of one process under virtual time: a network of a millisecond, in which hosts can be cut off. For tests of what several servers do together. */
export class VirtualWorld {
  /** Milliseconds. */
  now = 1_000_000;
  private nth = 0;
  private due: Due[] = [];
  private readonly listening = new Map<string, Connectable>();
  private readonly cutOff = new Set<string>();
  private readonly random = testRandom(7);

  private at(delay: number, run: () => void): Due {
    const due = { at: this.now + delay, nth: this.nth++, run };
    this.due.push(due);
    return due;
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      let next: Due | undefined;
      for (const one of this.due)
        if (
          one.at <= end &&
          (next === undefined || one.at < next.at || (one.at === next.at && one.nth < next.nth))
        )
          next = one;
      if (next === undefined) break;
      this.due.splice(this.due.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
  }

  environment(host: string): Environment {
    return {
      now: () => this.now * 1000,
      random: this.random,
      after: (milliseconds, callback) => {
        const due = this.at(milliseconds, callback);
        return { cancel: () => void (this.due.includes(due) && this.due.splice(this.due.indexOf(due), 1)) };
      },
      dial: (to, port, events) => this.dial(host, to, port, events),
    };
  }

  listen(host: string, port: number, server: Connectable): void {
    this.listening.set(`${host}:${port}`, server);
  }

  /** Nothing gets to this host or from it any more; what was under way is lost. */
  cut(host: string): void {
    this.cutOff.add(host);
  }
  join(host: string): void {
    this.cutOff.delete(host);
  }
  private reaches(one: string, other: string): boolean {
    return one === other || !(this.cutOff.has(one) || this.cutOff.has(other));
  }

  private dial(from: string, to: string, port: number, events: LinkEvents): Link {
    let connection: ServerConnection | null = null;
    let closed = false;
    const close = (): void => {
      if (closed) return;
      closed = true;
      events.closed();
    };
    const carry = (run: () => void): void => {
      this.at(LATENCY, () => {
        if (!closed && this.reaches(from, to)) run();
      });
    };
    carry(() => {
      const server = this.listening.get(`${to}:${port}`);
      if (server === undefined) {
        close();
        return;
      }
      connection = server.connect({
        write: (bytes) => carry(() => events.received(bytes)),
        end: () => carry(close),
        address: `${from}:40000`,
      });
      events.opened();
    });
    return {
      write: (bytes) => carry(() => connection?.receive(bytes)),
      close: () => {
        closed = true;
        this.at(LATENCY, () => connection?.close());
      },
    };
  }

  server(host: string, options: EngineOptions = {}): RespServer {
    const server = new RespServer(this.environment(host), COMMANDS, { port: 6379, ...options });
    this.listen(host, 6379, server);
    return server;
  }
}

/** A client beside the server: its commands are answered at once, or later. */
export function clientOf(server: Connectable): { (...words: string[]): string; received(): string } {
  let text = '';
  const connection = server.connect({
    write: (bytes) => {
      text += fromBytes(bytes);
    },
    end: () => {},
  });
  const received = (): string => {
    const all = text;
    text = '';
    return all;
  };
  const call = (...words: string[]): string => {
    connection.receive(toBytes(encodeCommand(words)));
    const end = text === '' ? -1 : replyEnd(text, 0);
    if (end < 0) return '';
    const reply = text.slice(0, end);
    text = text.slice(end);
    return reply;
  };
  return Object.assign(call, { received });
}
