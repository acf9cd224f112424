import {
  type Connection,
  ConnectionRefused,
  formatDuration,
  HostError,
  type Message,
  type Nanos,
  type Network,
  RemoteError,
  RequestTimeout,
} from '../contract/index.ts';
import { Connections } from './connection.ts';
import type { Action } from './event-queue.ts';
import { EventCode } from './kernel.ts';
import { Category, Packet } from './packet.ts';
import type { Process, ProcessTask } from './process.ts';
import { sealMessage } from './seal.ts';

type MessageHandler = (message: Message, from: string) => void | Promise<void>;
type RequestHandler = (message: Message, from: string) => Message | Promise<Message>;

/** A request that waits for its reply; also the event of its time-out. */
class Pending implements Action, ProcessTask {
  readonly bytes = 0;
  readonly droppable = false;
  private readonly port: NetworkPort;
  readonly id: number;
  readonly to: string;
  readonly timeout: Nanos;
  readonly resolve: (reply: Message) => void;
  readonly reject: (error: Error) => void;

  constructor(
    port: NetworkPort,
    id: number,
    to: string,
    timeout: Nanos,
    resolve: (reply: Message) => void,
    reject: (error: Error) => void,
  ) {
    this.port = port;
    this.id = id;
    this.to = to;
    this.timeout = timeout;
    this.resolve = resolve;
    this.reject = reject;
  }
  fire(): void {
    if (!this.port.pending.has(this.id)) return;
    this.port.process.machine.tell?.(`no reply from ${this.to} within ${formatDuration(this.timeout)}`);
    this.port.process.enqueue(this);
  }
  run(): void {
    if (this.port.pending.delete(this.id)) this.reject(new RequestTimeout(this.to, this.timeout / 1e6));
  }
}

/** The network as one incarnation sees it. */
export class NetworkPort implements Network {
  readonly process: Process;
  readonly pending = new Map<number, Pending>();
  private nextRequest = 0;
  private messageHandler: MessageHandler | undefined;
  private requestHandler: RequestHandler | undefined;
  private connections: Connections | undefined;

  constructor(process: Process) {
    this.process = process;
  }

  send(to: string, message: Message): void {
    this.process.mustRun('network.send');
    this.emit(to, Category.datagram, message, 0, 0);
  }

  onMessage(handler: MessageHandler): void {
    this.process.mustRun('network.onMessage');
    this.messageHandler = handler;
  }

  request(to: string, message: Message, options: { readonly timeout: Nanos }): Promise<Message> {
    const { process } = this;
    process.mustRun('network.request');
    if (!(options.timeout > 0))
      throw new RangeError(`request: expected a timeout above 0 ns, got ${options.timeout}`);
    return new Promise((resolve, reject) => {
      const id = ++this.nextRequest;
      const pending = new Pending(this, id, to, options.timeout, resolve, reject);
      this.emit(to, Category.request, message, id, process.incarnation);
      this.pending.set(id, pending);
      const { machine } = process;
      machine.kernel.schedule(
        process.ownTime() + Math.round(options.timeout),
        EventCode.timer,
        machine.index,
        id,
        pending,
      );
    });
  }

  onRequest(handler: RequestHandler): void {
    this.process.mustRun('network.onRequest');
    this.requestHandler = handler;
  }

  connect(to: string, options?: { readonly timeout?: Nanos }): Promise<Connection> {
    this.process.mustRun('network.connect');
    return this.connectionTable().connect(to, options?.timeout);
  }

  onConnection(handler: (connection: Connection) => void): void {
    this.process.mustRun('network.onConnection');
    this.connectionTable().onConnection(handler);
  }

  /** A packet reaches system code. */
  receive(packet: Packet): void | Promise<void> {
    const from = packet.fabric.nameOf(packet.from);
    switch (packet.category) {
      case Category.datagram:
        void this.messageHandler?.(packet.message, from);
        return;
      case Category.request:
        this.serve(packet, from);
        return;
      case Category.reply:
        this.take(packet)?.resolve(packet.message);
        return;
      case Category.refused:
        this.take(packet)?.reject(new ConnectionRefused(from));
        return;
      case Category.failure:
        this.take(packet)?.reject(new RemoteError(from, String(packet.message)));
        return;
    }
  }

  /** A segment of a connection: the machine's kernel handles it, whatever the process does. */
  segment(packet: Packet): void {
    this.connectionTable().arrive(packet);
  }

  /** True if somebody still waits for this answer. */
  awaits(packet: Packet): boolean {
    return packet.incarnation === this.process.incarnation && this.pending.has(packet.request);
  }

  /** The machine's kernel tells the peers of this process that it died. */
  reset(): void {
    this.connections?.reset();
  }

  end(): void {
    this.pending.clear();
    this.connections?.end();
  }

  emit(to: string, category: number, message: Message, request: number, incarnation: number): void {
    const { process } = this;
    const { fabric } = process.machine;
    const { hash, size } = sealMessage(message);
    const destination = fabric.indexOf(to);
    process.emit(
      new Packet(
        fabric,
        process.machine.index,
        destination,
        category,
        message,
        size,
        hash,
        request,
        incarnation,
      ),
    );
  }

  private take(packet: Packet): Pending | undefined {
    if (packet.incarnation !== this.process.incarnation) return undefined;
    const pending = this.pending.get(packet.request);
    this.pending.delete(packet.request);
    return pending;
  }

  private serve(packet: Packet, from: string): void {
    if (this.requestHandler === undefined) {
      this.emit(from, Category.refused, null, packet.request, packet.incarnation);
      return;
    }
    const fail = (error: unknown): void => {
      // An error meant for others travels; a defect of the program ends the process.
      if (!(error instanceof HostError)) throw error;
      this.emit(
        from,
        Category.failure,
        `${error.code}: ${error.message}`,
        packet.request,
        packet.incarnation,
      );
    };
    let reply: Message | Promise<Message>;
    try {
      reply = this.requestHandler(packet.message, from);
    } catch (error) {
      fail(error);
      return;
    }
    if (reply instanceof Promise) {
      reply.then((value) => {
        this.emit(from, Category.reply, value, packet.request, packet.incarnation);
      }, fail);
    } else {
      this.emit(from, Category.reply, reply, packet.request, packet.incarnation);
    }
  }

  /** The kernel's connections of this incarnation. */
  connectionTable(): Connections {
    this.connections ??= new Connections(this);
    return this.connections;
  }
}
