import type { Random } from '../../../harness/contract/index.ts';

export interface Alarm {
  cancel(): void;
}

/** One end of an outgoing connection. */
export interface Link {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** What happens on an outgoing connection; after `closed`, nothing more. */
export interface LinkEvents {
  opened(): void;
  received(bytes: Uint8Array): void;
  closed(): void;
}

/** All that the engine takes from the world around it. */
export interface Environment {
  /** Microseconds since the Unix epoch, integer. */
  now(): number;
  readonly random: Random;
  /** Calls back once, after this many milliseconds. */
  after(milliseconds: number, callback: () => void): Alarm;
  /** Opens a connection to another server. Without it, there is no replication from others. Events come after the call returned. */
  dial?(host: string, port: number, events: LinkEvents): Link;
}
