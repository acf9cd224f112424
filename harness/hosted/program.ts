import { AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import type { Host, Nanos, Native, NativeRuntime } from '../contract/index.ts';
import { AsyncContexts } from './builtins/async-hooks.ts';
import { simulatedConsole } from './builtins/console.ts';
import type { BuiltinContext, InUse, LogLevel, Mount } from './builtins/context.ts';
import { BUILTINS } from './builtins/index.ts';
import { messageChannel } from './builtins/message-channel.ts';
import { simulatedPerformance } from './builtins/performance.ts';
import { EXITED, type SimulatedProcess, simulatedProcess } from './builtins/process.ts';
import { timers } from './builtins/timers.ts';
import { current, noteLeak, type Speaker, setCurrent } from './current.ts';
import { Leak, Refusal } from './leak.ts';
import { guardOuterRealm, guardStacks } from './realm/guards.ts';
import { Modules } from './realm/modules.ts';
import { createRealm, defineLazily, type Realm } from './realm/realm.ts';
import { type ProgramCode, scriptOf } from './realm/script.ts';
import { newPatches } from './realm/shared-state.ts';
import { formatStack } from './realm/stack.ts';
import { watchResources } from './tripwire.ts';

export interface ProgramOptions {
  readonly code: ProgramCode;
  /** `undici`, for `fetch` and its like: loaded when a program first asks for one of them. */
  readonly web: ProgramCode;
  readonly env: { readonly [name: string]: string };
  readonly arguments: readonly string[];
  readonly mount: Mount;
  /** CPU time of loading the program. */
  readonly boot: Nanos;
  /** CPU time of each event, above that of the world's settings. */
  readonly perEvent: Nanos;
  /** Where a place in the bundle comes from, for what people read. */
  readonly places?: (text: string) => string;
}

/** Reading a clock takes this long, so that a loop that waits for the time to pass comes to an end; longer, the longer the loop goes on. */
const CLOCK_READ: Nanos = 200;
const SPIN = 1000;

const nextTick = process.nextTick.bind(process);
const WEB = ['fetch', 'FormData', 'Headers', 'Request', 'Response', 'WebSocket', 'EventSource', 'CloseEvent'];

/**
 * One incarnation of an unmodified Node program: its realm, its builtins, its process; what it throws and what it prints.
 *
 * Invariant: its code runs only between `enter` and `leave`, and what is shared with other hosts speaks for it meanwhile.
 */
export class Program implements NativeRuntime, Speaker {
  readonly host: Host;
  readonly process: SimulatedProcess;
  leak: Leak | undefined;
  troubled = false;
  private readonly options: ProgramOptions;
  private readonly context: BuiltinContext;
  private readonly modules: Modules;
  private readonly realm: Realm;
  private readonly contexts = new AsyncContexts();
  private readonly sockets = new Set<InUse>();
  private readonly startedAt: Nanos;
  private clockReads = 0;
  private starting = true;
  private over = false;

  constructor(host: Host, native: Native, options: ProgramOptions) {
    guardOuterRealm();
    guardStacks(formatStack);
    watchResources();
    this.host = host;
    this.options = options;
    this.startedAt = host.clock.monotonic();
    const sinceStart = (): number => this.sinceStart();
    this.realm = createRealm(
      host.name,
      { wall: () => this.wall(), fraction: () => this.fraction() },
      { queueMicrotask },
    );
    this.context = {
      host,
      native,
      require: (name) => this.modules.load(name),
      Promise: this.realm.Promise,
      later: (delay, callback) => host.after(delay, this.bind(callback)),
      bind: (callback) => this.bind(callback),
      tick: nextTick,
      log: (level, text) => this.log(level, text),
      mount: options.mount,
      sockets: this.sockets,
    };
    this.process = simulatedProcess(this.context, {
      env: options.env,
      argv: ['/usr/bin/node', options.code.file, ...options.arguments],
      cwd: options.mount.root,
      sinceStart,
      exit: (code) => this.exit(code),
    });
    const performance = simulatedPerformance(sinceStart, this.wall());
    const console = simulatedConsole(this.process, sinceStart);
    const clocks = timers(this.context) as { readonly promises: object };
    this.modules = new Modules(this.context, {
      ...BUILTINS,
      process: () => this.process,
      console: () => console,
      timers: () => clocks,
      'timers/promises': () => clocks.promises,
      performance: () => performance,
      module: () => this.modules.module(),
      async_hooks: () => this.contexts.module(),
      random: () => this,
    });
    this.fillGlobals({ ...clocks, promises: undefined, process: this.process, console, performance });
  }

  private fillGlobals(globals: { readonly [name: string]: unknown }): void {
    const { global } = this.realm;
    const all = { ...globals, ...messageChannel(this.context), AbortSignal: this.abortSignal() };
    for (const [name, value] of Object.entries(all)) {
      if (value === undefined) continue;
      Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
    }
    defineLazily(
      global,
      'crypto',
      () => (this.context.require('crypto') as { readonly webcrypto: object }).webcrypto,
    );
    let web: { readonly [name: string]: unknown } | undefined;
    let loading = false;
    for (const name of WEB) {
      if (name in global) continue;
      defineLazily(global, name, () => {
        // While it loads it looks for what there is already.
        if (loading) return undefined;
        loading = true;
        web ??= this.evaluate(this.options.web) as typeof web;
        loading = false;
        return web?.[name];
      });
    }
  }

  /** `AbortSignal` whose `timeout` goes by the host's clock. */
  private abortSignal(): typeof AbortSignal {
    const timeout = (milliseconds: number): AbortSignal => {
      const controller = new AbortController();
      this.context.later(Math.max(0, milliseconds) * 1e6, () =>
        controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      );
      return controller.signal;
    };
    return new Proxy(AbortSignal, {
      get: (target, name) => (name === 'timeout' ? timeout : (Reflect.get(target, name) as unknown)),
    });
  }

  /** Runs the program's code. @returns What it exports; a promise of it if it awaits at its top level. */
  load(): unknown {
    this.host.spend(this.options.boot);
    const { code } = this.options;
    if (!code.esm) return this.evaluate(code);
    const loaded = new Promise((resolve, reject) => {
      queueMicrotask(() => {
        try {
          resolve(this.evaluate(code));
        } catch (error) {
          reject(error);
        }
      });
    });
    // As Node has it, what a module throws is no rejection that somebody forgot.
    loaded.catch((error: unknown) =>
      queueMicrotask(() => {
        throw error;
      }),
    );
    return loaded;
  }

  private evaluate(code: ProgramCode): unknown {
    type Wrapper = (
      this: object,
      exports: object,
      require: unknown,
      module: object,
      file: string,
      folder: string,
      provide: (exports: object) => void,
    ) => unknown;
    const run = scriptOf(code).runInContext(this.realm.global) as Wrapper;
    const module: { exports: object } = { exports: new this.realm.Object() as object };
    const require = Object.assign((id: string) => this.modules.load(id), {
      resolve: (id: string) => id,
      cache: {},
      main: module,
    });
    const folder = code.file.slice(0, code.file.lastIndexOf('/')) || '/';
    const result = run.call(module.exports, module.exports, require, module, code.file, folder, (all) => {
      module.exports = all;
    });
    return code.async ? (result as Promise<unknown>).then(() => module.exports) : module.exports;
  }

  // ---- what the world calls ----

  enter(): void {
    setCurrent(this);
    this.clockReads = 0;
    if (this.options.perEvent > 0) this.host.spend(this.options.perEvent);
  }

  leave(): void {
    if (this.starting) this.tellOfPatches();
    setCurrent(undefined);
    if (this.over) this.letGo();
    this.troubled = false;
    if (this.leak !== undefined) throw this.leak;
  }

  uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): boolean {
    this.troubled = true;
    if (this.over || error === EXITED || error instanceof Leak) return true;
    if (error instanceof Refusal) {
      noteLeak(error.call, error.remedy);
      return true;
    }
    const { process } = this;
    try {
      if (origin === 'unhandledRejection' && process.listenerCount(origin) > 0) {
        process.emit(origin, error, this.realm.Promise.resolve());
        return true;
      }
      process.emit('uncaughtExceptionMonitor', error, origin);
      if (process.listenerCount('uncaughtException') > 0) {
        process.emit('uncaughtException', error, origin);
        return true;
      }
      this.log('uncaught', describe(error));
      process.exitCode = 1;
      process.emit('exit', 1);
    } catch (next) {
      if (next === EXITED) return true;
      this.log('uncaught', describe(next));
    }
    return false;
  }

  /** Packages patch builtins while they load. */
  private tellOfPatches(): void {
    this.starting = false;
    for (const name of newPatches(this.options.code))
      this.log('warn', `${name} of a builtin was changed: all hosts see it until the run is over`);
  }

  /** Tells the process of a signal, as an event of its own. @returns False if the program has no handler for it: it dies of it. */
  signal(name: string): boolean {
    return this.process.emit(name, name);
  }

  // ---- what builtins and guards ask ----

  wall(): number {
    this.readClock();
    return Math.floor(this.host.clock.wall() / 1000);
  }

  sinceStart(): number {
    this.readClock();
    return (this.host.clock.monotonic() - this.startedAt) / 1e6;
  }

  private readClock(): void {
    const reads = ++this.clockReads;
    this.host.spend(CLOCK_READ * Math.max(1, Math.floor(reads / SPIN)));
  }

  cwd(): string {
    return this.options.mount.root;
  }

  fraction(): number {
    const { random } = this.host;
    return ((random.uint32() >>> 5) * 2 ** 26 + (random.uint32() >>> 6)) / 2 ** 53;
  }

  fill(bytes: Uint8Array): void {
    const { random } = this.host;
    for (let at = 0; at < bytes.length; ) {
      let word = random.uint32();
      for (let i = 0; i < 4 && at < bytes.length; i++, word >>>= 8) bytes[at++] = word & 255;
    }
  }

  warn(warning: Error): void {
    this.process.emitWarning(warning);
  }

  private bind<Parameters extends readonly unknown[]>(
    callback: (...parameters: Parameters) => void,
  ): (...parameters: Parameters) => void {
    if (!this.contexts.used) return callback;
    const resource = new AsyncResource('SimulatedEvent');
    return (...parameters) => resource.runInAsyncScope(() => callback(...parameters));
  }

  private log(level: LogLevel, text: string): void {
    if (this.over) return;
    const { places } = this.options;
    this.host.note(level, places === undefined || !text.includes('/app/') ? text : places(text));
  }

  private exit(code: number): void {
    if (this.over) return;
    this.context.native.exit(code);
  }

  ended(): void {
    this.over = true;
    this.contexts.release();
    // In an event of its own a parser may be at work.
    if (current() !== this) this.letGo();
  }

  /** Frees what lies outside of the heap and would keep this realm, and the run with it, for ever. */
  private letGo(): void {
    for (const socket of this.sockets) {
      socket.parser?.close();
      socket.parser = null;
    }
    this.sockets.clear();
  }
}

function describe(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'stack' in error) return String(error.stack);
  return inspect(error);
}
