import type { Nanos } from '../../contract/index.ts';
import { hashBytes } from './packet.ts';
import { BUFFER_BYTES, SEGMENT_BYTES } from './timing.ts';

/** Bytes in the order in which they leave, or the end of the stream. It is never split: acknowledgements fall on its borders. */
export interface OutSegment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly hash: number;
  readonly fin: boolean;
  sentAt: Nanos;
  resent: boolean;
}

const NOTHING = new Uint8Array(0);

/**
 * What one side has yet to bring over: sent and not acknowledged, then not sent.
 *
 * Invariant: `segments` from `first` on cover [una, end) without a gap; those before `unsent` lie in [una, next).
 */
export class SendBuffer {
  private segments: OutSegment[] = [];
  private first = 0;
  private unsent = 0;
  /** The first byte not acknowledged; the first not sent; the first not written. */
  una: number;
  next: number;
  private end: number;
  /** The peer has room for sequence numbers below. */
  limit: number;
  /** The end was queued. */
  ending = false;
  /** Bytes written, not acknowledged. */
  private held = 0;

  constructor(initial: number) {
    this.una = initial;
    this.next = initial;
    this.end = initial;
    this.limit = initial;
  }

  get inFlight(): boolean {
    return this.unsent > this.first;
  }

  get waiting(): boolean {
    return this.unsent < this.segments.length;
  }

  get empty(): boolean {
    return this.first === this.segments.length;
  }

  /** The end has been sent and acknowledged. */
  get ended(): boolean {
    return this.ending && this.empty;
  }

  isFull(more: number): boolean {
    return this.held + more >= BUFFER_BYTES;
  }

  /** Linux calls a socket writable when a third of its buffer is free. */
  isWritable(more: number): boolean {
    return (this.held + more) * 3 <= BUFFER_BYTES * 2;
  }

  /** Takes the pieces over: each at most SEGMENT_BYTES in a buffer of its own. Small neighbours travel together. */
  write(pieces: readonly Uint8Array[]): void {
    for (let from = 0; from < pieces.length; ) {
      let length = pieces[from]!.length;
      let to = from + 1;
      while (to < pieces.length && length + pieces[to]!.length <= SEGMENT_BYTES)
        length += pieces[to++]!.length;
      this.push(to === from + 1 ? pieces[from]! : joined(pieces, from, to, length), false);
      from = to;
    }
  }

  finish(): void {
    this.ending = true;
    this.push(NOTHING, true);
  }

  private push(bytes: Uint8Array, fin: boolean): void {
    const hash = fin ? 0 : hashBytes(bytes);
    this.segments.push({ sequence: this.end, bytes, hash, fin, sentAt: 0, resent: false });
    this.end += fin ? 1 : bytes.length;
    this.held += bytes.length;
  }

  /** The next segment to be sent, if there is one and the peer has room for it. */
  take(now: Nanos): OutSegment | undefined {
    const segment = this.segments[this.unsent];
    if (segment === undefined) return undefined;
    const end = segment.sequence + (segment.fin ? 1 : segment.bytes.length);
    // The end of the stream needs no room.
    if (end > this.limit && !segment.fin) return undefined;
    this.unsent++;
    this.next = end;
    segment.sentAt = now;
    return segment;
  }

  /** The end of the stream leaves together with the last bytes. */
  takeEnd(now: Nanos): boolean {
    const segment = this.segments[this.unsent];
    if (segment?.fin !== true) return false;
    this.unsent++;
    this.next++;
    segment.sentAt = now;
    return true;
  }

  /** The oldest segment in flight, to be sent again. */
  oldest(): OutSegment | undefined {
    return this.inFlight ? this.segments[this.first] : undefined;
  }

  /** True if the end of the stream follows this segment at once and has been sent. */
  endFollows(segment: OutSegment): boolean {
    const at = this.first + 1;
    return this.segments[this.first] === segment && at < this.unsent && this.segments[at]!.fin;
  }

  /** @returns When the newest of what arrived was sent, or -1 if it was sent more than once. */
  acknowledge(upTo: number): Nanos {
    let sentAt: Nanos = -1;
    while (this.first < this.unsent) {
      const segment = this.segments[this.first]!;
      if (segment.sequence >= upTo) break;
      this.first++;
      this.held -= segment.bytes.length;
      sentAt = segment.resent ? -1 : segment.sentAt;
    }
    this.una = upTo;
    if (this.first === this.segments.length) {
      this.segments.length = 0;
      this.first = 0;
      this.unsent = 0;
    } else if (this.first === 64) {
      this.segments.splice(0, 64);
      this.unsent -= 64;
      this.first = 0;
    }
    return sentAt;
  }

  abandon(): void {
    this.segments = [];
    this.first = 0;
    this.unsent = 0;
    this.held = 0;
  }
}

function joined(pieces: readonly Uint8Array[], from: number, to: number, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (let piece = from; piece < to; piece++) {
    whole.set(pieces[piece]!, at);
    at += pieces[piece]!.length;
  }
  return whole;
}
