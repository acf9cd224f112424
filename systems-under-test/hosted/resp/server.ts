import type { Command } from './command.ts';
import { dispatch } from './dispatch.ts';
import { Engine, type EngineOptions } from './engine.ts';
import type { Environment } from './environment.ts';
import { ProtocolError } from './protocol/parser.ts';
import { ErrorReply } from './protocol/reply.ts';
import { Session } from './session.ts';

/** The server's side of one connection, driven by whoever has the transport. */
export interface ServerConnection {
  /** Bytes came; replies are written before this returns, or later, when a command waits. */
  receive(bytes: Uint8Array): void;
  /** The connection is gone. */
  close(): void;
}

/** The other side, as the server sees it. */
export interface Peer {
  write(bytes: Uint8Array): void;
  /** The server ends the connection, after what it wrote. */
  end(): void;
  /** `host:port` of the client, for CLIENT LIST. */
  readonly address?: string;
}

/**
 * A server that speaks Redis's protocol, independent of any transport: connections hand it bytes and take bytes; time, randomness and timers come
 * from the environment.
 */
export class RespServer {
  readonly engine: Engine;
  private nextId = 1;
  private readonly peers = new Map<Session, Peer>();

  constructor(environment: Environment, commands: ReadonlyMap<string, Command>, options: EngineOptions = {}) {
    this.engine = new Engine(environment, commands, options);
    this.engine.flush = () => this.flush();
    this.engine.waiting.resumed = (session) => this.work(session);
  }

  connect(peer: Peer): ServerConnection {
    const { engine } = this;
    const session = new Session(
      this.nextId++,
      peer.address ?? '127.0.0.1:0',
      Math.floor(engine.environment.now() / 1000),
      engine.settings.get('requirepass') === '',
      (bytes) => peer.write(bytes),
    );
    this.peers.set(session, peer);
    engine.sessions.set(session.id, session);
    return {
      receive: (bytes) => {
        if (!this.peers.has(session)) return;
        session.receive(bytes);
        this.work(session);
        this.flush();
      },
      close: () => this.forget(session),
    };
  }

  private forget(session: Session): void {
    if (!this.peers.delete(session)) return;
    this.engine.leave(session);
  }

  /** Carries out what the session has sent, up to a command that waits. */
  private work(session: Session): void {
    try {
      while (session.wait === null && !session.closing) {
        const argv = session.parser.next();
        if (argv === null) return;
        dispatch(this.engine, session, argv);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      session.send(new ErrorReply(`ERR ${error.message}`));
      session.closing = true;
    }
  }

  /** Writes the log, then hands all output to the transports, sessions in order of their numbers. */
  flush(): void {
    this.engine.log?.flush();
    for (const session of [...this.engine.sessions.values()]) {
      const output = session.takeOutput();
      output?.();
      if (session.closing) {
        const peer = this.peers.get(session);
        this.forget(session);
        peer?.end();
      }
    }
  }
}
