import type { Host } from './host.ts';
import type { Nanos } from './time.ts';

/**
 * What a host of the live world is besides: a network namespace with an address, a folder, and real processes. Of the rest of `Host` the live
 * world has clock, timers, draws and observations; its network is sockets, its disk the folder.
 */
export interface Machine {
  /** IPv4, of this host. */
  readonly address: string;
  /** IPv4, of another host. @throws RangeError for an unknown one. */
  addressOf(host: string): string;
  /** Absolute path of a folder of this host's own. Outlives the processes, not the run. */
  readonly folder: string;
  /** Writes a file of this host's folder, whole. */
  writeFile(name: string, text: string): void;
  /** Runs a command to its end. Resolves with its standard output. @throws Error naming command, exit code and last output. */
  run(command: readonly string[], options?: RunOptions): Promise<string>;
  /** Starts a server. It ends with the incarnation; its output is kept line by line. An end that nobody asked for is noted as `server-ended`. */
  spawn(name: string, command: readonly string[], options?: SpawnOptions): Server;
}

export interface SpawnOptions {
  /** User to run as; the world's own if absent. Some servers refuse to run as root. */
  readonly user?: string;
  readonly environment?: { readonly [name: string]: string };
}

export interface RunOptions extends SpawnOptions {
  /** 30 s if absent. */
  readonly within?: Nanos;
  readonly input?: string;
}

/** A process that was started on a machine. */
export interface Server {
  /** Calls this for each line of its output from now on, standard output and standard error alike. */
  onLine(handler: (line: string) => void): void;
  /** Resolves with the first line, already printed or yet to come, that matches. @throws Error with its last lines if none comes in time or it ends. */
  line(pattern: RegExp, within: Nanos): Promise<string>;
  /** Rejects, with its last lines, when it ends; settles in no other way. */
  gone(): Promise<never>;
}

/** The machine behind a host. @throws RangeError in a world that has none. */
export function machineOf(host: Host): Machine {
  if (host.live === undefined) throw new RangeError(`expected a host of the live world, got ${host.name}`);
  return host.live;
}
