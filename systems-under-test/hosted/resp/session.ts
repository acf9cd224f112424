import type { Alarm } from './environment.ts';
import { toBytes } from './protocol/bytes.ts';
import { encodeReply, type ProtocolVersion } from './protocol/encode.ts';
import { RespParser } from './protocol/parser.ts';
import { type Blocked, NO_REPLY, Push, type Reply } from './protocol/reply.ts';

export type Argv = readonly string[];

/** What a session waits for. */
export interface Wait {
  readonly blocked: Blocked;
  readonly database: number;
  readonly command: string;
  readonly alarm: Alarm | null;
}

/** A watched key, and whether it had already gone by its time when the watch began. */
export interface Watched {
  readonly database: number;
  readonly key: string;
  readonly expired: boolean;
}

export type ReplyMode = 'on' | 'off' | 'skip-next' | 'skip-this';

/** One connection and all that the server knows about it. */
export class Session {
  readonly id: number;
  readonly address: string;
  readonly parser = new RespParser();
  readonly connectedAt: number;
  lastCommand = 'NULL';
  lastActive: number;
  version: ProtocolVersion = 2;
  database = 0;
  name = '';
  library = { name: '', version: '' };
  authenticated: boolean;
  /** Commands between MULTI and EXEC. */
  queue: Argv[] | null = null;
  /** A command could not be queued. */
  queueFailed = false;
  /** A watched key changed. */
  watchBroken = false;
  readonly watched: Watched[] = [];
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  wait: Wait | null = null;
  replyMode: ReplyMode = 'on';
  /** Port on which a replica listens, while the session is one. */
  replicaPort: number | null = null;
  /** The commands come from this server's primary, or from its own log: they are carried out whatever its role, and not answered. */
  readonly trusted: boolean;
  closing = false;
  /** Offset in the stream of effects after this session's last write. */
  lastWriteOffset = 0;
  private output = '';
  private readonly transmit: (bytes: Uint8Array) => void;

  constructor(
    id: number,
    address: string,
    now: number,
    authenticated: boolean,
    transmit: (bytes: Uint8Array) => void,
    trusted = false,
  ) {
    this.id = id;
    this.address = address;
    this.connectedAt = now;
    this.lastActive = now;
    this.authenticated = authenticated;
    this.transmit = transmit;
    this.trusted = trusted;
  }

  get isSubscribed(): boolean {
    return this.channels.size + this.patterns.size + this.shardChannels.size > 0;
  }

  /** Puts a reply into the output. */
  send(reply: Reply): void {
    if (reply === NO_REPLY || this.trusted) return;
    if (!(reply instanceof Push) && this.replyMode !== 'on') return;
    this.output += encodeReply(reply, this.version);
  }

  /** Bytes that are no reply: the stream of effects to a replica. */
  sendRaw(text: string): void {
    this.output += text;
  }

  /** The output so far, taken out; null if there is none. */
  takeOutput(): (() => void) | null {
    if (this.output === '') return null;
    const text = this.output;
    this.output = '';
    return () => this.transmit(toBytes(text));
  }

  receive(bytes: Uint8Array): void {
    this.parser.feed(bytes);
  }
}
