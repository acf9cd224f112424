import type { Nanos } from './time.ts';

/**
 * A graph: hosts hang from top-of-rack switches. The racks of one *row* are also stacked switch to switch; rows reach each other
 * only through the data centre's redundant cluster switches; data centres are joined by cables between their
 * gateways. A route exists while some path of live switches and links does.
 */
export interface Topology {
  readonly datacenters: readonly Datacenter[];
  readonly cables: readonly Cable[];
}

export interface Datacenter {
  readonly name: string;
  /** Number of redundant cluster switches, named `<dc>/cluster-1` and so on. */
  readonly clusterSwitches: number;
  readonly racks: readonly Rack[];
}

export interface Rack {
  /** Unique in the whole topology. Its switch is `<rack>/switch`. */
  readonly name: string;
  readonly row: string;
  readonly hosts: readonly HostSpec[];
}

export interface HostSpec {
  /** Unique in the whole topology. */
  readonly name: string;
  /** What the system uses it for: `server`, `cache`, `store`, ..., or `client`; on a `spare` machine nothing runs. */
  readonly role: string;
  /** Speed relative to nominal; 1 if absent. */
  readonly speed?: number;
  readonly ecc?: 'off' | 'sec-ded';
  /** Bytes of disk; 64 MiB if absent. */
  readonly diskBytes?: number;
}

export interface Cable {
  readonly name: string;
  readonly between: readonly [datacenter: string, datacenter: string];
  /** One way. */
  readonly latency: Nanos;
}

/** Figures of the machines and links; a plan may change any of them. Latencies one way. */
export interface WorldSettings {
  /** Virtual time advances in multiples of this. 1 unless a very long run is wanted. */
  readonly tick: Nanos;
  /** Latency of one hop between a host and its switch, or between two switches of a data centre. */
  readonly hopLatency: Nanos;
  /** Each message takes a uniform extra delay of up to this. */
  readonly jitter: Nanos;
  /** Share of messages that take a slow path (ten times the latency), as in real networks' tails. */
  readonly slowShare: number;
  /** Share of messages lost without any fault. */
  readonly loss: number;
  /** Bits per second of a host's link; 0: not modelled. */
  readonly linkBitsPerSecond: number;
  /** The transport's own checksum: corrupted packets are dropped when on, delivered altered when off. */
  readonly transportChecksum: boolean;
  /** CPU time of one event (a message, timer or completion entering a process), at nominal speed. */
  readonly cpuPerEvent: Nanos;
  /** CPU time for each kilobyte of a message. */
  readonly cpuPerKilobyte: Nanos;
  /** Events that wait for a busy or paused process at most; later messages are dropped. */
  readonly queueLimit: number;
  readonly diskWriteLatency: Nanos;
  readonly diskSyncLatency: Nanos;
  readonly diskReadLatency: Nanos;
}
