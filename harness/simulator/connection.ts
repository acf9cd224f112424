import {
  type Connection,
  ConnectionRefused,
  ConnectionReset,
  type Nanos,
  RequestTimeout,
} from '../contract/index.ts';
import { Endpoint } from './endpoint.ts';
import type { Action } from './event-queue.ts';
import { EventCode } from './kernel.ts';
import type { NetworkPort } from './network-port.ts';
import { Category, Packet } from './packet.ts';
import type { ProcessTask } from './process.ts';
import { sealMessage } from './seal.ts';
import { readSegment, type Segment } from './segment.ts';

const CONNECT_TIMEOUT: Nanos = 3_000_000_000;
/** How long an ended connection is remembered, to acknowledge what the peer repeats: longer than the peer goes on repeating. */
const LINGER: Nanos = 30_000_000_000;

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

/** All connections of one incarnation: the part of the machine's kernel that keeps them. */
export class Connections {
  readonly port: NetworkPort;
  private readonly endpoints = new Map<string, Endpoint>();
  /** In the order in which they are to be forgotten; no timers, so that a run can come to its end before. */
  private readonly lingering: { readonly endpoint: Endpoint; readonly until: Nanos }[] = [];
  private opened = 0;
  private listener: ((connection: Connection) => void) | undefined;

  constructor(port: NetworkPort) {
    this.port = port;
  }

  get alive(): boolean {
    return this.port.process.alive;
  }

  /** The machine stands still, its kernel too. */
  get asleep(): boolean {
    return this.port.process.machine.frozen;
  }

  /** Connections that the kernel knows, open and lingering. */
  get size(): number {
    return this.endpoints.size;
  }

  now(): Nanos {
    return this.port.process.machine.kernel.now;
  }

  /** @throws RangeError for an unknown host or a time-out that is none. */
  connect(to: string, timeout: Nanos = CONNECT_TIMEOUT): Promise<Connection> {
    const { process } = this.port;
    process.machine.fabric.indexOf(to);
    if (!(timeout > 0)) throw new RangeError(`connect: expected a timeout above 0 ns, got ${timeout}`);
    const id = `${process.name}/${process.incarnation}/${++this.opened}`;
    return new Promise((resolve, reject) => {
      const endpoint = new Endpoint(this, to, id);
      endpoint.onOpen = (error) =>
        this.inProcess(0, () => (error === undefined ? resolve(endpoint) : reject(error)));
      process.emit({
        leave: () => {
          if (endpoint.state !== 'calling') return;
          this.endpoints.set(id, endpoint);
          endpoint.greet({ type: 'syn', c: id });
        },
      });
      const expire: Action = {
        fire: () => {
          if (endpoint.state === 'calling') endpoint.broken(new RequestTimeout(to, timeout / 1e6));
        },
      };
      this.timer(process.ownTime() + Math.round(timeout), expire);
    });
  }

  onConnection(handler: (connection: Connection) => void): void {
    this.listener = handler;
  }

  /** A segment reached this machine's kernel. */
  arrive(packet: Packet): void {
    const segment = readSegment(packet.message);
    if (segment === undefined) return;
    this.forgetLingering();
    const from = packet.fabric.nameOf(packet.from);
    const known = this.endpoints.get(segment.c);
    if (segment.type === 'rst') {
      known?.broken(known.state === 'calling' ? new ConnectionRefused(from) : new ConnectionReset(from));
    } else if (segment.type === 'syn' && known === undefined) {
      this.answer(segment, from);
    } else if (known === undefined) {
      // Of an earlier incarnation, or long over: the other side must learn that nobody is there.
      this.transmit(from, { type: 'rst', c: segment.c });
    } else if (segment.type === 'syn-ack') {
      known.accepted();
    } else {
      known.receive(segment);
    }
  }

  private answer(segment: Segment, from: string): void {
    if (this.listener === undefined) {
      this.transmit(from, { type: 'rst', c: segment.c });
      return;
    }
    const endpoint = new Endpoint(this, from, segment.c);
    endpoint.state = 'answering';
    this.endpoints.set(segment.c, endpoint);
    endpoint.onOpen = (error) => {
      if (error === undefined) this.inProcess(0, () => this.listener?.(endpoint));
    };
    endpoint.greet({ type: 'syn-ack', c: segment.c });
  }

  transmit(to: string, segment: Segment): void {
    if (!this.alive || this.asleep) return;
    const { machine } = this.port.process;
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

  forget(endpoint: Endpoint): void {
    this.endpoints.delete(endpoint.id);
  }

  /** Remembers an ended connection for a while. */
  linger(endpoint: Endpoint): void {
    this.forgetLingering();
    this.lingering.push({ endpoint, until: this.now() + LINGER });
  }

  private forgetLingering(): void {
    const now = this.now();
    let past = 0;
    while (past < this.lingering.length && this.lingering[past]!.until <= now) {
      this.forget(this.lingering[past++]!.endpoint);
    }
    if (past > 0) this.lingering.splice(0, past);
  }

  /** The process died and its machine lives: the kernel resets what was open, so that peers learn at once (if the word reaches them). */
  reset(): void {
    for (const { state, peer, id } of this.endpoints.values()) {
      if (state !== 'over') this.transmit(peer, { type: 'rst', c: id });
    }
  }

  end(): void {
    this.endpoints.clear();
    this.lingering.length = 0;
  }
}
