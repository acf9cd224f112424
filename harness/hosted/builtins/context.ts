import type { Host, Nanos, Native, Timer } from '../../contract/index.ts';

/** Files of the user's project, read only: what a program finds beside its own code (`__dirname`). Names are absolute paths of the simulated machine. */
export interface Mount {
  /** The folder on the simulated machine under which the project is seen. */
  readonly root: string;
  /** Undefined where there is no such file. */
  read(file: string): Uint8Array | undefined;
  /** Names in this folder, sorted; undefined where there is no such folder. */
  list(folder: string): readonly { readonly name: string; readonly folder: boolean }[] | undefined;
}

/** What a program writes to its standard output or standard error, or what is said about it. */
export type LogLevel = 'out' | 'err' | 'warn' | 'uncaught';

/**
 * What a builtin module (`net`, `fs`, ...) is made from, anew for each incarnation of a program. All that it does goes through these: a builtin
 * has no timers, clocks, randomness or promises of the process around.
 */
export interface BuiltinContext {
  readonly host: Host;
  readonly native: Native;
  /** Another builtin of this incarnation, by its name without `node:`. */
  require(name: string): unknown;
  /** The program's own Promise: what it awaits shall be of its own realm. */
  readonly Promise: PromiseConstructor;
  /** Runs the callback as an event of its own after this delay, in the async context (AsyncLocalStorage) of now. */
  later(delay: Nanos, callback: () => void): Timer;
  /** The callback, to be called in the async context of now, whoever calls it. */
  bind<Parameters extends readonly unknown[]>(
    callback: (...parameters: Parameters) => void,
  ): (...parameters: Parameters) => void;
  /** Ends the current event's synchronous part as Node does: `process.nextTick`. */
  tick(callback: () => void): void;
  /** Into the run's log, a line at a time, with host and virtual time. */
  log(level: LogLevel, text: string): void;
  readonly mount: Mount;
  /** Sockets in use. Node's parsers of HTTP hold them from outside of the heap, so whoever ends the process lets go of these. */
  readonly sockets: Set<InUse>;
}

/** A socket as Node's `http` sees it. */
export interface InUse {
  parser?: { close(): void } | null;
}

/** Makes the object that `require` of this builtin gives. */
export type Builtin = (context: BuiltinContext) => object;
