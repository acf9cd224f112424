import type { Json } from '../../histories/index.ts';
import type { Machine } from './machine.ts';
import type { Native } from './native.ts';
import type { Random } from './random.ts';
import type { Nanos } from './time.ts';

/** What travels: immutable plain data. The world freezes it when it is sent, deeply. */
export type Message = Json;

/** A copy of something that several hosts keep. */
export interface Copy {
  /** What it is a copy of. */
  readonly of: string;
  /** How far it has got: copies of the same thing at the same point are equal. Null where copies only become equal in time. */
  readonly at: Json;
  /** Everything that must be equal. */
  readonly state: Json;
}

/**
 * One machine as one incarnation of a process sees it. The only way for system code to reach time, randomness,
 * the network, the disk and memory that can be damaged.
 *
 * **When things take effect.** The world calls into a process (a message, a timer, a completed read ...) one event at a
 * time; all promise continuations that become ready run within the event. The event costs CPU time: the host's price
 * per event and per byte, plus what the code declares by `spend`. What the code does in an event (messages,
 * disk operations, replies) leaves the host at the *end* of that time. If the process is paused within it, the effects
 * leave after the pause; if it dies, they never happen. A process therefore cannot check a clock and act
 * on it atomically, as on a real machine.
 *
 * A process keeps no state outside what its factory made: everything in it dies with the incarnation.
 */
export interface Host {
  readonly name: string;
  /** 1 for the first process on this host, one more after each restart. */
  readonly incarnation: number;
  /** A stream of this host's own, seeded anew for each incarnation. */
  readonly random: Random;
  readonly clock: Clock;
  /** What operators have set on this host; empty if nobody has. The same for the whole incarnation. */
  readonly configuration: Configuration;
  readonly network: Network;
  readonly disk: Disk;
  readonly memory: Memory;
  /** Present in the live world alone. */
  readonly live?: Machine;
  /** What the runtime of an unmodified program builds on. Present in the simulated world alone. */
  readonly native?: Native;

  /** Runs the callback once the delay has passed on the monotonic clock (and the CPU is free). */
  after(delay: Nanos, callback: () => void | Promise<void>): Timer;
  /** Resolves once the delay has passed. */
  sleep(delay: Nanos): Promise<void>;
  /** Declares CPU time used by the current event, at nominal speed. */
  spend(time: Nanos): void;

  /** An assertion about the system's own invariants. A failed one is a violation, recorded with its detail; the process goes on. */
  always(condition: boolean, what: string, detail?: Json): void;
  /** Coverage: records the first time the condition holds on this host. */
  sometimes(condition: boolean, what: string): void;
  /** Records an observation: leadership, a cache hit, bytes moved, ... */
  note(kind: string, data: Json): void;
  /**
   * Says how the copies of data that this process keeps are looked at when the run is over (`checkers/service/agreement.ts`). `look` changes nothing; nobody calls it meanwhile.
   */
  copies(look: () => readonly Copy[]): void;
  /** The process ends itself. It is not restarted by anyone but a nemesis or an operator. */
  exit(reason: string): void;
}

/**
 * Settings of one host, apart from the options of the system, which are those of all hosts. Systems that honour them say so.
 * - `version`: of the program, 1 if absent;
 * - `timeouts`: a factor that all time-outs of the host's own are multiplied with, 1 if absent.
 */
export interface Configuration {
  readonly version?: number;
  readonly timeouts?: number;
}

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Nanoseconds since some past instant of this machine; never goes back, unaffected by clock faults. */
  monotonic(): Nanos;
  /** Microseconds since the Unix epoch as this machine believes; may drift, jump, be wrong. Integer. */
  wall(): number;
}

/**
 * Datagrams, request and reply over them, and connections. Any of them may be lost, delayed, duplicated, reordered or,
 * where the transport's checksum is off, altered.
 */
export interface Network {
  /** Sends and forgets. */
  send(to: string, message: Message): void;
  /** Receives datagrams. At most one handler; a later one replaces it. */
  onMessage(handler: (message: Message, from: string) => void | Promise<void>): void;
  /**
   * Sends a request and waits for its reply.
   * @throws RequestTimeout when none came in time (the request may have been carried out, or still be on its way);
   * ConnectionRefused when the machine is alive but no process listens (certainly not carried out);
   * RemoteError when the handler threw.
   */
  request(to: string, message: Message, options: { readonly timeout: Nanos }): Promise<Message>;
  /** Answers requests: what the handler returns (or its promise resolves to) is the reply. At most one handler. */
  onRequest(handler: (message: Message, from: string) => Message | Promise<Message>): void;
  /**
   * Opens a connection: ordered, retransmitted through short losses, flow-controlled.
   * @throws ConnectionRefused, or RequestTimeout when the other side stays silent.
   */
  connect(to: string, options?: { readonly timeout?: Nanos }): Promise<Connection>;
  onConnection(handler: (connection: Connection) => void): void;
}

export interface Connection {
  readonly peer: string;
  /** Resolves when there is room in the window again; messages arrive in order, each once, or the connection breaks. */
  send(message: Message): Promise<void>;
  onMessage(handler: (message: Message) => void | Promise<void>): void;
  /** Called once: with nothing after an orderly close, with the error after a reset or when retransmission gave up. */
  onClose(handler: (error?: Error) => void): void;
  close(): void;
}

export interface WriteOptions {
  /**
   * True for a write that resolves when the file is on stable storage (as with O_DSYNC): the write and its `sync` in one operation, which
   * takes as long as both. It reaches the page cache at once; until it resolves, a loss of power keeps, loses or tears it. Default: false.
   */
  readonly sync?: boolean;
}

/**
 * Files of bytes behind an operating system's page cache. A write is visible at once to reads on this machine; it
 * survives the death of the *process*, but the death of the *machine* (power) keeps, loses or tears each write that
 * was not synced before. A file's creation, removal and replacement are durable with its `sync`.
 * Every method throws DiskFailure if the disk is destroyed or the place is unreadable.
 */
export interface Disk {
  /** Appends; resolves with the offset at which the bytes stand. @throws DiskFull */
  append(file: string, bytes: Uint8Array, options?: WriteOptions): Promise<number>;
  /** Writes at an offset, extending the file with zeros if need be. @throws DiskFull */
  write(file: string, offset: number, bytes: Uint8Array, options?: WriteOptions): Promise<void>;
  /**
   * Replaces the whole file by renaming a synced temporary over it: after a loss of power, the old or the new content. That it is the new one
   * is certain only after `sync` of the file, or with the option. @throws DiskFull
   */
  replace(file: string, bytes: Uint8Array, options?: WriteOptions): Promise<void>;
  /** Reads up to `length` bytes (default: to the end); a missing file reads as empty. */
  read(file: string, offset?: number, length?: number): Promise<Uint8Array>;
  /** Length in bytes; 0 for a missing file. */
  size(file: string): Promise<number>;
  /** Cuts the file to this length. */
  truncate(file: string, length: number): Promise<void>;
  remove(file: string): Promise<void>;
  /** Names of all files, sorted. */
  list(): Promise<string[]>;
  /** Resolves when everything written to the file before is on stable storage. */
  sync(file: string): Promise<void>;
}

/** Memory that can be damaged. What a system keeps in plain variables is assumed sound. */
export interface Memory {
  /** Allocates zeroed bytes for this incarnation. The name must be new in it. */
  region(name: string, bytes: number): MemoryRegion;
}

/**
 * Bytes under the host's ECC setting. With `off` a flipped bit is read as it is. With `sec-ded`, per 64-bit word, one
 * flipped bit is corrected on access; two are detected: the machine stops with a machine-check and restarts.
 */
export interface MemoryRegion {
  readonly name: string;
  readonly length: number;
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
}
