import type { Nanos, SocketEvents, StreamSocket } from '../../contract/index.ts';
import type { Action } from '../event-queue.ts';
import { EventCode } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import type { Process } from '../process.ts';
import { hashString, mix } from '../random.ts';
import { Endpoint } from './endpoint.ts';
import { Flag, type Pair, StreamPacket } from './packet.ts';
import { type Acceptor, Socket } from './socket.ts';
import { BACKLOG, LINGER } from './timing.ts';

/** Linux's range of ports for those who call. */
const FIRST_PORT = 32768;
const LAST_PORT = 60999;
const PORTS = 65536;

export interface Listener extends Acceptor {
  readonly process: Process;
  /** Other hosts are refused. */
  readonly loopback: boolean;
}

/** The streams of one machine: the part of its kernel that knows ports. Its life is the power's: processes come and go. */
export class StreamStack {
  private readonly machine: Machine;
  private readonly listeners = new Map<number, Listener>();
  private readonly endpoints = new Map<number, Endpoint>();
  /** In the order in which they are to be forgotten; no timers, so that a run can come to its end before. */
  private readonly lingering: { readonly endpoint: Endpoint; readonly until: Nanos }[] = [];
  private readonly seedHash: number;
  /** Connections so far: no boot sets it back, so that no old segment fits a new connection. */
  private made = 0;
  private nextPort = 0;

  constructor(machine: Machine) {
    this.machine = machine;
    this.seedHash = hashString(`${machine.seed}/streams/${machine.name}`);
    this.nextPort = this.seedHash % (LAST_PORT - FIRST_PORT + 1);
  }

  get now(): Nanos {
    return this.machine.kernel.now;
  }

  /** The machine stands still, its kernel too. */
  get asleep(): boolean {
    return this.machine.frozen;
  }

  /** Endpoints that the kernel knows, lingering ones included. */
  get size(): number {
    return this.endpoints.size;
  }

  // ---- ports ----

  /** How many wait to be accepted on this port. */
  waiting(port: number): number {
    return this.listeners.get(port)?.waiting.size ?? 0;
  }

  listens(port: number): boolean {
    return this.listeners.has(port);
  }

  listen(
    port: number,
    process: Process,
    accept: (socket: StreamSocket) => SocketEvents,
    loopback: boolean,
  ): Listener {
    const listener: Listener = { process, accept, loopback, waiting: new Set() };
    this.listeners.set(port, listener);
    return listener;
  }

  /** Who waits to be accepted is refused, as on Linux. */
  unlisten(port: number, listener: Listener): void {
    if (this.listeners.get(port) !== listener) return;
    this.listeners.delete(port);
    for (const socket of listener.waiting) socket.orphan();
    listener.waiting.clear();
  }

  /** A port that nobody uses here, each time another one. */
  freePort(): number {
    for (let tries = FIRST_PORT; tries <= LAST_PORT; tries++) {
      const port = FIRST_PORT + (this.nextPort++ % (LAST_PORT - FIRST_PORT + 1));
      if (!this.listeners.has(port)) return port;
    }
    throw new RangeError(
      `every port of ${this.machine.name} from ${FIRST_PORT} to ${LAST_PORT} is listened on`,
    );
  }

  // ---- connections ----

  /** @param events Of the call; it leaves with the event that runs. */
  connect(process: Process, peer: number, port: number, events: SocketEvents): Socket {
    this.forgetLingering();
    const localPort = this.portTo(peer, port);
    const endpoint = this.create(peer, localPort ?? 0, port, port);
    const socket = this.socketOf(process, endpoint);
    socket.call(events);
    if (localPort === undefined) endpoint.unavailable();
    return socket;
  }

  /** A port of which there is no connection to that one; one that lingers may be used anew. Undefined if there is none. */
  private portTo(peer: number, remotePort: number): number | undefined {
    for (let tries = FIRST_PORT; tries <= LAST_PORT; tries++) {
      const port = this.freePort();
      const known = this.endpoints.get(keyOf(peer, port, remotePort));
      if (known === undefined || known.state === 'lingering') return port;
    }
    return undefined;
  }

  private create(peer: number, localPort: number, remotePort: number, service: number): Endpoint {
    const key = keyOf(peer, localPort, remotePort);
    const initial = mix(this.seedHash, ++this.made, peer, remotePort);
    // The port was used before, and its connection lingers.
    this.endpoints.get(key)?.forget();
    const endpoint = new Endpoint(this, { key, peer, localPort, remotePort, service }, initial);
    this.endpoints.set(key, endpoint);
    return endpoint;
  }

  private socketOf(process: Process, endpoint: Endpoint): Socket {
    const { peer, localPort, remotePort } = endpoint.pair;
    const local = { host: this.machine.name, port: localPort };
    const remote = { host: this.machine.fabric.nameOf(peer), port: remotePort };
    return new Socket(process, endpoint, local, remote);
  }

  forget(endpoint: Endpoint): void {
    const { key } = endpoint.pair;
    if (this.endpoints.get(key) === endpoint) this.endpoints.delete(key);
  }

  /** Remembers for a while what is done with, to answer what the peer repeats. */
  linger(endpoint: Endpoint): void {
    this.forgetLingering();
    this.lingering.push({ endpoint, until: this.now + LINGER });
  }

  private forgetLingering(): void {
    const { now, lingering } = this;
    let past = 0;
    while (past < lingering.length && lingering[past]!.until <= now) lingering[past++]!.endpoint.forget();
    if (past > 0) lingering.splice(0, past);
  }

  // ---- segments ----

  receive(packet: StreamPacket): void {
    const endpoint = this.endpoints.get(keyOf(packet.from, packet.toPort, packet.fromPort));
    if (endpoint !== undefined && endpoint.state !== 'new') endpoint.receive(packet);
    else if ((packet.flags & (Flag.syn | Flag.ack)) === Flag.syn) this.called(packet);
    else if ((packet.flags & Flag.rst) === 0) this.refuse(packet);
  }

  private called(packet: StreamPacket): void {
    const listener = this.listeners.get(packet.toPort);
    if (listener === undefined || (listener.loopback && packet.from !== this.machine.index)) {
      this.refuse(packet);
      return;
    }
    // A full backlog answers nothing: the caller tries again.
    if (listener.waiting.size >= BACKLOG) return;
    this.forgetLingering();
    const endpoint = this.create(packet.from, packet.toPort, packet.fromPort, packet.toPort);
    this.socketOf(listener.process, endpoint).awaits(listener);
    endpoint.answer(packet);
  }

  /** Answers a segment that belongs to nothing here. */
  refuse(packet: StreamPacket): void {
    const { from, to, fromPort, toPort, service } = packet;
    const known = packet.flags & Flag.ack;
    this.send(
      new StreamPacket(
        this.machine.fabric,
        to,
        from,
        toPort,
        fromPort,
        service,
        Flag.rst | Flag.ack,
        known ? packet.acknowledged : 0,
        packet.end,
        0,
      ),
    );
  }

  transmit(
    { peer, localPort, remotePort, service }: Pair,
    flags: number,
    sequence: number,
    acknowledged: number,
    window: number,
    payload?: Uint8Array,
    payloadHash?: number,
  ): void {
    const { fabric, index } = this.machine;
    this.send(
      new StreamPacket(
        fabric,
        index,
        peer,
        localPort,
        remotePort,
        service,
        flags,
        sequence,
        acknowledged,
        window,
        payload,
        payloadHash,
      ),
    );
  }

  private send(packet: StreamPacket): void {
    if (this.asleep || !this.machine.powered) return;
    this.machine.fabric.transmit(packet);
  }

  timer(at: Nanos, action: Action): void {
    const { kernel, index } = this.machine;
    kernel.schedule(at, EventCode.timer, index, 0, action);
  }

  // ---- life and death ----

  /** The process died, and its machine lives. */
  release(process: Process): void {
    for (const [port, listener] of this.listeners)
      if (listener.process === process) this.listeners.delete(port);
    for (const { socket } of this.endpoints.values()) socket?.orphan();
  }

  /** The power is gone. */
  clear(): void {
    this.listeners.clear();
    for (const endpoint of this.endpoints.values()) endpoint.forget();
    this.endpoints.clear();
    this.lingering.length = 0;
  }
}

function keyOf(peer: number, localPort: number, remotePort: number): number {
  return (peer * PORTS + localPort) * PORTS + remotePort;
}
