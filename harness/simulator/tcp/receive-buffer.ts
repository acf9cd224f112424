import { Flag, type StreamPacket } from './packet.ts';
import { BUFFER_BYTES, READ_BYTES } from './timing.ts';

/**
 * What arrived on one side: put in order, and held until the process takes it.
 *
 * Invariant: `unread` are the last bytes before `next`, in order. `edge`, up to which the peer was told that there is room, never goes back.
 */
export class ReceiveBuffer {
  /** The next sequence number expected. */
  next: number;
  private unread: Uint8Array[] = [];
  private firstUnread = 0;
  private unreadBytes = 0;
  private readonly early = new Map<number, StreamPacket>();
  private edge: number;
  /** The end of the stream arrived. */
  ended = false;

  constructor(next: number) {
    this.next = next;
    this.edge = next + BUFFER_BYTES;
  }

  get length(): number {
    return this.unreadBytes;
  }

  get window(): number {
    return BUFFER_BYTES - this.unreadBytes;
  }

  /** What to tell the peer now. */
  advertise(): number {
    const { window } = this;
    this.edge = this.next + window;
    return window;
  }

  /** True if the peer believes that there is much less room than there is. */
  get opened(): boolean {
    return this.next + this.window >= this.edge + BUFFER_BYTES / 2;
  }

  /** @returns Whether the segment was the next one, and nothing is missing: then the acknowledgement can wait. */
  arrived(packet: StreamPacket): boolean {
    const { sequence, end } = packet;
    if (end <= this.next) return false;
    if (sequence > this.next) {
      if (packet.payload.length <= this.next + this.window - sequence) this.early.set(sequence, packet);
      return false;
    }
    if (sequence < this.next) {
      // Bytes that came before, with the end of the stream that was taken along when they were sent again.
      if (packet.flags & Flag.fin && end === this.next + 1) this.takeEnd();
      return false;
    }
    if (packet.payload.length > this.window) return false;
    this.take(packet);
    if (this.early.size === 0) return true;
    for (let next = this.early.get(this.next); next !== undefined; next = this.early.get(this.next))
      this.take(next);
    for (const early of this.early.keys()) if (early < this.next) this.early.delete(early);
    return false;
  }

  private take({ payload, flags }: StreamPacket): void {
    if (payload.length > 0) {
      this.unread.push(payload);
      this.unreadBytes += payload.length;
      this.next += payload.length;
    }
    if (flags & Flag.fin) this.takeEnd();
  }

  private takeEnd(): void {
    this.next++;
    this.ended = true;
  }

  /** Takes out what the process is handed in one call. There must be something. */
  read(): Uint8Array {
    const first = this.unread[this.firstUnread++]!;
    let { length } = first;
    const from = this.firstUnread;
    while (
      this.firstUnread < this.unread.length &&
      length + this.unread[this.firstUnread]!.length <= READ_BYTES
    ) {
      length += this.unread[this.firstUnread++]!.length;
    }
    let bytes = first;
    if (this.firstUnread > from) {
      bytes = new Uint8Array(length);
      bytes.set(first);
      let at = first.length;
      for (let nth = from; nth < this.firstUnread; nth++) {
        bytes.set(this.unread[nth]!, at);
        at += this.unread[nth]!.length;
      }
    }
    this.unreadBytes -= length;
    if (this.firstUnread === this.unread.length) {
      this.unread.length = 0;
      this.firstUnread = 0;
    }
    return bytes;
  }

  discard(): void {
    this.unread = [];
    this.firstUnread = 0;
    this.unreadBytes = 0;
    this.early.clear();
  }
}
