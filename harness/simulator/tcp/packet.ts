import type { Message } from '../../contract/index.ts';
import type { Machine } from '../machine.ts';
import type { NetworkFabric } from '../network.ts';
import { Category, Packet } from '../packet.ts';
import { HEADER_BYTES, PACKET_BYTES } from './timing.ts';

export const Flag = { syn: 1, ack: 2, fin: 4, rst: 8 } as const;

const NOTHING = new Uint8Array(0);

/**
 * Names of the kinds of segments to one service, for draws and traces: what happens to a segment on the way is drawn by its place among those of
 * its kind, and traffic to other services leaves it alone.
 */
interface Kinds {
  readonly syn: Message;
  readonly data: Message;
  readonly ack: Message;
  readonly fin: Message;
  readonly rst: Message;
}

const kinds = new Map<number, Kinds>();

function kindsOf(service: number): Kinds {
  let known = kinds.get(service);
  if (known === undefined) {
    const name = (kind: string): Message => Object.freeze({ type: `tcp ${service} ${kind}` });
    known = {
      syn: name('syn'),
      data: name('data'),
      ack: name('ack'),
      fin: name('fin'),
      rst: name('rst'),
    };
    kinds.set(service, known);
  }
  return known;
}

function kindOf(service: number, flags: number, length: number): Message {
  const names = kindsOf(service);
  if (length > 0) return names.data;
  if (flags & Flag.rst) return names.rst;
  if (flags & Flag.syn) return names.syn;
  return flags & Flag.fin ? names.fin : names.ack;
}

/** Which two ends are connected. */
export interface Pair {
  readonly key: number;
  readonly peer: number;
  readonly localPort: number;
  readonly remotePort: number;
  /** The port of the side that listens. */
  readonly service: number;
}

/** A TCP segment on its way. Sequence numbers do not wrap. */
export class StreamPacket extends Packet {
  readonly fromPort: number;
  readonly toPort: number;
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly window: number;
  /** Never written to, but by the process that it was handed to. */
  payload: Uint8Array;
  /** A bit flipped in the header, which no receiver takes for anything. */
  private headerDamaged = false;
  /** The port of the side that listens. */
  readonly service: number;

  /** @param service Names the kind. @param payloadHash As of `hashBytes`. */
  constructor(
    fabric: NetworkFabric,
    from: number,
    to: number,
    fromPort: number,
    toPort: number,
    service: number,
    flags: number,
    sequence: number,
    acknowledged: number,
    window: number,
    payload: Uint8Array = NOTHING,
    payloadHash = 0,
  ) {
    const { length } = payload;
    let hash = Math.imul(payloadHash ^ sequence, 0x85ebca6b);
    hash = Math.imul((hash << 13) ^ (hash >>> 19) ^ acknowledged, 0xc2b2ae35);
    hash = Math.imul((hash << 15) ^ (hash >>> 17) ^ window ^ (fromPort << 16) ^ toPort, 0x9e3779b1) ^ flags;
    const bytes =
      length <= PACKET_BYTES
        ? length + HEADER_BYTES
        : length + HEADER_BYTES * Math.ceil(length / PACKET_BYTES);
    super(fabric, from, to, Category.stream, kindOf(service, flags, length), bytes, hash, 0, 0);
    this.service = service;
    this.fromPort = fromPort;
    this.toPort = toPort;
    this.flags = flags;
    this.sequence = sequence;
    this.acknowledged = acknowledged;
    this.window = window;
    this.payload = payload;
  }

  /** The first sequence number after this segment. */
  get end(): number {
    const { flags } = this;
    return this.sequence + this.payload.length + (flags & Flag.syn ? 1 : 0) + (flags & Flag.fin ? 1 : 0);
  }

  override get decodable(): boolean {
    return !this.headerDamaged;
  }

  /** Flips bits of header and payload, as they come. */
  override flip(bits: number, draw: (bit: number) => number): void {
    const { length } = this.payload;
    // The sender keeps the bytes to send them again.
    const bytes = new Uint8Array(this.payload);
    for (let bit = 0; bit < bits; bit++) {
      const place = Math.floor(draw(bit * 16) * (HEADER_BYTES + length) * 8);
      const at = (place >> 3) - HEADER_BYTES;
      if (at < 0) this.headerDamaged = true;
      else bytes[at] = bytes[at]! ^ (1 << (place & 7));
    }
    this.flipped += bits;
    this.payload = bytes;
  }

  override toKernel(machine: Machine): boolean {
    machine.streams.receive(this);
    return true;
  }

  override text(): string {
    const { fromPort, toPort, flags, sequence, acknowledged, window, payload } = this;
    const names = Object.entries(Flag).filter(([, flag]) => flags & flag);
    const kind = names.map(([name]) => name).join(' ');
    const content = payload.length === 0 ? '' : ` ${JSON.stringify(Buffer.from(payload).toString('latin1'))}`;
    const place = `${sequence}+${payload.length} ack ${acknowledged} window ${window}`;
    return `tcp ${fromPort} > ${toPort} ${kind} ${place}${content}`;
  }

  override copy(): StreamPacket {
    const copy = new StreamPacket(
      this.fabric,
      this.from,
      this.to,
      this.fromPort,
      this.toPort,
      this.service,
      this.flags,
      this.sequence,
      this.acknowledged,
      this.window,
      this.payload,
    );
    copy.sentAt = this.sentAt;
    copy.flipped = this.flipped;
    copy.headerDamaged = this.headerDamaged;
    return copy;
  }
}

/** Tells contents apart, in words of four bytes. The bytes must start their buffer. */
export function hashBytes(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = length ^ 0x811c9dc5;
  let at = 0;
  if (length >= 32) {
    const words = new Int32Array(bytes.buffer, 0, length >> 2);
    for (let word = 0; word < words.length; word++) {
      hash = Math.imul(hash ^ words[word]!, 0x01000193);
      hash ^= hash >>> 15;
    }
    at = words.length << 2;
  }
  for (; at < length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 16);
}
