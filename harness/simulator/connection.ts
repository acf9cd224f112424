import {
  type Connection,
  ConnectionRefused,
  ConnectionReset,
  type Message,
  type Nanos,
  RequestTimeout,
} from '../contract/index.ts';
import type { Action } from './event-queue.ts';
import { EventCode } from './kernel.ts';
import type { NetworkPort } from './network-port.ts';
import { Category, Packet } from './packet.ts';
import type { ProcessTask } from './process.ts';
import { sealMessage } from './seal.ts';

/** Messages on their way, or arrived and not yet taken by the process, at most. */
export const WINDOW = 64;
const FIRST_RETRANSMISSION: Nanos = 200_000_000;
/** Retransmission backs off by doubling; a peer silent for this long breaks the connection. */
const GIVE_UP_AFTER: Nanos = 15_000_000_000;
const CONNECT_TIMEOUT: Nanos = 3_000_000_000;

/** What travels between the two kernels. `type` names the kind for draws. `c` is the connection, `s` a sequence number. */
type Segment =
  | { readonly type: 'syn' | 'syn-ack' | 'rst'; readonly c: string }
  | { readonly type: 'data'; readonly c: string; readonly s: number; readonly m: Message }
  | { readonly type: 'fin'; readonly c: string; readonly s: number }
  | { readonly type: 'ack'; readonly c: string; readonly s: number };

/** Something to be run inside the process, by its machine's kernel. */
class Delivery implements ProcessTask {
  readonly droppable = false;
  readonly bytes: number;
  private readonly code: () => unknown;
  constructor(bytes: number, code: () => unknown) {
    this.bytes = bytes;
    this.code = code;
  }
  run(): void {
    void this.code();
  }
}

/**
 * One end of a connection, kept by the machine's kernel on behalf of a process: it acknowledges and retransmits while the
 * process is paused, until `WINDOW` messages wait; it dies with the process, and is silent when the machine is.
 *
 * Invariants: messages are handed over in sequence, each once. `unacknowledged` holds sequence numbers
 * [nextToSend - length, nextToSend). At most WINDOW are on their way; the others wait in `queued`.
 */
class Endpoint implements Connection, Action {
  readonly peer: string;
  readonly id: string;
  private readonly table: Connections;
  state: 'connecting' | 'open' | 'closed' = 'connecting';
  private nextToSend = 0;
  private nextExpected = 0;
  private unacknowledged: Segment[] = [];
  private readonly queued: { readonly segment: (s: number) => Segment; readonly resolve: () => void }[] = [];
  private readonly early = new Map<number, Segment>();
  private waitingInProcess = 0;
  private retransmitAfter = FIRST_RETRANSMISSION;
  private timerAt: Nanos = -1;
  private progressAt: Nanos;
  private messageHandler: ((message: Message) => void | Promise<void>) | undefined;
  private readonly unhandled: Message[] = [];
  private closeHandler: ((error?: Error) => void) | undefined;
  private closedWith: { readonly error?: Error } | undefined;
  private finSent = false;
  onOpen: ((error?: Error) => void) | undefined;

  constructor(table: Connections, peer: string, id: string) {
    this.table = table;
    this.peer = peer;
    this.id = id;
    this.progressAt = table.now();
  }

  // ---- what the program calls ----

  send(message: Message): Promise<void> {
    this.table.port.process.mustRun('connection.send');
    sealMessage(message);
    return this.push((s) => ({ type: 'data', c: this.id, s, m: message }));
  }

  onMessage(handler: (message: Message) => void | Promise<void>): void {
    this.table.port.process.mustRun('connection.onMessage');
    this.messageHandler = handler;
    for (const message of this.unhandled.splice(0)) void handler(message);
  }

  onClose(handler: (error?: Error) => void): void {
    this.table.port.process.mustRun('connection.onClose');
    this.closeHandler = handler;
    if (this.closedWith !== undefined) handler(this.closedWith.error);
  }

  close(): void {
    this.table.port.process.mustRun('connection.close');
    if (this.state === 'closed' || this.finSent) return;
    this.finSent = true;
    void this.push((s) => ({ type: 'fin', c: this.id, s }));
  }

  private push(segment: (s: number) => Segment): Promise<void> {
    if (this.state === 'closed') return Promise.reject(new ConnectionReset(this.peer));
    return new Promise((resolve) => {
      this.table.port.process.emit({
        leave: () => {
          this.queued.push({ segment, resolve });
          this.fill();
        },
      });
    });
  }

  // ---- the kernel's side ----

  begin(segment: Segment): void {
    this.unacknowledged = [segment];
    this.table.transmit(this.peer, segment);
    this.arm();
  }

  opened(): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.unacknowledged = [];
    this.progress();
    this.onOpen?.();
    this.fill();
  }

  accept(segment: Segment): void {
    if (segment.type === 'ack') {
      this.acknowledged(segment.s);
      return;
    }
    if (segment.type !== 'data' && segment.type !== 'fin') return;
    // What does not fit into the window is not acknowledged: it will come again.
    if (segment.s >= this.nextExpected && this.waitingInProcess + this.early.size < WINDOW) {
      this.early.set(segment.s, segment);
    }
    for (
      let next = this.early.get(this.nextExpected);
      next !== undefined;
      next = this.early.get(this.nextExpected)
    ) {
      this.early.delete(this.nextExpected++);
      this.handOver(next);
    }
    this.table.transmit(this.peer, { type: 'ack', c: this.id, s: this.nextExpected });
  }

  private handOver(segment: Segment): void {
    if (segment.type === 'fin') {
      this.closed();
      return;
    }
    const { m: message } = segment as Extract<Segment, { type: 'data' }>;
    this.waitingInProcess++;
    this.table.inProcess(sealMessage(message).size, () => {
      this.waitingInProcess--;
      if (this.messageHandler === undefined) this.unhandled.push(message);
      else void this.messageHandler(message);
    });
  }

  private acknowledged(next: number): void {
    const first = this.nextToSend - this.unacknowledged.length;
    if (this.state !== 'open' || next <= first) return;
    this.unacknowledged.splice(0, next - first);
    this.progress();
    const finished = this.finSent && this.unacknowledged.length === 0 && this.queued.length === 0;
    if (finished) this.closed();
    else this.fill();
  }

  private progress(): void {
    this.progressAt = this.table.now();
    this.retransmitAfter = FIRST_RETRANSMISSION;
  }

  private fill(): void {
    if (this.state !== 'open') return;
    while (this.queued.length > 0 && this.unacknowledged.length < WINDOW) {
      const { segment: make, resolve } = this.queued.shift()!;
      const segment = make(this.nextToSend++);
      this.unacknowledged.push(segment);
      this.table.transmit(this.peer, segment);
      this.table.inProcess(0, resolve);
    }
    this.arm();
  }

  private arm(): void {
    if (this.unacknowledged.length === 0 || this.timerAt > this.table.now()) return;
    this.timerAt = this.table.now() + this.retransmitAfter;
    this.table.timer(this.timerAt, this);
  }

  /** The retransmission timer. */
  fire(): void {
    if (this.state === 'closed' || this.unacknowledged.length === 0 || !this.table.alive) return;
    const silent = this.table.now() - this.progressAt;
    if (silent >= GIVE_UP_AFTER) {
      this.broken(new ConnectionReset(this.peer));
      return;
    }
    if (silent >= this.retransmitAfter) {
      for (const segment of this.unacknowledged) this.table.transmit(this.peer, segment);
      this.retransmitAfter *= 2;
    }
    this.arm();
  }

  broken(error: Error): void {
    if (this.state === 'closed') return;
    if (this.state === 'connecting') this.onOpen?.(error);
    this.closed(error);
  }

  private closed(error?: Error): void {
    if (this.closedWith !== undefined) return;
    this.closedWith = { error };
    const waiting = this.queued.splice(0);
    this.table.inProcess(0, () => {
      this.state = 'closed';
      for (const { resolve } of waiting) resolve();
      this.closeHandler?.(error);
    });
    if (error !== undefined) this.state = 'closed';
  }
}

/** All connections of one incarnation. */
export class Connections {
  readonly port: NetworkPort;
  private readonly endpoints = new Map<string, Endpoint>();
  private opened = 0;
  private listener: ((connection: Connection) => void) | undefined;

  constructor(port: NetworkPort) {
    this.port = port;
  }

  get alive(): boolean {
    const { process } = this.port;
    return process.alive && process.machine.powered && !process.machine.frozen;
  }

  now(): Nanos {
    return this.port.process.machine.kernel.now;
  }

  connect(to: string, timeout: Nanos = CONNECT_TIMEOUT): Promise<Connection> {
    const { process } = this.port;
    const id = `${process.name}/${process.incarnation}/${++this.opened}`;
    return new Promise((resolve, reject) => {
      const endpoint = new Endpoint(this, to, id);
      this.endpoints.set(id, endpoint);
      endpoint.onOpen = (error) =>
        this.inProcess(0, () => (error === undefined ? resolve(endpoint) : reject(error)));
      process.emit({ leave: () => endpoint.begin({ type: 'syn', c: id }) });
      const expire: Action = {
        fire: () => {
          if (endpoint.state === 'connecting') endpoint.broken(new RequestTimeout(to, timeout / 1e6));
        },
      };
      this.timer(process.ownTime() + timeout, expire);
    });
  }

  onConnection(handler: (connection: Connection) => void): void {
    this.listener = handler;
  }

  /** A segment reached this machine's kernel. */
  arrive(packet: Packet): void {
    const segment = packet.message as Segment;
    const from = packet.fabric.nameOf(packet.from);
    const known = this.endpoints.get(segment.c);
    switch (segment.type) {
      case 'syn':
        this.accept(segment, from, known);
        return;
      case 'syn-ack':
        known?.opened();
        return;
      case 'rst':
        known?.broken(known.state === 'connecting' ? new ConnectionRefused(from) : new ConnectionReset(from));
        return;
      default:
        // Of an earlier incarnation, or long closed: the other side must learn that nobody is there.
        if (known === undefined) this.transmit(from, { type: 'rst', c: segment.c });
        else known.accept(segment);
    }
  }

  private accept(segment: Segment, from: string, known: Endpoint | undefined): void {
    const { listener } = this;
    if (listener === undefined) {
      this.transmit(from, { type: 'rst', c: segment.c });
      return;
    }
    if (known === undefined) {
      const endpoint = new Endpoint(this, from, segment.c);
      this.endpoints.set(segment.c, endpoint);
      endpoint.opened();
      this.inProcess(0, () => listener(endpoint));
    }
    this.transmit(from, { type: 'syn-ack', c: segment.c });
  }

  transmit(to: string, segment: Segment): void {
    const { machine } = this.port.process;
    if (!this.alive) return;
    const { hash, size } = sealMessage(segment);
    const { fabric } = machine;
    fabric.transmit(
      new Packet(fabric, machine.index, fabric.indexOf(to), Category.segment, segment, size, hash, 0, 0),
    );
  }

  inProcess(bytes: number, code: () => unknown): void {
    this.port.process.enqueue(new Delivery(bytes, code));
  }

  timer(at: Nanos, action: Action): void {
    const { kernel, index } = this.port.process.machine;
    kernel.schedule(at, EventCode.timer, index, 0, action);
  }

  end(): void {
    this.endpoints.clear();
  }
}

/** What a kernel without a process answers to a segment; undefined if nothing. */
export function resetFor(message: Message): Message | undefined {
  const { type, c } = message as Segment;
  return type === 'rst' ? undefined : { type: 'rst', c };
}
