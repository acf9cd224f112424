import type { Message, Nanos, PacketRule, WorldSettings } from '../contract/index.ts';
import type { Graph, Route } from './graph.ts';
import { EventCode, type Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';
import { Category, Packet } from './packet.ts';
import { hashString, mix } from './random.ts';
import { sealMessage } from './seal.ts';
import { resetFor } from './segment.ts';
import type { Addresses } from './tcp/addresses.ts';

/** Purposes of the draws for one packet: each is independent of the others. */
const Draw = { jitter: 1, slow: 2, loss: 3, rule: 16 } as const;
const TWO_32 = 4294967296;
/** Latency of a message that a host sends to itself. */
const LOOPBACK: Nanos = 1_000;
/** Kinds of messages (by their `type`) that are counted apart; more share the last count. */
const KINDS = 512;

/** A packet rule in force on some pairs, with what it did. */
export class Impairment {
  readonly rule: PacketRule;
  readonly pairs: ReadonlySet<number>;
  /** Hash of the rule's figures: not of its place among others, so that a fault more or less leaves the draws of the rest alone. */
  readonly figures: number;
  readonly salt: number;
  met = 0;
  lost = 0;
  delayed = 0;
  duplicated = 0;
  reordered = 0;
  corrupted = 0;

  /** @param twins How many rules of the same figures are in force on some of these pairs already: each draws for itself. */
  constructor(rule: PacketRule, pairs: ReadonlySet<number>, twins: (salt: number) => number) {
    this.rule = rule;
    this.pairs = pairs;
    const { pairs: _, ...figures } = rule;
    const salt = hashString(JSON.stringify(figures));
    this.figures = salt;
    this.salt = (salt + Math.imul(twins(salt), 0x9e3779b1)) | 0;
  }
}

/** Packets dropped on some pairs. */
export class Block {
  readonly pairs: ReadonlySet<number>;
  dropped = 0;
  constructor(pairs: ReadonlySet<number>) {
    this.pairs = pairs;
  }
}

/** Switches or cables that are down: which packets found another way, and which none. */
export class Outage {
  /** True if the route of this pair went through what is down while all was well. */
  readonly onRoute: (from: number, to: number) => boolean;
  dropped = 0;
  rerouted = 0;
  constructor(onRoute: (from: number, to: number) => boolean) {
    this.onRoute = onRoute;
  }
}

/** What is remembered of one pair of hosts. */
class Lane {
  /** Packets sent so far, by kind and category. */
  readonly counts: number[] = [];
  /** The route at this version of the graph. */
  route: Route | undefined;
  version = -1;
}

/**
 * Carries packets: route over what is alive, latency, loss, and the rules in force.
 *
 * What happens to a packet is drawn by (source, destination, kind, how many of these before), not from a common stream: removing an
 * operation or a fault leaves the fate of other packets as it was.
 */
export class NetworkFabric {
  private readonly kernel: Kernel;
  private readonly graph: Graph;
  private readonly settings: WorldSettings;
  private readonly machines: readonly Machine[];
  private readonly seedHash: number;
  private readonly hosts: number;
  private readonly indices = new Map<string, number>();
  /** In the order of their first appearance, which only tells them apart: draws go by the hash. */
  private readonly kinds = new Map<string, number>();
  private readonly kindHashes: number[] = [0];
  /** By source, then destination; made when first used. Of ten thousand hosts few talk to each other: arrays would be nearly empty. */
  private readonly lanes: readonly Map<number, Lane>[];
  /** When the source's link is free again; only where a link's speed is modelled. */
  private readonly linkFree: Float64Array;
  addresses!: Addresses;
  readonly blocks = new Set<Block>();
  readonly impairments = new Set<Impairment>();
  readonly outages = new Set<Outage>();
  /** What left hosts for other hosts so far, lost packets included; copies that the network made are not counted. */
  packetsSent = 0;
  bytesSent = 0;
  /** Called for each packet that is dropped, delivered altered, or delivered; for traces. */
  onFate: ((packet: Packet, fate: string) => void) | undefined;

  constructor(
    kernel: Kernel,
    graph: Graph,
    settings: WorldSettings,
    machines: readonly Machine[],
    seedHash: number,
  ) {
    this.kernel = kernel;
    this.graph = graph;
    this.settings = settings;
    this.machines = machines;
    this.seedHash = seedHash;
    this.hosts = graph.hostNames.length;
    for (const [index, name] of graph.hostNames.entries()) this.indices.set(name, index);
    this.linkFree = new Float64Array(this.hosts);
    this.lanes = graph.hostNames.map(() => new Map());
  }

  nameOf(index: number): string {
    return this.graph.hostNames[index]!;
  }

  /** @throws RangeError for a name that the topology does not hold. */
  indexOf(name: string): number {
    return this.indices.get(name) ?? this.graph.hostIndex(name);
  }

  pairOf(from: string, to: string): number {
    return this.indexOf(from) * this.hosts + this.indexOf(to);
  }

  /** A packet leaves its host. */
  transmit(packet: Packet): void {
    const { kernel, settings } = this;
    packet.sentAt = kernel.now;
    const pair = packet.from * this.hosts + packet.to;
    const kind = this.kindOf(packet.message);
    const lane = this.laneOf(packet.from, packet.to);
    const counter = kind * 8 + packet.category;
    const nth = lane.counts[counter] ?? 0;
    lane.counts[counter] = nth + 1;
    if (packet.from === packet.to) {
      this.travel(packet, LOOPBACK);
      return;
    }
    this.packetsSent++;
    this.bytesSent += packet.bytes;
    if (this.blocks.size > 0 && this.blocked(pair)) {
      this.onFate?.(packet, 'blocked');
      return;
    }
    const route = this.routeOf(lane, packet);
    if (this.outages.size > 0) this.countOutages(packet, route === undefined);
    if (route === undefined) {
      this.onFate?.(packet, 'no route');
      return;
    }
    const label = (this.kindHashes[kind]! + packet.category) ^ Math.imul(nth, 0x9e3779b1);
    let latency = route.hops * settings.hopLatency + route.cableLatency;
    if (settings.slowShare > 0 && this.draw(pair, label, Draw.slow) < settings.slowShare) latency *= 10;
    if (settings.jitter > 0) latency += Math.floor(this.draw(pair, label, Draw.jitter) * settings.jitter);
    if (settings.linkBitsPerSecond > 0) latency += this.queueOnLink(packet);
    if (settings.loss > 0 && this.draw(pair, label, Draw.loss) < settings.loss) {
      this.onFate?.(packet, 'lost');
      return;
    }
    if (this.impairments.size > 0) {
      for (const impairment of this.impairments) {
        if (!impairment.pairs.has(pair)) continue;
        const extra = this.impair(packet, impairment, pair, label, latency);
        if (extra < 0) {
          this.onFate?.(packet, 'lost');
          return;
        }
        latency += extra;
      }
    }
    this.travel(packet, latency);
  }

  /** A packet reaches the machine it was sent to. */
  arrive(packet: Packet): void {
    const machine = this.machines[packet.to]!;
    if (!machine.powered || machine.frozen) {
      machine.lostPackets++;
      this.onFate?.(packet, machine.powered ? 'machine frozen' : 'machine off');
      return;
    }
    if (packet.flipped > 0 && !this.survivesFlips(packet)) {
      this.onFate?.(packet, 'checksum mismatch');
      return;
    }
    if (packet.toKernel(machine)) {
      this.onFate?.(packet, 'delivered');
      return;
    }
    // Before anybody is asked whether a process listens: a copy of what was carried out must not be refused, nor a copy of what was refused carried out.
    if (packet.once !== undefined) {
      if (packet.once.done) return;
      packet.once.done = true;
    }
    const { process } = machine;
    if (process === undefined) {
      this.onFate?.(packet, 'no process');
      if (packet.category === Category.request) this.answerFor(packet, Category.refused);
      else if (packet.category === Category.segment) this.resetFor(packet);
      return;
    }
    if (packet.category === Category.segment) {
      this.onFate?.(packet, 'delivered');
      process.port.segment(packet);
      return;
    }
    if (
      packet.category >= Category.reply &&
      packet.category <= Category.failure &&
      !process.port.awaits(packet)
    ) {
      this.onFate?.(packet, 'nobody waits');
      return;
    }
    this.onFate?.(packet, 'delivered');
    process.enqueue(packet);
  }

  /** The machine's kernel answers without its process. */
  answerFor(packet: Packet, category: number): void {
    this.transmit(
      new Packet(
        this,
        packet.to,
        packet.from,
        category,
        null,
        1,
        category,
        packet.request,
        packet.incarnation,
      ),
    );
  }

  private resetFor(packet: Packet): void {
    const reset = resetFor(packet.message);
    if (reset === undefined) return;
    const { hash, size } = sealMessage(reset);
    this.transmit(new Packet(this, packet.to, packet.from, Category.segment, reset, size, hash, 0, 0));
  }

  private laneOf(from: number, to: number): Lane {
    const lanes = this.lanes[from]!;
    let lane = lanes.get(to);
    if (lane === undefined) {
      lane = new Lane();
      lanes.set(to, lane);
    }
    return lane;
  }

  private routeOf(lane: Lane, packet: Packet): Route | undefined {
    if (lane.version !== this.graph.version) {
      lane.route = this.graph.route(packet.from, packet.to);
      lane.version = this.graph.version;
    }
    return lane.route;
  }

  private travel(packet: Packet, latency: Nanos): void {
    this.kernel.schedule(
      this.kernel.now + latency,
      EventCode.packet,
      packet.to,
      packet.hash ^ packet.from,
      packet,
    );
  }

  /** Uniform in [0, 1), by packet and purpose. */
  private draw(pair: number, label: number, purpose: number): number {
    return mix(this.seedHash, pair, label, purpose) / TWO_32;
  }

  private blocked(pair: number): boolean {
    let dropped = false;
    for (const block of this.blocks) {
      if (!block.pairs.has(pair)) continue;
      block.dropped++;
      dropped = true;
    }
    return dropped;
  }

  private countOutages(packet: Packet, dropped: boolean): void {
    for (const outage of this.outages) {
      if (!outage.onRoute(packet.from, packet.to)) continue;
      if (dropped) outage.dropped++;
      else outage.rerouted++;
    }
  }

  private queueOnLink(packet: Packet): Nanos {
    const { now } = this.kernel;
    const start = Math.max(now, this.linkFree[packet.from]!);
    const end = start + Math.ceil((packet.bytes * 8e9) / this.settings.linkBitsPerSecond);
    this.linkFree[packet.from] = end;
    return end - now;
  }

  /** Extra latency by this rule, or -1 if it loses the packet. */
  private impair(packet: Packet, impairment: Impairment, pair: number, label: number, latency: Nanos): Nanos {
    const { rule, salt } = impairment;
    if (rule.only === 'request' && packet.category !== Category.request) return 0;
    if (rule.only === 'reply' && (packet.category < Category.reply || packet.category > Category.failure))
      return 0;
    impairment.met++;
    const draw = (purpose: number): number => this.draw(pair, label, (salt + Draw.rule + purpose) | 0);
    if (rule.loss && draw(0) < rule.loss) {
      impairment.lost++;
      return -1;
    }
    let extra = 0;
    if (rule.delay) extra += rule.delay;
    if (rule.jitter) extra += Math.floor(draw(1) * rule.jitter);
    if (extra > 0) impairment.delayed++;
    if (rule.reorder && draw(2) < rule.reorder) {
      impairment.reordered++;
      extra += Math.floor(draw(3) * (rule.reorderBy ?? 10 * this.settings.hopLatency));
    }
    if (rule.corrupt && draw(4) < rule.corrupt) {
      impairment.corrupted++;
      packet.flip(rule.corruptBits ?? 1, (bit) => draw(5 + bit));
    }
    if (rule.duplicate && draw(6) < rule.duplicate) {
      impairment.duplicated++;
      const copy = packet.copy();
      if (packet.category >= Category.request && packet.category <= Category.failure) {
        packet.once ??= { done: false };
        copy.once = packet.once;
      }
      this.travel(copy, latency + extra + Math.floor(draw(7) * 20 * this.settings.hopLatency));
    }
    return extra;
  }

  /** False if the transport's checksum, or the impossible form of the message, makes the receiver drop it. */
  private survivesFlips(packet: Packet): boolean {
    return !this.settings.transportChecksum && packet.decodable;
  }

  private kindOf(message: Message): number {
    const type = (message as { type?: unknown } | null)?.type;
    if (typeof type !== 'string') return 0;
    const known = this.kinds.get(type);
    if (known !== undefined) return known;
    const kind = this.kindHashes.length;
    if (kind === KINDS) return KINDS - 1;
    this.kinds.set(type, kind);
    this.kindHashes.push(hashString(type) | 0);
    return kind;
  }
}
