import type { EffectLog, Engine } from '../engine.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { RespParser } from '../protocol/parser.ts';
import { snapshot } from '../replication/snapshot.ts';

/** Where the file is kept. Calls block, as a server of one thread is blocked by its disk; `syncLater` does not. */
export interface LogStorage {
  read(): Uint8Array;
  append(bytes: Uint8Array): void;
  truncate(length: number): void;
  /** Replaces the whole, durably: after a crash the old or the new. */
  replace(bytes: Uint8Array): void;
  sync(): void;
  syncLater(): Promise<void>;
}

/**
 * Redis's append-only file: the effects, written before the replies that rest on them leave. `appendfsync` says when they are on stable storage:
 * `always` before the reply, `everysec` at most about a second later, `no` whenever the system pleases. The death of the process loses nothing; that of
 * the machine loses what was not synced.
 */
export class AppendOnlyFile implements EffectLog {
  private readonly engine: Engine;
  private readonly storage: LogStorage;
  private unwritten = '';
  private isDirty = false;
  private size = 0;
  /** The size after the last rewrite. */
  private base = 0;

  constructor(engine: Engine, storage: LogStorage) {
    this.engine = engine;
    this.storage = storage;
  }

  private get policy(): string {
    return this.engine.settings.get('appendfsync')!;
  }

  /**
   * Builds the state from the file. A command or transaction that breaks off at the end was never acknowledged as durable: it is cut off, as
   * Redis does (`aof-load-truncated yes`). @throws ProtocolError: the file is damaged elsewhere, and a real server refuses to start, too
   */
  load(): void {
    const bytes = this.storage.read();
    const parser = new RespParser();
    parser.feed(bytes);
    let whole = 0;
    let inTransaction = false;
    for (let argv = parser.next(); argv !== null; argv = parser.next()) {
      const name = argv[0]!.toLowerCase();
      if (name === 'multi') inTransaction = true;
      if (name === 'exec') inTransaction = false;
      if (!inTransaction) whole = bytes.length - parser.unread;
    }
    if (whole < bytes.length) this.storage.truncate(whole);
    this.engine.unit(() => this.engine.load(fromBytes(bytes, 0, whole)));
    this.size = whole;
    this.base = whole;
  }

  append(text: string): void {
    this.unwritten += text;
  }

  flush(): void {
    if (this.unwritten === '') return;
    const text = this.unwritten;
    try {
      this.storage.append(toBytes(text));
      if (this.policy === 'always') this.storage.sync();
      else this.isDirty = true;
    } catch (error) {
      // Redis ends itself where it promised durability; otherwise it refuses writes and tries again.
      if (this.policy === 'always') throw error;
      this.engine.writesRefused = `MISCONF Errors writing to the AOF file: ${(error as Error).message}`;
      return;
    }
    this.unwritten = '';
    this.engine.writesRefused = null;
    this.size += text.length;
    const { settings } = this.engine;
    const growth = Number(settings.get('auto-aof-rewrite-percentage')) / 100;
    if (
      growth > 0 &&
      this.size > Number(settings.get('auto-aof-rewrite-min-size')) &&
      this.size > this.base * (1 + growth)
    )
      this.replace(snapshot(this.engine));
  }

  replace(text: string): void {
    this.storage.replace(toBytes(text));
    this.engine.forgetSelected();
    this.unwritten = '';
    this.isDirty = false;
    this.size = text.length;
    this.base = text.length;
  }

  /** To be called once a second. */
  async everySecond(): Promise<void> {
    this.flush();
    if (!this.isDirty || this.policy !== 'everysec') return;
    this.isDirty = false;
    await this.storage.syncLater();
  }
}
