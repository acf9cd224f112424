import { dispatch } from '../dispatch.ts';
import type { Engine } from '../engine.ts';
import type { Alarm, Link } from '../environment.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { encodeCommand } from '../protocol/encode.ts';
import type { Reply } from '../protocol/reply.ts';
import { Session } from '../session.ts';
import type { Replication } from './replication.ts';

/** A replica says how far it is, and tries again, so often, in milliseconds. */
const EVERY_SECOND = 1000;

/** A replica's link to its primary: the handshake, the whole state if need be, then the stream of effects. */
export class Upstream {
  private readonly engine: Engine;
  private readonly replication: Replication;
  readonly host: string;
  readonly port: number;
  private link: Link | null = null;
  private state: 'connecting' | 'handshake' | 'sync' | 'connected' = 'connecting';
  /** Bytes that came and are not yet used, during the handshake. */
  private input = '';
  /** Commands still to be sent, and answered, before the history begins. */
  private greetings: string[][] = [];
  private session: Session | null = null;
  /** The history that the state on its way belongs to. */
  private pendingState = { history: '', offset: 0 };
  /** Bytes of a command that has not come as a whole. */
  private partial = '';
  private heardAt: number;
  private timer: Alarm | null = null;
  private ended = false;

  constructor(engine: Engine, replication: Replication, host: string, port: number) {
    this.engine = engine;
    this.replication = replication;
    this.host = host;
    this.port = port;
    this.heardAt = engine.now;
    this.connect();
    this.tick();
  }

  get isConnected(): boolean {
    return this.state === 'connected';
  }

  isFor(host: string, port: number): boolean {
    return this.host === host && this.port === port;
  }

  end(): void {
    this.ended = true;
    this.timer?.cancel();
    this.drop();
  }

  private drop(): void {
    const { link } = this;
    this.link = null;
    this.state = 'connecting';
    link?.close();
  }

  private connect(): void {
    const { environment, settings } = this.engine;
    this.input = '';
    this.heardAt = this.engine.now;
    const password = settings.get('masterauth') ?? '';
    this.greetings = [
      ...(password === '' ? [] : [['AUTH', password]]),
      ['REPLCONF', 'listening-port', String(this.engine.port)],
      ['REPLCONF', 'capa', 'eof', 'capa', 'psync2'],
    ];
    const link: Link | null =
      environment.dial?.(this.host, this.port, {
        opened: () => {
          if (this.link !== link) return;
          this.state = 'handshake';
          this.write(['PING']);
        },
        received: (bytes) => {
          if (this.link !== link) return;
          this.heardAt = Math.floor(environment.now() / 1000);
          this.receive(fromBytes(bytes));
          this.engine.flush();
        },
        closed: () => {
          if (this.link === link) this.drop();
        },
      }) ?? null;
    this.link = link;
  }

  /** Once a second: says how far it is; gives up a silent link; tries again. */
  private tick(): void {
    this.timer = this.engine.environment.after(EVERY_SECOND, () => {
      if (this.ended) return;
      this.engine.unit(() => {
        const silent = this.engine.now - this.heardAt;
        if (this.link !== null && silent > Number(this.engine.settings.get('repl-timeout')) * 1000)
          this.drop();
        if (this.link === null) this.connect();
        else if (this.state === 'connected') this.acknowledge();
      });
      this.engine.flush();
      this.tick();
    });
  }

  private write(argv: readonly string[]): void {
    this.link?.write(toBytes(encodeCommand(argv)));
  }

  private acknowledge(): void {
    this.write(['REPLCONF', 'ACK', String(this.replication.offset)]);
  }

  private receive(text: string): void {
    if (this.state === 'connected') {
      this.apply(text);
      return;
    }
    this.input += text;
    while (this.state === 'handshake') {
      const line = this.takeLine();
      if (line === null) return;
      this.answered(line);
    }
    if (this.state === 'sync') this.takeState();
  }

  private takeLine(): string | null {
    const end = this.input.indexOf('\r\n');
    if (end < 0) return null;
    const line = this.input.slice(0, end);
    this.input = this.input.slice(end + 2);
    return line;
  }

  private answered(line: string): void {
    const [word, history, offset] = line.split(' ');
    if (word === '+CONTINUE') {
      if (history !== undefined) this.replication.rename(history);
      this.begin();
    } else if (word === '+FULLRESYNC') {
      this.state = 'sync';
      this.pendingState = { history: history ?? '', offset: Number(offset) };
    } else if (line.startsWith('-') && !line.startsWith('-NOAUTH')) this.drop();
    else {
      const next = this.greetings.shift();
      this.write(next ?? ['PSYNC', this.replication.history, String(this.replication.offset + 1)]);
    }
  }

  /** The whole state, once all of it has come, replaces this server's own: whatever else it had is lost. */
  private takeState(): void {
    const end = this.input.indexOf('\r\n');
    if (end < 0) return;
    const length = Number(this.input.slice(1, end));
    const start = end + 2;
    if (this.input.length < start + length) return;
    const text = this.input.slice(start, start + length);
    this.input = this.input.slice(start + length);
    const { engine } = this;
    engine.unit(() => {
      for (const database of engine.databases) engine.empty(database);
      engine.load(text);
      engine.log?.replace(text);
    });
    this.replication.adopt(this.pendingState.history, this.pendingState.offset);
    this.begin();
  }

  private begin(): void {
    this.state = 'connected';
    this.session = new Session(0, `${this.host}:${this.port}`, this.engine.now, true, () => {}, true);
    this.partial = '';
    const rest = this.input;
    this.input = '';
    this.acknowledge();
    if (rest !== '') this.apply(rest);
  }

  /** Carries out effects of the primary; its own replicas get the same bytes. */
  private apply(text: string): void {
    const session = this.session!;
    session.receive(toBytes(text));
    let taken = '';
    const pendingBytes = this.partial + text;
    for (let argv = session.parser.next(); argv !== null; argv = session.parser.next()) {
      const used = pendingBytes.length - session.parser.unread - taken.length;
      const bytes = pendingBytes.slice(taken.length, taken.length + used);
      taken += bytes;
      this.engine.unit(() => this.replication.advance(bytes));
      if (argv[0]!.toLowerCase() === 'replconf') this.acknowledge();
      else dispatch(this.engine, session, argv);
    }
    this.partial = pendingBytes.slice(taken.length);
  }

  role(offset: number): Reply {
    const shown =
      this.state === 'handshake' ? 'connecting' : this.state === 'connecting' ? 'connect' : this.state;
    return ['slave', this.host, this.port, shown, this.state === 'connected' ? offset : -1];
  }

  information(offset: number): (readonly [string, string | number])[] {
    return [
      ['master_host', this.host],
      ['master_port', this.port],
      ['master_link_status', this.isConnected ? 'up' : 'down'],
      [
        'master_last_io_seconds_ago',
        this.isConnected ? Math.floor((this.engine.now - this.heardAt) / 1000) : -1,
      ],
      ['master_sync_in_progress', this.state === 'sync' ? 1 : 0],
      ['slave_read_repl_offset', offset],
      ['slave_repl_offset', offset],
      ['slave_priority', 100],
      ['slave_read_only', 1],
      ['replica_announced', 1],
    ];
  }
}
