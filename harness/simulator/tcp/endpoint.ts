import type { Nanos, SocketFailure } from '../../contract/index.ts';
import type { Action } from '../event-queue.ts';
import { Deadlines, NEVER } from './deadlines.ts';
import { Flag, type Pair, type StreamPacket } from './packet.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { type OutSegment, SendBuffer } from './send-buffer.ts';
import type { Socket } from './socket.ts';
import type { StreamStack } from './stack.ts';
import {
  ACK_AT_ONCE,
  BUFFER_BYTES,
  DELAYED_ACK,
  KEEP_ALIVE_INTERVAL,
  KEEP_ALIVE_PROBES,
  RetransmissionTimer,
  retriesIn,
} from './timing.ts';

/**
 * `calling` and `answering` are SYN-SENT and SYN-RECEIVED; `open` is every state from ESTABLISHED to LAST-ACK: which of them follows from who ended
 * what; `lingering` is TIME-WAIT. The kernel has forgotten what is `over`.
 */
type State = 'new' | 'calling' | 'answering' | 'open' | 'lingering' | 'over';

/**
 * One end of a connection (RFC 9293), a part of the machine's kernel: it works on while the process is paused, finishes what the process left when it
 * dies, and is silent while the machine is.
 *
 * Loss is recovered from by NewReno's rules (RFC 6582: three equal acknowledgements, then each partial one) and by timeouts (RFC 6298). Not modelled:
 * congestion windows, Nagle's delay, selective acknowledgements, urgent data, simultaneous opening.
 */
export class Endpoint implements Action {
  readonly pair: Pair;
  private readonly stack: StreamStack;
  state: State = 'new';
  /** What the process holds; undefined when it closed it, or died. */
  socket: Socket | undefined;
  /** Why it broke. */
  failure: SocketFailure | undefined;
  readonly sending: SendBuffer;
  receiving: ReceiveBuffer | undefined;
  private readonly timer = new RetransmissionTimer();
  private duplicateAcks = 0;
  /** After a loss each partial acknowledgement up to here asks for the next segment. */
  private recoverTo = 0;
  private owed = 0;
  private keptAliveAfter: Nanos = 0;
  private probes = 0;
  private heardAt: Nanos = 0;
  private readonly startedAt: Nanos;
  /** The peer ended first, so it is the one to linger. */
  private second = false;
  private readonly due = new Deadlines();

  /** @param initial The sequence number of its SYN. */
  constructor(stack: StreamStack, pair: Pair, initial: number) {
    this.stack = stack;
    this.pair = pair;
    this.sending = new SendBuffer(initial + 1);
    this.startedAt = stack.now;
  }

  // ---- opening ----

  call(): void {
    this.state = 'calling';
    this.greet();
  }

  answer({ end, window }: StreamPacket): void {
    this.state = 'answering';
    this.receiving = new ReceiveBuffer(end);
    this.sending.limit = this.sending.una + window;
    this.greet();
  }

  /** There is nothing to call from. */
  unavailable(): void {
    this.broken('EADDRNOTAVAIL');
  }

  private greet(): void {
    const flags = this.state === 'calling' ? Flag.syn : Flag.syn | Flag.ack;
    this.transmit(flags, this.sending.una - 1);
    this.due.resend = this.stack.now + this.timer.timeout;
    this.arm();
  }

  private opened(): void {
    if (!this.timer.tried) this.timer.measured(this.stack.now - this.startedAt);
    this.timer.progressed();
    this.due.resend = NEVER;
    this.state = 'open';
    this.keepAlive(this.keptAliveAfter);
    this.push();
    this.socket?.opened();
  }

  // ---- what the process did ----

  write(pieces: readonly Uint8Array[]): void {
    if (this.state !== 'over') this.sending.write(pieces);
  }

  /** Ends this direction after what was written. */
  finish(): void {
    if (this.sending.ending || this.state === 'over') return;
    this.sending.finish();
    this.second = this.receiving?.ended ?? false;
  }

  /** The process lets go of it. What was written still leaves; unread bytes, and those that still come, mean a reset (RFC 9293, 3.6.1; Linux). */
  release(): void {
    this.socket = undefined;
    if (this.state === 'over' || this.state === 'lingering') return;
    if (this.state !== 'open' || this.receiving!.length > 0) {
      this.abort();
      return;
    }
    this.finish();
    this.push();
    this.settle();
  }

  abort(): void {
    this.socket = undefined;
    if (this.state === 'over') return;
    if (this.state === 'answering' || this.state === 'open')
      this.transmit(Flag.rst | Flag.ack, this.sending.next);
    this.forget();
  }

  keepAlive(idle: Nanos): void {
    this.keptAliveAfter = idle;
    this.probes = 0;
    this.due.probe = idle > 0 && this.state === 'open' ? this.stack.now + idle : NEVER;
    this.arm();
  }

  /** The process took bytes. */
  read(): void {
    if (this.state === 'open' && this.receiving!.opened) this.acknowledge();
  }

  // ---- segments ----

  receive(packet: StreamPacket): void {
    this.heardAt = this.stack.now;
    this.probes = 0;
    if (!this.sending.inFlight) this.timer.heard();
    if (this.state === 'calling') this.called(packet);
    else if (this.state === 'lingering') this.lingered(packet);
    else this.engaged(packet);
    this.arm();
  }

  private called(packet: StreamPacket): void {
    const { flags } = packet;
    if ((flags & Flag.ack) === 0) return;
    if (packet.acknowledged !== this.sending.una) {
      // The peer remembers a connection that this side does not: half-open.
      if (!(flags & Flag.rst)) this.stack.refuse(packet);
    } else if (flags & Flag.rst) {
      this.broken('ECONNREFUSED');
    } else if (flags & Flag.syn) {
      this.receiving = new ReceiveBuffer(packet.end);
      this.sending.limit = packet.acknowledged + packet.window;
      // What the process wrote meanwhile takes the acknowledgement along.
      this.due.ack = this.stack.now;
      this.opened();
      if (this.due.ack !== NEVER) this.acknowledge();
    }
  }

  private engaged(packet: StreamPacket): void {
    const { flags, sequence } = packet;
    const receiving = this.receiving!;
    if (flags & Flag.rst) {
      // Of an exact place only, lest an old one breaks it (RFC 5961).
      if (sequence === receiving.next) this.broken(this.state === 'answering' ? undefined : 'ECONNRESET');
      else if (sequence > receiving.next) this.acknowledge();
      return;
    }
    if (flags & Flag.syn) {
      if (this.state === 'answering' && sequence === receiving.next - 1) this.greet();
      // Word of what this side believes: a caller that does not, breaks it.
      else this.acknowledge();
      return;
    }
    if (this.state === 'answering') {
      if (packet.acknowledged !== this.sending.una) {
        this.stack.refuse(packet);
        return;
      }
      this.opened();
    }
    this.acknowledged(packet);
    if (this.state !== 'open') return;
    if (packet.end > sequence) this.arrived(packet);
    else if (sequence < receiving.next) this.acknowledge();
  }

  private arrived(packet: StreamPacket): void {
    const receiving = this.receiving!;
    const { length } = packet.payload;
    if (this.socket === undefined && packet.sequence + length > receiving.next) {
      this.abort();
      return;
    }
    const endedBefore = receiving.ended;
    const inOrder = receiving.arrived(packet);
    if (inOrder && !receiving.ended) {
      this.owed += length;
      if (this.owed >= ACK_AT_ONCE) this.acknowledge();
      else this.due.ack = Math.min(this.due.ack, this.stack.now + DELAYED_ACK);
    } else {
      this.acknowledge();
    }
    this.socket?.tell();
    if (receiving.ended && !endedBefore) this.settle();
  }

  private acknowledged(packet: StreamPacket): void {
    const { sending } = this;
    const { acknowledged: upTo } = packet;
    if (upTo > sending.next) {
      this.acknowledge();
      return;
    }
    const limit = upTo + packet.window;
    const more = limit > sending.limit;
    if (more) sending.limit = limit;
    if (upTo > sending.una) {
      const sentAt = sending.acknowledge(upTo);
      if (sentAt >= 0) this.timer.measured(this.stack.now - sentAt);
      this.timer.progressed();
      this.duplicateAcks = 0;
      this.due.resend = NEVER;
      if (upTo < this.recoverTo) this.resend();
      this.socket?.room();
      this.settle();
    } else if (upTo === sending.una && !more && sending.inFlight && packet.end === packet.sequence) {
      if (++this.duplicateAcks === 3 && upTo >= this.recoverTo) {
        this.recoverTo = sending.next;
        this.resend();
      }
    }
    this.push();
  }

  private lingered(packet: StreamPacket): void {
    if (packet.flags & Flag.rst) {
      this.forget();
    } else if (packet.flags & Flag.syn && packet.sequence > this.receiving!.next) {
      // The caller uses its port anew.
      this.forget();
      this.stack.receive(packet);
    } else if (packet.end > packet.sequence) {
      this.acknowledge();
    }
  }

  // ---- sending ----

  /** Sends what there is room for. */
  push(): void {
    const { sending, stack } = this;
    if (this.state !== 'open') return;
    for (let segment = sending.take(stack.now); segment !== undefined; segment = sending.take(stack.now)) {
      this.put(segment, segment.fin || sending.takeEnd(stack.now));
    }
    // What is in flight is watched; a peer without room is asked for some.
    if (this.due.resend === NEVER && (sending.inFlight || sending.waiting)) {
      this.due.resend = stack.now + this.timer.timeout;
      this.arm();
    }
  }

  private put({ sequence, bytes, hash }: OutSegment, fin: boolean): void {
    this.transmit(fin ? Flag.ack | Flag.fin : Flag.ack, sequence, bytes, hash);
  }

  private resend(): void {
    const segment = this.sending.oldest();
    if (segment === undefined) return;
    segment.resent = true;
    this.put(segment, segment.fin || this.sending.endFollows(segment));
  }

  private acknowledge(): void {
    this.transmit(Flag.ack, this.sending.next);
  }

  private transmit(flags: number, sequence: number, payload?: Uint8Array, hash?: number): void {
    const { receiving } = this;
    this.owed = 0;
    this.due.ack = NEVER;
    const window = receiving === undefined ? BUFFER_BYTES : receiving.advertise();
    this.stack.transmit(this.pair, flags, sequence, receiving?.next ?? 0, window, payload, hash);
  }

  // ---- time ----

  private arm(): void {
    if (this.due.isEarlier()) this.stack.timer(this.due.arm(), this);
  }

  fire(): void {
    const { now } = this.stack;
    if (this.state === 'over' || !this.due.fires(now)) return;
    if (now >= this.due.ack) this.acknowledge();
    if (now >= this.due.resend) this.unheard(now);
    if (now >= this.due.probe) this.silent(now);
    this.arm();
  }

  /** Nobody answered in time. */
  private unheard(now: Nanos): void {
    const { sending, timer, state } = this;
    this.due.resend = NEVER;
    if (state === 'new' || state === 'lingering' || state === 'over') return;
    const opening = state !== 'open';
    if (!opening && !sending.inFlight && !sending.waiting) return;
    // Time in which the machine stood still does not count.
    if (!this.stack.asleep) {
      if (!timer.again(retriesIn(state, this.socket === undefined))) {
        this.broken(state === 'answering' ? undefined : 'ETIMEDOUT');
        return;
      }
      if (opening) {
        this.greet();
      } else if (sending.inFlight) {
        this.recoverTo = sending.next;
        this.duplicateAcks = 0;
        this.resend();
      } else {
        this.ask();
      }
    }
    this.due.resend = now + timer.timeout;
  }

  /** An old byte that the peer must answer, with its window. */
  private ask(): void {
    this.transmit(Flag.ack, this.sending.una - 1);
  }

  private silent(now: Nanos): void {
    if (this.stack.asleep) this.heardAt = now;
    const due = this.heardAt + this.keptAliveAfter;
    if (this.state !== 'open' || this.keptAliveAfter === 0) {
      this.due.probe = NEVER;
    } else if (this.sending.inFlight) {
      this.due.probe = now + this.keptAliveAfter;
    } else if (due > now) {
      this.due.probe = due;
    } else if (this.probes === KEEP_ALIVE_PROBES) {
      this.transmit(Flag.rst | Flag.ack, this.sending.next);
      this.broken('ETIMEDOUT');
    } else {
      this.probes++;
      this.ask();
      this.due.probe = now + KEEP_ALIVE_INTERVAL;
    }
  }

  // ---- the end ----

  /** Both directions may be over, or nobody may be left to read the other one. */
  private settle(): void {
    if (this.state !== 'open' || !this.sending.ended) return;
    if (this.receiving!.ended) {
      if (this.second) {
        this.forget();
        return;
      }
      this.state = 'lingering';
      this.due.rest();
      this.stack.linger(this);
    } else if (this.socket === undefined) {
      this.stack.linger(this);
    }
  }

  /** @param failure Undefined if nobody has heard of it yet. */
  private broken(failure: SocketFailure | undefined): void {
    this.failure = failure;
    this.forget();
    if (failure === undefined) this.socket?.dropped();
    else this.socket?.tell();
  }

  /** The kernel remembers nothing of it. */
  forget(): void {
    this.stack.forget(this);
    this.state = 'over';
    this.due.rest();
    this.sending.abandon();
  }
}
