import type { Address, Nanos, SocketEvents, SocketFailure, StreamSocket } from '../../contract/index.ts';
import type { Effect, Process, ProcessTask } from '../process.ts';
import type { Endpoint } from './endpoint.ts';
import { SEGMENT_BYTES } from './timing.ts';

/** A listening port as the sockets see it that it has yet to accept. */
export interface Acceptor {
  readonly waiting: Set<Socket>;
  accept(socket: StreamSocket): SocketEvents;
}

/**
 * An endpoint as the process holds it. To spare objects it is also the effect of what the process did with it in one event, and the task by which
 * the process hears of it.
 *
 * Invariants: the process hears one thing in each task, as Node's programs hear of each thing with their ticks run in between; after `closed`, `close`
 * and `reset` it hears nothing. At most one effect and one task are on their way.
 */
export class Socket implements StreamSocket, Effect, ProcessTask {
  readonly droppable = false;
  /** What the process was handed in the task that runs. */
  bytes = 0;
  readonly local: Address;
  readonly remote: Address;
  private readonly endpoint: Endpoint;
  private process: Process | undefined;
  private events: SocketEvents | undefined;
  private acceptor: Acceptor | undefined;

  // What the process did in this event.
  private emitted = false;
  private leaving: Uint8Array[] = [];
  private leavingBytes = 0;
  private shut: 'no' | 'end' | 'close' | 'reset' = 'no';

  // What it has heard, and wants to hear.
  private queued = false;
  private paused = false;
  private isOpen = false;
  private toldOpen = false;
  private toldEnd = false;
  private finished = false;
  private wantsRoom = false;
  private hasRoom = false;
  /** It wrote to what is broken: it learns of it even though it does not read. */
  private wroteInVain = false;

  constructor(process: Process, endpoint: Endpoint, local: Address, remote: Address) {
    this.process = process;
    this.endpoint = endpoint;
    this.local = local;
    this.remote = remote;
    endpoint.socket = this;
  }

  // ---- what the program calls ----

  write(bytes: Uint8Array): boolean {
    const { process, endpoint } = this;
    if (process === undefined || this.shut !== 'no') return true;
    process.mustRun('native.sockets: write');
    const { length } = bytes;
    if (length <= SEGMENT_BYTES) {
      if (length > 0) this.leaving.push(new Uint8Array(bytes));
    } else {
      for (let from = 0; from < length; from += SEGMENT_BYTES)
        this.leaving.push(new Uint8Array(bytes.subarray(from, from + SEGMENT_BYTES)));
    }
    this.leavingBytes += length;
    this.act();
    this.wantsRoom = endpoint.sending.isFull(this.leavingBytes);
    return !this.wantsRoom;
  }

  end(): void {
    if (this.shut !== 'no') return;
    this.shutDown('end');
  }

  close(): void {
    this.shutDown('close');
  }

  reset(): void {
    this.shutDown('reset');
  }

  private shutDown(how: 'end' | 'close' | 'reset'): void {
    if (this.process === undefined || this.shut === 'close' || this.shut === 'reset') return;
    this.process.mustRun(`native.sockets: ${how}`);
    this.shut = how;
    if (how !== 'end') this.events = undefined;
    this.act();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused || this.process === undefined) return;
    this.process.mustRun('native.sockets: resume');
    this.paused = false;
    this.tell();
  }

  keepAlive(idle: Nanos): void {
    this.process?.mustRun('native.sockets: keepAlive');
    this.endpoint.keepAlive(idle);
  }

  private act(): void {
    if (this.emitted) return;
    this.emitted = true;
    this.process?.emit(this);
  }

  /** The program calls: what becomes of it these hear. */
  call(events: SocketEvents): void {
    this.events = events;
    this.act();
  }

  // ---- what it did leaves the process ----

  leave(): void {
    const { endpoint } = this;
    this.emitted = false;
    if (endpoint.state === 'new') endpoint.call();
    if (this.leaving.length > 0) {
      endpoint.write(this.leaving);
      this.leaving = [];
      this.leavingBytes = 0;
      if (endpoint.state === 'over') this.wroteInVain = true;
    }
    if (this.shut === 'close' || this.shut === 'reset') {
      this.process = undefined;
      if (this.shut === 'close') endpoint.release();
      else endpoint.abort();
      return;
    }
    if (this.shut === 'end' && !this.finished) {
      this.finished = true;
      endpoint.finish();
    }
    endpoint.push();
    this.tell();
  }

  /** The process died. What it did in its last event never happens; the kernel closes the socket as it closes every file. */
  orphan(): void {
    this.process = undefined;
    this.events = undefined;
    if (this.toldOpen) this.endpoint.release();
    else this.endpoint.abort();
  }

  // ---- what the process hears ----

  /** It is to be accepted, once open. */
  awaits(acceptor: Acceptor): void {
    this.acceptor = acceptor;
    acceptor.waiting.add(this);
  }

  /** It never opened: nobody waits to accept it. */
  dropped(): void {
    this.acceptor?.waiting.delete(this);
  }

  opened(): void {
    this.isOpen = true;
    this.tell();
  }

  /** Bytes were acknowledged. */
  room(): void {
    if (!this.wantsRoom || !this.endpoint.sending.isWritable(this.leavingBytes)) return;
    this.wantsRoom = false;
    this.hasRoom = true;
    this.tell();
  }

  tell(): void {
    if (this.queued || this.process === undefined || !this.hasNews()) return;
    this.queued = true;
    this.process.enqueue(this);
  }

  private hasNews(): boolean {
    const { endpoint } = this;
    if (!this.toldOpen) return this.isOpen || endpoint.failure !== undefined;
    if (this.hasRoom) return true;
    // Who does not read learns nothing of the other direction, not even of its end.
    if (this.paused && !this.wroteInVain) return false;
    const { length, ended } = endpoint.receiving!;
    return length > 0 || (ended && !this.toldEnd) || endpoint.failure !== undefined || this.isDone();
  }

  private isDone(): boolean {
    return this.toldEnd && this.finished;
  }

  run(): void {
    this.queued = false;
    this.bytes = 0;
    // Its own doing may have come between.
    if (this.process === undefined || this.shut === 'close' || this.shut === 'reset') return;
    try {
      this.hear();
    } finally {
      // Whatever the program threw, it may live on.
      this.tell();
    }
  }

  private hear(): void {
    const { endpoint } = this;
    if (!this.toldOpen) {
      this.begin();
      return;
    }
    const { events } = this;
    if (events === undefined) return;
    const receiving = endpoint.receiving!;
    const reads = !this.paused;
    if (reads && receiving.length > 0) {
      const bytes = receiving.read();
      this.bytes = bytes.length;
      endpoint.read();
      events.data(bytes);
    } else if (this.hasRoom) {
      this.hasRoom = false;
      events.drained();
    } else if (reads && receiving.ended && !this.toldEnd) {
      this.toldEnd = true;
      events.ended();
    } else if (endpoint.failure !== undefined && (reads || this.wroteInVain)) {
      this.over(events, endpoint.failure);
    } else if (reads && this.isDone()) {
      this.over(events);
    }
  }

  private begin(): void {
    const { acceptor, endpoint, events } = this;
    this.toldOpen = true;
    if (acceptor !== undefined) {
      acceptor.waiting.delete(this);
      // Nothing of a dead program is kept by a connection that the kernel still remembers.
      this.acceptor = undefined;
      this.events = acceptor.accept(this);
    } else if (events !== undefined) {
      if (this.isOpen) events.opened?.();
      else this.over(events, endpoint.failure);
    }
  }

  private over(events: SocketEvents, failure?: SocketFailure): void {
    this.events = undefined;
    this.process = undefined;
    events.closed(failure);
  }
}
