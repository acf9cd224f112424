import type { Nanos } from './time.ts';

/**
 * What the runtime of an unmodified program needs of its machine beyond what systems written against `Host` do: what an operating system gives
 * a process. The simulated world alone has it.
 *
 * Callbacks run as events of the process, like all its code: they wait while it is paused, never come after its death, and what the code does in
 * them leaves at the end of the event's CPU time.
 */
export interface Native {
  readonly sockets: Sockets;
  readonly files: Files;
  /** Says that a runtime with globals of its own runs here. From the next event on the world calls it around and about the program's code. */
  host(runtime: NativeRuntime): void;
  /** The process ends itself with this code. Its supervisor starts it again after a second, whatever the code is: a service is meant to run. */
  exit(code: number): void;
}

/** How the world speaks to the runtime of an unmodified program. */
export interface NativeRuntime {
  /** Before each event of this process: from here on whatever is shared with other hosts speaks for this one. */
  enter(): void;
  /** After it, when all ticks and microtasks have run. */
  leave(): void;
  /** An exception or rejection that nobody caught; also one that was on its way when the process ended. @returns True if the program took it and lives on; otherwise the process dies of it. */
  uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): boolean;
  /** The operating system's polite request, as an event of the process. @returns False if the program does not handle it: then it dies of it. */
  signal(name: 'SIGTERM'): boolean;
  /** The process is over, by whatever cause: nothing of it runs any more. */
  ended(): void;
}

/** Why a socket is over. Codes and meaning are POSIX's. */
export type SocketFailure =
  | 'EADDRNOTAVAIL'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'ETIMEDOUT'
  | 'EHOSTUNREACH'
  | 'EPIPE';

/**
 * Byte streams as TCP makes them (RFC 9293), kept by the machine's kernel on behalf of the process: ordered, windowed, retransmitted through
 * short losses; acknowledged while the process is paused, until the receive buffer is full; reset when the process dies, silent when the machine does;
 * half-open after a partition until somebody sends or keep-alive asks.
 */
export interface Sockets {
  /** IPv4 address of a host of the topology; undefined for an unknown name. */
  addressOf(host: string): string | undefined;
  /** The host with this IPv4 address; the own one for 127.0.0.0/8. */
  hostAt(address: string): string | undefined;
  /** The host of this name, or all hosts of this role, in the order of the topology. */
  hostsOf(name: string): readonly string[];
  /**
   * Takes connections to this port; port 0 takes a free one above 32767. @throws AddressInUse if the process listens there already.
   * `accept` is given the socket when the handshake is done, and returns what hears of it.
   */
  listen(port: number, accept: (socket: StreamSocket) => SocketEvents, options?: ListenOptions): Listening;
  /** Calls another host, by name. Its outcome is told by `opened` or `closed`. @throws RangeError for an unknown host. */
  connect(host: string, port: number, events: SocketEvents): StreamSocket;
}

export interface ListenOptions {
  /** Other hosts are refused. Default: false. */
  readonly loopback?: boolean;
}

export interface Listening {
  readonly port: number;
  /** Accepts nobody any more; accepted connections go on. */
  close(): void;
}

/** What a process hears of one socket, in this order: `opened` (of a call only), data and `drained`, `ended`, `closed`. */
export interface SocketEvents {
  opened?(): void;
  /** The bytes are the receiver's own. */
  data(bytes: Uint8Array): void;
  /** The peer sends nothing more (FIN). One may still send. */
  ended(): void;
  /** There is room in the send buffer again, after `write` returned false. */
  drained(): void;
  /** Once; nothing comes after it. Without a failure when both directions ended in order. */
  closed(failure?: SocketFailure): void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One end of a connection. */
export interface StreamSocket {
  readonly local: Address;
  readonly remote: Address;
  /** Takes all bytes (copies them). @returns False when the send buffer is now full: wait for `drained`. Ignored when the socket is over or ended. */
  write(bytes: Uint8Array): boolean;
  /** Ends this direction after what was written (FIN). */
  end(): void;
  /** Ends both directions; what is written still leaves, what still arrives is answered by a reset. `closed` is not told any more. */
  close(): void;
  /** Breaks the connection at once (RST). `closed` is not told any more. */
  reset(): void;
  /** Stops taking bytes: the receive buffer fills, then the peer stops. */
  pause(): void;
  resume(): void;
  /** Asks a silent peer from time to time whether it is there, after this long without a word; 0 for never, as at first. */
  keepAlive(idle: Nanos): void;
}

/**
 * The machine's files, by calls that block the process: each takes the disk's latency as time of the process, but for names and sizes, which are in memory. Semantics and errors are those of `Disk`: a write is visible at
 * once and survives the process; the loss of power keeps, loses or tears what was not synced. Names are absolute paths; there are no folders.
 */
export interface Files {
  exists(file: string): boolean;
  size(file: string): number;
  read(file: string, offset?: number, length?: number): Uint8Array;
  write(file: string, offset: number, bytes: Uint8Array): void;
  append(file: string, bytes: Uint8Array): number;
  truncate(file: string, length: number): void;
  /** Renames, replacing what has that name: after a loss of power the old or the new, never neither. Durable with `sync` of the new name. */
  rename(from: string, to: string): void;
  remove(file: string): void;
  sync(file: string): void;
  /** Names of all files, sorted. */
  list(): string[];
  /** Whether the name of some file begins so. */
  some(prefix: string): boolean;
}
