import type { Command } from './command.ts';
import { Context, type KeyEvent } from './context.ts';
import { Database, type Moment } from './database/database.ts';
import { dispatch } from './dispatch.ts';
import type { Alarm, Environment } from './environment.ts';
import { Interpreter, type Script } from './lua/script.ts';
import { toBytes } from './protocol/bytes.ts';
import { encodeCommand } from './protocol/encode.ts';
import { CommandError } from './protocol/errors.ts';
import { Blocked, ErrorReply, type Reply } from './protocol/reply.ts';
import { PubSub } from './pubsub.ts';
import { Replication } from './replication/replication.ts';
import { type Argv, Session } from './session.ts';
import { newSettings, type Settings } from './settings.ts';
import { Waiting } from './waiting.ts';

/** Real servers look for expired keys so often, in milliseconds (`hz 10`). */
const CRON = 100;

interface Effect {
  readonly database: number;
  readonly argv: Argv;
}

/** Keeps the effects, to build the state anew from them. */
export interface EffectLog {
  append(text: string): void;
  /** Before any reply to what was appended leaves. */
  flush(): void;
  /** These effects build the state from nothing. */
  replace(text: string): void;
}

export interface EngineOptions {
  /** Settings as CONFIG SET takes them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Port that the server tells others: replicas announce it to their primary. */
  readonly port?: number;
}

/**
 * The state of one server and the unit of its work: a command with all that it brings about. One at a time, as in Redis: time stands still
 * within a unit, its effects leave as one, and those who waited for it are served right after it.
 */
export class Engine implements Moment {
  readonly environment: Environment;
  readonly commands: ReadonlyMap<string, Command>;
  readonly databases: readonly Database[];
  readonly settings: Settings;
  readonly sessions = new Map<number, Session>();
  readonly pubsub = new PubSub();
  readonly interpreter = new Interpreter();
  readonly scripts = new Map<string, Script>();
  readonly waiting: Waiting;
  readonly replication: Replication;
  readonly startedAt: number;
  readonly port: number;
  log: EffectLog | null = null;
  /** Keeps the settings and the role for the next process; null if there is nowhere to. */
  saveConfiguration: (() => void) | null = null;
  /** Why writes are refused at the moment. */
  writesRefused: string | null = null;
  /** Called once a unit is done: sends what the sessions have to send. */
  flush: () => void = () => {};
  now = 0;
  hidesDue = true;
  commandsProcessed = 0;
  private effects: Effect[] = [];
  /** The database that the reader of the effects is in; -1 if it must be told. */
  private selected = -1;
  private loading = false;
  private depth = 0;
  private cron: Alarm | null = null;

  constructor(environment: Environment, commands: ReadonlyMap<string, Command>, options: EngineOptions = {}) {
    this.environment = environment;
    this.commands = commands;
    this.settings = newSettings(options.settings);
    this.port = options.port ?? 6379;
    this.databases = Array.from(
      { length: Number(this.settings.get('databases')) },
      (_, index) => new Database(index, this),
    );
    this.waiting = new Waiting(this);
    this.now = this.clock();
    this.startedAt = this.now;
    this.replication = new Replication(this);
  }

  private clock(): number {
    return Math.floor(this.environment.now() / 1000);
  }

  /**
   * One unit of work: removes what is due, does it, hands out the effects, serves those who waited. A unit begun within another is
   * part of it.
   */
  unit<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.depth++;
    try {
      this.now = this.clock();
      this.expire();
      const result = work();
      this.handOut();
      this.waiting.serve();
      return result;
    } finally {
      this.depth--;
      this.startCron();
    }
  }

  /** Runs a command, within a unit, and keeps its effects. Its failure is a reply. */
  run(session: Session, command: Command, argv: Argv, nested: boolean): Reply {
    const context = new Context(this, session, nested);
    this.commandsProcessed++;
    return this.attempt(context, argv, () => command.run(context, argv));
  }

  /** Runs part of a command and keeps its effects. */
  attempt<T extends Reply | undefined>(context: Context, argv: Argv, work: () => T): T | ErrorReply {
    const database = context.session.database;
    let reply: T | ErrorReply;
    try {
      reply = work();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      reply = new ErrorReply(error.message);
    }
    if (context.dirty > 0 || context.effects !== null)
      for (const effect of context.effects ?? [argv]) this.effects.push({ database, argv: effect });
    if (context.dirty > 0) context.session.lastWriteOffset = -1;
    if (reply instanceof Blocked && context.nested) return reply.otherwise() as T;
    return reply;
  }

  /** Hands the effects so far to the log and the replicas: as a transaction, if there are several. */
  handOut(): void {
    const { effects } = this;
    if (effects.length === 0) return;
    this.effects = [];
    let text = '';
    const write = ({ database, argv }: Effect): void => {
      if (database !== this.selected) text += encodeCommand(['SELECT', String(database)]);
      this.selected = database;
      text += encodeCommand(argv);
    };
    if (effects.length > 1) write({ database: effects[0]!.database, argv: ['MULTI'] });
    for (const effect of effects) write(effect);
    if (effects.length > 1) text += encodeCommand(['EXEC']);
    if (this.loading) return;
    this.log?.append(text);
    this.replication.feed(text);
  }

  /** Carries out effects that are history already: they go to no log and no replica. */
  load(text: string): void {
    const session = new Session(0, '', this.now, true, () => {}, true);
    session.receive(toBytes(text));
    this.loading = true;
    try {
      for (let argv = session.parser.next(); argv !== null; argv = session.parser.next())
        dispatch(this, session, argv);
    } finally {
      this.loading = false;
      this.forgetSelected();
    }
  }

  /** The next reader of the effects knows nothing of what came before. */
  forgetSelected(): void {
    this.selected = -1;
  }

  /** Removes all that is due, if this server decides that. */
  private expire(): void {
    if (!this.replication.isPrimary) return;
    for (const database of this.databases) {
      for (let key = database.takeDue(); key !== null; key = database.takeDue()) {
        this.touch(database, key);
        this.notify(database, 'x:expired', key);
        this.effects.push({ database: database.index, argv: ['DEL', key] });
        this.handOut();
      }
    }
  }

  /** Keys go at their time, not only when they are asked for, as long as there are any that may. */
  private startCron(): void {
    if (this.cron !== null || !this.databases.some((database) => database.volatileSize > 0)) return;
    this.cron = this.environment.after(CRON, () => {
      this.cron = null;
      this.unit(() => {});
      this.flush();
    });
  }

  /** The key changed: transactions that watch it will fail, and those who wait for it look again. */
  touch(database: Database, key: string): void {
    for (const session of database.watchers.get(key) ?? []) session.watchBroken = true;
    if (database.waiting.has(key)) this.waiting.ready(database, key);
  }

  /** All keys of a database go. */
  empty(database: Database): number {
    const { size } = database;
    for (const [key, sessions] of database.watchers)
      if (database.has(key)) for (const session of sessions) session.watchBroken = true;
    database.clear();
    return size;
  }

  /** Publishes a keyspace event, if the setting asks for it. */
  notify(database: Database, event: KeyEvent, key: string): void {
    const wanted = this.settings.get('notify-keyspace-events')!;
    if (wanted === '') return;
    const [kind, name] = [event[0]!, event.slice(2)];
    if (!wanted.includes(kind) && !(wanted.includes('A') && kind !== 'm' && kind !== 'n')) return;
    if (wanted.includes('K')) this.pubsub.publish(`__keyspace@${database.index}__:${key}`, name);
    if (wanted.includes('E')) this.pubsub.publish(`__keyevent@${database.index}__:${name}`, key);
  }

  unwatch(session: Session): void {
    for (const { database, key } of session.watched) {
      const { watchers } = this.databases[database]!;
      const sessions = watchers.get(key);
      if (sessions?.delete(session) && sessions.size === 0) watchers.delete(key);
    }
    session.watched.length = 0;
    session.watchBroken = false;
  }

  /** Forgets a session whose connection ended. */
  leave(session: Session): void {
    this.waiting.cancel(session);
    this.unwatch(session);
    this.pubsub.leave(session);
    this.replication.leave(session);
    this.sessions.delete(session.id);
  }

  /** A name of 40 hexadecimal digits. */
  newId(): string {
    const words = Array.from({ length: 5 }, () => this.environment.random.uint32());
    return words.map((word) => word.toString(16).padStart(8, '0')).join('');
  }
}
