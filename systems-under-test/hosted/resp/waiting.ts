import { Context } from './context.ts';
import type { Database } from './database/database.ts';
import type { Engine } from './engine.ts';
import { type Blocked, ErrorReply, type Reply } from './protocol/reply.ts';
import type { Session } from './session.ts';

/** Sessions whose command waits: for keys, in the order in which they began to, or for replicas. */
export class Waiting {
  private readonly engine: Engine;
  private readyKeys: { readonly database: Database; readonly key: string }[] = [];
  private readonly readyNames = new Set<string>();
  /** Those who wait for no key. */
  private readonly others = new Set<Session>();
  /** Told of sessions that wait no longer: they may have sent more meanwhile. */
  resumed: (session: Session) => void = () => {};

  constructor(engine: Engine) {
    this.engine = engine;
  }

  get count(): number {
    let count = 0;
    for (const session of this.engine.sessions.values()) if (session.wait !== null) count++;
    return count;
  }

  begin(session: Session, command: string, blocked: Blocked): void {
    const { engine } = this;
    const database = engine.databases[session.database]!;
    for (const key of blocked.keys) {
      const sessions = database.waiting.get(key);
      if (sessions) sessions.add(session);
      else database.waiting.set(key, new Set([session]));
    }
    if (blocked.keys.length === 0) this.others.add(session);
    const alarm =
      blocked.until === 0
        ? null
        : engine.environment.after(Math.max(1, blocked.until - engine.now), () => {
            engine.unit(() => this.end(session, blocked.otherwise()));
            engine.flush();
          });
    session.wait = { blocked, database: database.index, command, alarm };
  }

  ready(database: Database, key: string): void {
    const name = `${database.index}:${key}`;
    if (this.readyNames.has(name)) return;
    this.readyNames.add(name);
    this.readyKeys.push({ database, key });
  }

  /** Serves those who wait for keys that changed, until nothing changes any more. */
  serve(): void {
    while (this.readyKeys.length > 0) {
      const keys = this.readyKeys;
      this.readyKeys = [];
      this.readyNames.clear();
      for (const { database, key } of keys)
        for (const session of [...(database.waiting.get(key) ?? [])]) this.again(session);
    }
  }

  /** Those who wait for something else look whether it is there. */
  serveOthers(): void {
    for (const session of [...this.others]) this.again(session);
  }

  private again(session: Session): void {
    const { wait } = session;
    if (wait === null) return;
    const context = new Context(this.engine, session, false);
    const reply = this.engine.attempt(context, [], () => wait.blocked.attempt(context));
    if (reply === undefined) return;
    this.engine.handOut();
    this.end(session, reply);
  }

  /** Ends the wait with this reply. */
  end(session: Session, reply: Reply): void {
    if (session.wait === null) return;
    this.cancel(session);
    session.send(reply);
    this.resumed(session);
  }

  /** The server is another's replica from now on: nobody may wait for writes. */
  refuseAll(text: string): void {
    for (const session of [...this.engine.sessions.values()]) this.end(session, new ErrorReply(text));
  }

  cancel(session: Session): void {
    const { wait } = session;
    if (wait === null) return;
    session.wait = null;
    wait.alarm?.cancel();
    this.others.delete(session);
    const { waiting } = this.engine.databases[wait.database]!;
    for (const key of wait.blocked.keys) {
      const sessions = waiting.get(key);
      if (sessions?.delete(session) && sessions.size === 0) waiting.delete(key);
    }
  }
}
