import type { Message, Nanos } from '../contract/index.ts';
import { type AckSegment, type DataSegment, WINDOW } from './segment.ts';

const FIRST_RETRANSMISSION: Nanos = 200_000_000;
/** Retransmission backs off by doubling, up to this. */
const LAST_RETRANSMISSION: Nanos = 1_000_000_000;

/** Handed to `send` by the process; `settle` is told whether it is on its way (undefined) or never will be. */
interface Outgoing {
  readonly message: Message | undefined;
  readonly settle: ((error?: Error) => void) | undefined;
}

/**
 * What one side of a connection has yet to bring over: in flight (sent, not acknowledged), and queued behind the window.
 *
 * Invariant: in flight are the sequence numbers [next - flight.length, next), at most WINDOW. None is beyond the peer's limit, but for one
 * that probes a full window, so that its opening is noticed even if the peer's word of it is lost.
 */
export class SendSide {
  private readonly connection: string;
  private readonly transmit: (segment: DataSegment) => void;
  private next = 0;
  private flight: DataSegment[] = [];
  private queue: Outgoing[] = [];
  /** The peer has room for the sequence numbers below. */
  private limit = WINDOW;
  private first: Nanos = FIRST_RETRANSMISSION;
  private patience: Nanos = FIRST_RETRANSMISSION;
  /** When what is in flight was sent last, or got on. */
  private sentAt: Nanos = 0;
  /** Since when something has been in flight without a break. */
  since: Nanos = 0;
  /** The end is queued: nothing comes after it. */
  ending = false;

  constructor(connection: string, transmit: (segment: DataSegment) => void) {
    this.connection = connection;
    this.transmit = transmit;
  }

  get inFlight(): boolean {
    return this.flight.length > 0;
  }

  /** Everything arrived, the end too, if there is one. */
  get done(): boolean {
    return this.flight.length === 0 && this.queue.length === 0;
  }

  /** Every message arrived; the end of the connection may still be on its way. */
  get delivered(): boolean {
    return this.flight.length + this.queue.length <= (this.ending ? 1 : 0);
  }

  /** Whether so many more messages go out at once. */
  hasRoom(more: number): boolean {
    const after = this.next + this.queue.length + more;
    return after <= this.limit && after - (this.next - this.flight.length) <= WINDOW;
  }

  /** Patience for a peer that is so far away. */
  measured(roundTrip: Nanos): void {
    this.first = Math.max(FIRST_RETRANSMISSION, 2 * roundTrip);
    this.patience = this.first;
  }

  /** @param message undefined for the end. */
  push(message: Message | undefined, now: Nanos, settle?: (error?: Error) => void): void {
    if (message === undefined) this.ending = true;
    this.queue.push({ message, settle });
    this.fill(now);
  }

  /** Sends what fits into the window. */
  fill(now: Nanos): void {
    let taken = 0;
    while (taken < this.queue.length && this.flight.length < WINDOW) {
      if (this.next >= this.limit && this.flight.length > 0) break;
      const { message, settle } = this.queue[taken++]!;
      if (this.flight.length === 0) {
        this.since = now;
        this.sentAt = now;
      }
      const segment: DataSegment =
        message === undefined
          ? { type: 'fin', c: this.connection, s: this.next }
          : { type: 'data', c: this.connection, s: this.next, m: message };
      this.next++;
      this.flight.push(segment);
      this.transmit(segment);
      settle?.();
    }
    if (taken > 0) this.queue.splice(0, taken);
  }

  acknowledged({ s, w }: AckSegment, now: Nanos): void {
    // Nobody acknowledges what was never sent; flipped bits may say so.
    if (s > this.next) return;
    const arrived = s - (this.next - this.flight.length);
    const limitBefore = this.limit;
    this.limit = Math.max(this.limit, s + w);
    if (arrived > 0) {
      this.flight.splice(0, arrived);
      this.patience = this.first;
      this.sentAt = now;
    }
    if (this.limit > limitBefore) {
      // The probe that met a full window fits now.
      for (const segment of this.flight) if (segment.s >= limitBefore) this.transmit(segment);
    }
    this.fill(now);
  }

  /** When what is in flight is sent again, unless it gets on before. */
  get due(): Nanos {
    return this.sentAt + this.patience;
  }

  retransmit(now: Nanos): void {
    for (const segment of this.flight) this.transmit(segment);
    this.sentAt = now;
    this.patience = Math.min(this.patience * 2, Math.max(this.first, LAST_RETRANSMISSION));
  }

  /** Time in which the machine stood still does not count. */
  stoodStill(now: Nanos): void {
    this.sentAt = now;
    this.since = now;
  }

  /** Nothing of it will ever arrive. @returns Those who wait to be told. */
  abandon(): ((error: Error) => void)[] {
    const waiting = this.queue.flatMap(({ settle }) => (settle === undefined ? [] : [settle]));
    this.queue = [];
    this.flight = [];
    return waiting;
  }
}
