import { type Connection, ConnectionReset, type Message, type Nanos } from '../contract/index.ts';
import type { Connections } from './connection.ts';
import type { Action } from './event-queue.ts';
import { sealMessage } from './seal.ts';
import { type DataSegment, type Segment, WINDOW } from './segment.ts';
import { SendSide } from './send-side.ts';

/** A peer that is silent for this long, though it has something to answer, breaks the connection. */
const GIVE_UP_AFTER: Nanos = 15_000_000_000;
const FIRST_HANDSHAKE: Nanos = 200_000_000;
const LAST_HANDSHAKE: Nanos = 1_000_000_000;

/**
 * One end of a connection, kept by the machine's kernel on behalf of a process: it acknowledges and retransmits while the
 * process is paused, until WINDOW messages wait for it; it dies with the process, and is silent while the machine is.
 *
 * Either side's `close` ends both directions: each side brings over what it queued before, then its end.
 *
 * Invariants: messages are handed over in sequence, each once, as long as the process takes them. The process is told of the end once, after the last message.
 */
export class Endpoint implements Connection, Action {
  readonly peer: string;
  readonly id: string;
  private readonly table: Connections;
  /** `over`: both ends arrived, or the connection broke. */
  state: 'calling' | 'answering' | 'open' | 'over' = 'calling';
  private readonly sending: SendSide;
  /** Sends and an end that have not left the process yet. */
  private leaving = 0;
  private closing = false;
  private nextExpected = 0;
  private readonly early = new Map<number, DataSegment>();
  /** Messages handed over that the process has not taken. */
  private waiting = 0;
  private wasFull = false;
  private peerEnded = false;
  private handshake: Segment | undefined;
  private handshakeFrom: Nanos = 0;
  private handshakes = 0;
  private heardAt: Nanos;
  private timerAt: Nanos = -1;
  private messageHandler: ((message: Message) => void | Promise<void>) | undefined;
  private readonly unhandled: Message[] = [];
  private closeHandler: ((error?: Error) => void) | undefined;
  /** Set when the kernel knows of the end; `announced` when the process may. */
  private end: { readonly error?: Error } | undefined;
  private announced = false;
  private told = false;
  /** Called by the kernel when it is open (or will never be). */
  onOpen: ((error?: Error) => void) | undefined;

  constructor(table: Connections, peer: string, id: string) {
    this.table = table;
    this.peer = peer;
    this.id = id;
    this.sending = new SendSide(id, (segment) => table.transmit(peer, segment));
    this.heardAt = table.now();
  }

  // ---- what the program calls ----

  send(message: Message): Promise<void> {
    this.table.port.process.mustRun('connection.send');
    sealMessage(message);
    if (this.closing || this.sending.ending || this.end !== undefined) return this.refused();
    const room = this.sending.hasRoom(++this.leaving) && this.state === 'open';
    const sent = new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => (error === undefined ? resolve() : reject(error));
      this.table.port.process.emit({
        leave: () => {
          this.leaving--;
          if (this.end !== undefined || this.sending.ending) {
            if (!room) this.table.inProcess(0, () => settle(new ConnectionReset(this.peer)));
            return;
          }
          this.sending.push(
            message,
            this.table.now(),
            room ? undefined : (error) => this.table.inProcess(0, () => settle(error)),
          );
          this.arm();
        },
      });
      if (room) resolve();
    });
    return harmless(sent);
  }

  onMessage(handler: (message: Message) => void | Promise<void>): void {
    this.table.port.process.mustRun('connection.onMessage');
    this.messageHandler = handler;
    for (const message of this.unhandled.splice(0)) {
      this.taken();
      void handler(message);
    }
    this.tell();
  }

  onClose(handler: (error?: Error) => void): void {
    this.table.port.process.mustRun('connection.onClose');
    this.closeHandler = handler;
    this.tell();
  }

  close(): void {
    this.table.port.process.mustRun('connection.close');
    if (this.closing || this.end !== undefined) return;
    this.closing = true;
    this.table.port.process.emit({ leave: () => this.endSending() });
  }

  private refused(): Promise<void> {
    return harmless(Promise.reject(new ConnectionReset(this.peer)));
  }

  // ---- the kernel's side: opening ----

  /** The first word of this side: repeated until it is answered. */
  greet(segment: Segment): void {
    this.handshake = segment;
    this.handshakeFrom = this.table.now();
    this.table.transmit(this.peer, segment);
    this.arm();
  }

  /** The other side accepted. */
  accepted(): void {
    if (this.state === 'calling') this.open();
    if (this.state === 'open') this.acknowledge();
  }

  private open(): void {
    if (this.handshakes === 0) this.sending.measured(this.table.now() - this.handshakeFrom);
    this.state = 'open';
    this.handshake = undefined;
    this.heardAt = this.table.now();
    this.onOpen?.();
  }

  // ---- the kernel's side: open ----

  receive(segment: Segment): void {
    this.heardAt = this.table.now();
    // Word of data before the answer to the call: the network swapped them. Both come again.
    if (this.state === 'calling') return;
    if (this.state === 'answering') {
      if (segment.type === 'syn') {
        this.table.transmit(this.peer, { type: 'syn-ack', c: this.id });
        return;
      }
      this.open();
    }
    if (segment.type === 'ack') {
      if (this.state !== 'open') return;
      this.sending.acknowledged(segment, this.table.now());
      this.settle();
      this.arm();
    } else if (segment.type === 'data' || segment.type === 'fin') {
      this.arrived(segment);
    }
  }

  private arrived(segment: DataSegment): void {
    // What does not fit into the window is not acknowledged: it will come again.
    if (segment.s >= this.nextExpected && segment.s < this.nextExpected + this.room()) {
      this.early.set(segment.s, segment);
    }
    let next = this.early.get(this.nextExpected);
    while (next !== undefined) {
      this.early.delete(this.nextExpected++);
      this.handOver(next);
      next = this.early.get(this.nextExpected);
    }
    this.acknowledge();
    this.settle();
  }

  private room(): number {
    return WINDOW - this.waiting;
  }

  private acknowledge(): void {
    const room = this.room();
    if (room === 0) this.wasFull = true;
    this.table.transmit(this.peer, { type: 'ack', c: this.id, s: this.nextExpected, w: room });
  }

  private handOver(segment: DataSegment): void {
    if (this.peerEnded) return;
    if (segment.type === 'fin') {
      this.peerEnded = true;
      this.early.clear();
      this.endSending();
      return;
    }
    const { m: message } = segment;
    this.waiting++;
    this.table.inProcess(sealMessage(message).size, () => {
      if (this.messageHandler === undefined || this.unhandled.length > 0) {
        this.unhandled.push(message);
        return;
      }
      this.taken();
      void this.messageHandler(message);
    });
  }

  /** Runs inside the process: one place in the window is free again. The peer hears of it when half of it is. */
  private taken(): void {
    this.waiting--;
    if (!this.wasFull || this.waiting > WINDOW / 2) return;
    this.wasFull = false;
    this.table.port.process.emit({ leave: () => this.acknowledge() });
  }

  private endSending(): void {
    if (this.sending.ending || this.end?.error !== undefined) return;
    this.sending.push(undefined, this.table.now());
    this.arm();
  }

  /** The process hears of the end when everything has arrived in both directions; the kernel is done when both ends have. */
  private settle(): void {
    if (!this.peerEnded || this.state === 'over') return;
    if (this.sending.delivered) this.finish();
    if (!this.sending.done) return;
    this.state = 'over';
    this.table.linger(this);
  }

  // ---- the kernel's side: time ----

  private arm(): void {
    if (this.timerAt > this.table.now() || this.state === 'over') return;
    if (this.handshake !== undefined) {
      const patience = Math.min(FIRST_HANDSHAKE * 2 ** this.handshakes, LAST_HANDSHAKE);
      this.timerAt = this.table.now() + patience;
    } else if (this.sending.inFlight) {
      this.timerAt = Math.max(this.sending.due, this.table.now() + 1);
    } else {
      return;
    }
    this.table.timer(this.timerAt, this);
  }

  /** The timer of handshake and retransmission. */
  fire(): void {
    const now = this.table.now();
    if (this.state === 'over' || now < this.timerAt || !this.table.alive) return;
    if (this.table.asleep) {
      this.heardAt = now;
      this.sending.stoodStill(now);
    } else if (this.handshake !== undefined) {
      // A caller has its own patience.
      if (this.state === 'answering' && now - this.handshakeFrom >= GIVE_UP_AFTER) {
        this.broken(new ConnectionReset(this.peer));
        return;
      }
      this.handshakes++;
      this.table.transmit(this.peer, this.handshake);
    } else if (this.sending.inFlight && now >= this.sending.due) {
      if (now - Math.max(this.heardAt, this.sending.since) >= GIVE_UP_AFTER) {
        this.broken(new ConnectionReset(this.peer));
        return;
      }
      this.sending.retransmit(now);
    }
    this.arm();
  }

  // ---- the end ----

  /** A reset came, or the peer is silent for too long, or the call was not answered in time. */
  broken(error: Error): void {
    if (this.state === 'over') return;
    const opening = this.state !== 'open';
    this.state = 'over';
    this.handshake = undefined;
    this.table.forget(this);
    const waiting = this.sending.abandon();
    if (opening) {
      this.onOpen?.(error);
      return;
    }
    for (const settle of waiting) settle(error);
    this.finish(error);
  }

  private finish(error?: Error): void {
    if (this.end !== undefined) return;
    this.end = { error };
    this.table.inProcess(0, () => {
      this.announced = true;
      this.tell();
    });
  }

  /** Tells the process of the end, once; of an orderly one not before it has taken every message. */
  private tell(): void {
    if (!this.announced || this.told || this.closeHandler === undefined) return;
    const error = this.end?.error;
    if (error === undefined && this.unhandled.length > 0) return;
    this.told = true;
    this.closeHandler(error);
  }
}

/** A rejection that nobody looks at is no defect of the program: `onClose` tells of it too. */
function harmless(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
