import { decode, encode, type HostError, type Message, type Nanos } from '../contract/index.ts';
import type { Action } from './event-queue.ts';
import type { Machine } from './machine.ts';
import type { NetworkFabric } from './network.ts';
import type { Effect, Process, ProcessTask } from './process.ts';
import { sealMessage } from './seal.ts';

/** What a packet is to the kernels of the two machines. */
export const Category = {
  datagram: 0,
  request: 1,
  reply: 2,
  /** The machine lives, but no process listens. */
  refused: 3,
  /** The handler of a request threw. */
  failure: 4,
  /** Part of a connection. */
  segment: 5,
  /** Part of a connection that carries bytes. */
  stream: 6,
} as const;

export const CATEGORY_NAMES: readonly string[] = Object.keys(Category);

/**
 * One message on its way: an effect while it waits to leave its host, an event while it travels, a task when it has arrived.
 */
export class Packet implements Effect, Action, ProcessTask {
  readonly fabric: NetworkFabric;
  readonly from: number;
  readonly to: number;
  readonly category: number;
  /** Frozen, unless altered on the way. */
  message: Message;
  readonly bytes: number;
  readonly hash: number;
  /** For requests and what answers them: which request of which incarnation of the asking process. */
  readonly request: number;
  readonly incarnation: number;
  /** Shared by the copies of a duplicated packet that must arrive once: requests and what answers them. */
  once: { done: boolean } | undefined;
  /** Bits that flipped on the way. */
  flipped = 0;
  sentAt: Nanos = 0;

  constructor(
    fabric: NetworkFabric,
    from: number,
    to: number,
    category: number,
    message: Message,
    bytes: number,
    hash: number,
    request: number,
    incarnation: number,
  ) {
    this.fabric = fabric;
    this.from = from;
    this.to = to;
    this.category = category;
    this.message = message;
    this.bytes = bytes;
    this.hash = hash;
    this.request = request;
    this.incarnation = incarnation;
  }

  get droppable(): boolean {
    return true;
  }

  leave(): void {
    this.fabric.transmit(this);
  }

  fire(): void {
    this.fabric.arrive(this);
  }

  run(process: Process): void {
    process.port.receive(this);
  }

  /** False if so many bits flipped that no receiver takes it for anything. */
  get decodable(): boolean {
    return this.message !== UNDECODABLE;
  }

  /** Flips bits in the canonical encoding of the message. */
  flip(bits: number, draw: (bit: number) => number): void {
    if (!this.decodable) return;
    const bytes = encode(this.message);
    for (let bit = 0; bit < bits; bit++) {
      const place = Math.floor(draw(bit * 16) * bytes.length * 8);
      bytes[place >> 3] = bytes[place >> 3]! ^ (1 << (place & 7));
    }
    this.flipped += bits;
    this.message = damaged(bytes);
  }

  /** Whether the machine's kernel takes it, with or without a process. */
  toKernel(_machine: Machine): boolean {
    return false;
  }

  /** For people. */
  text(): string {
    return JSON.stringify(this.message) ?? '';
  }

  copy(): Packet {
    const copy = new Packet(
      this.fabric,
      this.from,
      this.to,
      this.category,
      this.message,
      this.bytes,
      this.hash,
      this.request,
      this.incarnation,
    );
    copy.sentAt = this.sentAt;
    copy.flipped = this.flipped;
    return copy;
  }
}

const UNDECODABLE: Message = Object.freeze({ undecodable: true });

function damaged(bytes: Uint8Array): Message {
  try {
    const message = decode(bytes);
    sealMessage(message);
    return message;
  } catch (error) {
    if ((error as HostError).code === 'undecodable') return UNDECODABLE;
    throw error;
  }
}
