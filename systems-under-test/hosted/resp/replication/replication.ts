import type { Engine } from '../engine.ts';
import type { Alarm } from '../environment.ts';
import { encodeCommand } from '../protocol/encode.ts';
import { ErrorReply, NO_REPLY, type Reply } from '../protocol/reply.ts';
import type { Session } from '../session.ts';
import { snapshot } from './snapshot.ts';
import { Upstream } from './upstream.ts';

/** A primary lets its replicas know that it lives, in milliseconds (`repl-ping-replica-period`). */
const PING_EVERY = 10_000;
const NO_ID = '0'.repeat(40);

/** What a primary knows of a replica. */
interface Replica {
  acknowledged: number;
  acknowledgedAt: number;
}

/**
 * Asynchronous replication as Redis has it: effects are a stream of bytes with an offset and the name of their history. A replica that knows the
 * history goes on where it was, from a backlog of the last bytes; any other gets the whole state first. A write is acknowledged before any
 * replica has it, so a failover may lose it.
 */
export class Replication {
  readonly runId: string;
  private readonly engine: Engine;
  private readonly replicas = new Map<Session, Replica>();
  private upstream: Upstream | null = null;
  /** The history that this server's state is part of, and how far it is. */
  history: string;
  offset = 0;
  /** The history before a promotion, and the first offset that is not in it. */
  private formerHistory = NO_ID;
  private formerEnd = -1;
  private backlog = '';
  private ping: Alarm | null = null;

  constructor(engine: Engine) {
    this.engine = engine;
    this.runId = engine.newId();
    this.history = engine.newId();
  }

  /** Whom it follows; null for a primary. */
  get following(): { readonly host: string; readonly port: number } | null {
    return this.upstream;
  }

  get isPrimary(): boolean {
    return this.upstream === null;
  }

  private setting(name: string): number {
    return Number(this.engine.settings.get(name));
  }

  /** Whether as many replicas are near as writes need (`min-replicas-to-write`). */
  get hasEnoughReplicas(): boolean {
    const wanted = this.setting('min-replicas-to-write');
    if (wanted === 0 || !this.isPrimary) return true;
    const oldest = this.engine.now - this.setting('min-replicas-max-lag') * 1000;
    return (
      [...this.replicas.values()].filter(({ acknowledgedAt }) => acknowledgedAt >= oldest).length >= wanted
    );
  }

  /** The primary's effects, to its replicas. On a replica, effects come from its own primary alone. */
  feed(text: string): void {
    if (this.isPrimary) this.advance(text);
  }

  /** Bytes of the history, from here or from the primary. */
  advance(text: string): void {
    this.offset += text.length;
    this.backlog = (this.backlog + text).slice(-this.setting('repl-backlog-size'));
    for (const session of this.replicas.keys()) session.sendRaw(text);
  }

  /** Answers PSYNC: the session gets the history from an offset on, or all of the state. */
  synchronise(session: Session, history: string, from: number): Reply {
    if (this.upstream !== null && !this.upstream.isConnected)
      return new ErrorReply("NOMASTERLINK Can't SYNC while not connected with my master");
    const start = this.offset - this.backlog.length + 1;
    const isKnown = history === this.history || (history === this.formerHistory && from <= this.formerEnd);
    this.replicas.set(session, { acknowledged: 0, acknowledgedAt: this.engine.now });
    session.replicaPort ??= 0;
    if (isKnown && from >= start && from <= this.offset + 1) {
      session.sendRaw(`+CONTINUE ${this.history}\r\n${this.backlog.slice(from - start)}`);
    } else {
      const text = snapshot(this.engine);
      session.sendRaw(`+FULLRESYNC ${this.history} ${this.offset}\r\n$${text.length}\r\n${text}`);
      this.engine.forgetSelected();
    }
    this.startPings();
    return NO_REPLY;
  }

  private startPings(): void {
    if (this.ping !== null) return;
    this.ping = this.engine.environment.after(PING_EVERY, () => {
      this.ping = null;
      if (this.replicas.size === 0) return;
      this.engine.unit(() => this.lookAfter());
      this.engine.flush();
    });
  }

  private lookAfter(): void {
    const oldest = this.engine.now - this.setting('repl-timeout') * 1000;
    for (const [session, { acknowledgedAt }] of this.replicas)
      if (acknowledgedAt < oldest) session.closing = true;
    this.feed(encodeCommand(['PING']));
    this.startPings();
  }

  acknowledge(session: Session, offset: number): void {
    const replica = this.replicas.get(session);
    if (replica === undefined) return;
    replica.acknowledged = Math.max(replica.acknowledged, offset);
    replica.acknowledgedAt = this.engine.now;
    this.engine.waiting.serveOthers();
  }

  /** How many replicas have the history up to an offset. */
  countAcknowledged(offset: number): number {
    return [...this.replicas.values()].filter(({ acknowledged }) => acknowledged >= offset).length;
  }

  askForAcknowledgement(): void {
    if (this.replicas.size > 0) this.feed(encodeCommand(['REPLCONF', 'GETACK', '*']));
  }

  /** This server becomes a replica of another, or (null) a primary. */
  follow(primary: { readonly host: string; readonly port: number } | null): void {
    if (primary === null) {
      if (this.upstream === null) return;
      this.upstream.end();
      this.upstream = null;
      this.formerHistory = this.history;
      this.formerEnd = this.offset + 1;
      this.history = this.engine.newId();
      this.engine.forgetSelected();
      return;
    }
    if (this.upstream?.isFor(primary.host, primary.port) === true) return;
    const wasPrimary = this.upstream === null;
    this.upstream?.end();
    this.upstream = new Upstream(this.engine, this, primary.host, primary.port);
    if (wasPrimary)
      this.engine.waiting.refuseAll(
        'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
      );
  }

  /** The state was replaced by the primary's. */
  adopt(history: string, offset: number): void {
    this.history = history;
    this.offset = offset;
    this.backlog = '';
    this.formerHistory = NO_ID;
    this.formerEnd = -1;
    // Those who followed the state before must begin anew.
    for (const session of this.replicas.keys()) session.closing = true;
  }

  /** The primary goes on with this history under another name: it was promoted. */
  rename(history: string): void {
    if (history === this.history) return;
    this.formerHistory = this.history;
    this.formerEnd = this.offset + 1;
    this.history = history;
    for (const session of this.replicas.keys()) session.closing = true;
  }

  leave(session: Session): void {
    this.replicas.delete(session);
  }

  private described(): { ip: string; port: number; offset: number; lag: number }[] {
    return [...this.replicas].map(([{ address, replicaPort }, { acknowledged, acknowledgedAt }]) => ({
      ip: address.slice(0, Math.max(0, address.lastIndexOf(':'))),
      port: replicaPort ?? 0,
      offset: acknowledged,
      lag: Math.floor((this.engine.now - acknowledgedAt) / 1000),
    }));
  }

  /** ROLE. */
  role(): Reply {
    if (this.upstream !== null) return this.upstream.role(this.offset);
    return [
      'master',
      this.offset,
      this.described().map(({ ip, port, offset }) => [ip, String(port), String(offset)]),
    ];
  }

  /** Lines of INFO. */
  information(): (readonly [string, string | number])[] {
    const replicas = this.described().map(
      ({ ip, port, offset, lag }, nth) =>
        [`slave${nth}`, `ip=${ip},port=${port},state=online,offset=${offset},lag=${lag}`] as const,
    );
    return [
      ['role', this.isPrimary ? 'master' : 'slave'],
      ...(this.upstream?.information(this.offset) ?? []),
      ['connected_slaves', replicas.length],
      ...replicas,
      ['master_failover_state', 'no-failover'],
      ['master_replid', this.history],
      ['master_replid2', this.formerHistory],
      ['master_repl_offset', this.offset],
      ['second_repl_offset', this.formerEnd],
      ['repl_backlog_active', 1],
      ['repl_backlog_size', this.setting('repl-backlog-size')],
      ['repl_backlog_first_byte_offset', this.offset - this.backlog.length + 1],
      ['repl_backlog_histlen', this.backlog.length],
    ];
  }
}
