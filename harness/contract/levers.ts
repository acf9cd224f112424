import type { Json } from '../../histories/index.ts';
import type { Configuration } from './host.ts';
import type { Nanos } from './time.ts';

/** What a world can do to its machines and network. A plan that needs one its world lacks is refused by name. */
export type Lever =
  | 'partition'
  | 'packets'
  | 'packet-loss'
  | 'wire-bits'
  | 'switch'
  | 'cable'
  | 'kill'
  | 'power'
  | 'pause'
  | 'slow'
  | 'clock'
  | 'memory-bits'
  | 'disk-bits'
  | 'disk-sectors'
  | 'disk-full'
  | 'disk-slow'
  | 'disk-destroy'
  | 'disk-sync'
  | 'files'
  | 'configuration'
  | 'load';

/**
 * What a fault did: it changed something (`bit`), it hit and was corrected (`masked`), or nothing met it (`no-effect`).
 * Figures say what: packets dropped, writes lost, milliseconds paused.
 */
export interface Evidence {
  readonly outcome: 'bit' | 'masked' | 'no-effect';
  readonly figures: { readonly [name: string]: Json };
}

/** A hardship in force. `heal` ends it (a second call does nothing); `evidence` may be asked before and after. */
export interface Applied {
  heal(): void | Promise<void>;
  evidence(): Evidence;
}

/** Directed pairs of hosts, by name. */
export type Pairs = readonly (readonly [from: string, to: string])[];

/** What happens to packets on these pairs; absent or 0: nothing. Probabilities 0..1, drawn per packet. */
export interface PacketRule {
  readonly pairs: Pairs;
  /** Only requests, only replies, or (if absent) every packet. */
  readonly only?: 'request' | 'reply';
  readonly loss?: number;
  /** Added to the latency. */
  readonly delay?: Nanos;
  /** Uniform extra delay up to this. */
  readonly jitter?: Nanos;
  readonly duplicate?: number;
  /** Share of packets held back by up to `reorderBy`, so that later ones overtake them. */
  readonly reorder?: number;
  readonly reorderBy?: Nanos;
  /** Share of packets in which `corruptBits` (1 if absent) bits are flipped. */
  readonly corrupt?: number;
  readonly corruptBits?: number;
}

/** What the death of a machine does to each unsynced write: all kept, all lost, all torn, or drawn for each. */
export type UnsyncedWrites = 'keep' | 'lose' | 'tear' | 'draw';

/** Anything that changes what is on a disk; or only that a file is replaced, removed or cut. */
export type DiskChange = 'write' | 'replace';

export interface Levers {
  readonly supported: ReadonlySet<Lever>;
  /** Drops every packet on these pairs. */
  block(pairs: Pairs): Applied;
  impair(rule: PacketRule): Applied;
  switchDown(name: string): Applied;
  cableDown(name: string): Applied;
  /** Ends the process; the machine lives on and refuses connections. Healing starts the process again. */
  kill(host: string): Applied;
  /**
   * As `kill`, in the way of operators: an unmodified program is asked first (SIGTERM), and killed if it still runs after 10 s. What is written against `Host`
   * has no handler for that, and dies at once.
   */
  terminate(host: string): Applied;
  /** Cuts the machine's power; healing powers it on and starts the process. */
  power(host: string, unsynced: UnsyncedWrites): Applied;
  /** Pulls a lever while one of these hosts changes its disk in this way, `within` at the latest. A world that cannot see that pulls it at once. */
  atWrite(hosts: readonly string[], what: DiskChange, within: Nanos, act: () => Applied): Applied;
  /** `process`: the kernel goes on, events wait. `machine`: nothing answers, arriving packets are lost. */
  pause(host: string, what: 'process' | 'machine'): Applied;
  /** The CPU takes `factor` times as long. */
  slow(host: string, factor: number): Applied;
  /** Changes the wall clock: a step (stays after healing if `lasting`), and a drift in parts per million while in force. */
  clock(
    host: string,
    change: { readonly step?: Nanos; readonly driftPpm?: number; readonly lasting?: boolean },
  ): Applied;
  /** Flips `bits` bits in each of `words` (1 if absent) drawn 64-bit words that are in use in memory regions. */
  flipMemory(host: string, bits: number, words?: number): Applied;
  /** Flips bits in a drawn place of a file's stable content; only files whose name contains `file`, if given. */
  flipDisk(host: string, bits: number, file?: string): Applied;
  /** A drawn sector of a file can no longer be read (until it is written again). */
  badSector(host: string, file?: string): Applied;
  /** No space is left, beyond what is used. */
  fillDisk(host: string): Applied;
  slowDisk(host: string, factor: number): Applied;
  /** Every sync fails, with SyncFailure or EIO, and saves nothing; what it was to save stays unsynced, until a later one that succeeds. Healing starts a process that has stopped. */
  failSyncs(host: string): Applied;
  /** All files are gone and stay gone; the machine's process meets DiskFailure until it restarts on an empty disk. Permanent. */
  destroyDisk(host: string): Applied;
  /** Removes files for good: those whose name contains `file`, or all. The process is not told. Permanent. */
  deleteFiles(host: string, file?: string): Applied;
  /**
   * Changes settings of this host (`Host.configuration`) from its next process on; the one that runs keeps its own. Healing takes the change back, unless it
   * is to stay (`lasting`).
   */
  configure(host: string, change: Configuration, options?: { readonly lasting?: boolean }): Applied;
  /** Meaningless requests arrive and each costs CPU time. */
  load(host: string, requests: { readonly perSecond: number; readonly cost: Nanos }): Applied;
}
