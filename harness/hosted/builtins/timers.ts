import { promisify } from 'node:util';
import { MILLISECOND, type Timer } from '../../contract/index.ts';
import { invalidArgument } from './coded-error.ts';
import type { BuiltinContext } from './context.ts';

type Callback = (...parameters: unknown[]) => void;

const LONGEST = 2 ** 31 - 1;

/** Whether a program may end before it has come: only told, since no program of a simulated host ends for want of work. */
class Referenced {
  #referenced = true;
  ref(): this {
    this.#referenced = true;
    return this;
  }
  unref(): this {
    this.#referenced = false;
    return this;
  }
  hasRef(): boolean {
    return this.#referenced;
  }
}

/** What `setTimeout` and `setInterval` return, as Node's: refreshable, and a number where one is wanted. */
class Timeout extends Referenced {
  readonly #timers: Timers;
  readonly #id: number;
  readonly #callback: Callback;
  readonly #parameters: readonly unknown[];
  readonly #delay: number;
  readonly #repeats: boolean;
  /** When it is due; an event that comes earlier, because of a refresh, only waits on. */
  #due = 0;
  #event: Timer | undefined;

  constructor(
    timers: Timers,
    id: number,
    callback: Callback,
    milliseconds: unknown,
    parameters: unknown[],
    repeats: boolean,
  ) {
    super();
    const delay = Number(milliseconds);
    this.#timers = timers;
    this.#id = id;
    this.#delay = (delay >= 1 && delay <= LONGEST ? Math.trunc(delay) : 1) * MILLISECOND;
    this.#callback = timers.context.bind(callback);
    this.#parameters = parameters;
    this.#repeats = repeats;
    this.#arm();
  }

  #arm(): void {
    const { host } = this.#timers.context;
    this.#due = host.clock.monotonic() + this.#delay;
    this.#event = host.after(this.#delay, () => this.#fire());
  }

  #fire(): void {
    const { host } = this.#timers.context;
    const early = this.#due - host.clock.monotonic();
    if (early > 0) {
      this.#event = host.after(early, () => this.#fire());
      return;
    }
    this.#event = undefined;
    if (this.#repeats) this.#arm();
    else this.#timers.active.delete(this.#id);
    this.#callback(...this.#parameters);
  }

  clear(): void {
    this.#event?.cancel();
    this.#event = undefined;
    this.#timers.active.delete(this.#id);
  }

  refresh(): this {
    if (this.#event === undefined) {
      this.#timers.active.set(this.#id, this);
      this.#arm();
    } else this.#due = this.#timers.context.host.clock.monotonic() + this.#delay;
    return this;
  }
  close(): this {
    this.clear();
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.#id;
  }
}
// Node has these where the language has `using`.
for (const name of ['dispose'] as const) {
  const symbol = (Symbol as unknown as { readonly [name: string]: symbol | undefined })[name];
  if (symbol !== undefined)
    Object.defineProperty(Timeout.prototype, symbol, { value: Timeout.prototype.clear, configurable: true });
}

class Immediate extends Referenced {
  readonly #event: Timer;
  constructor(event: Timer) {
    super();
    this.#event = event;
  }
  clear(): void {
    this.#event.cancel();
  }
}

/** The timers of one incarnation. */
class Timers {
  readonly context: BuiltinContext;
  readonly active = new Map<number, Timeout>();
  private last = 0;

  constructor(context: BuiltinContext) {
    this.context = context;
  }

  timeout(callback: unknown, milliseconds: unknown, parameters: unknown[], repeats: boolean): Timeout {
    if (typeof callback !== 'function') throw invalidArgument('callback', 'of type function', callback);
    const id = ++this.last;
    const timeout = new Timeout(this, id, callback as Callback, milliseconds, parameters, repeats);
    this.active.set(id, timeout);
    return timeout;
  }

  immediate(callback: unknown, parameters: unknown[]): Immediate {
    if (typeof callback !== 'function') throw invalidArgument('callback', 'of type function', callback);
    const bound = this.context.bind(callback as Callback);
    return new Immediate(this.context.host.after(0, () => bound(...parameters)));
  }

  clear(timer: unknown): void {
    if (timer instanceof Timeout || timer instanceof Immediate) timer.clear();
    else if (typeof timer === 'number' || typeof timer === 'string') this.active.get(Number(timer))?.clear();
  }
}

interface WaitOptions {
  readonly signal?: AbortSignal;
}

/** `timers`, and the globals of these names; `promises` is `timers/promises`. */
export function timers(context: BuiltinContext): object {
  const own = new Timers(context);
  const setTimeout = (callback: unknown, delay?: unknown, ...parameters: unknown[]): Timeout =>
    own.timeout(callback, delay, parameters, false);
  const setInterval = (callback: unknown, delay?: unknown, ...parameters: unknown[]): Timeout =>
    own.timeout(callback, delay, parameters, true);
  const setImmediate = (callback: unknown, ...parameters: unknown[]): Immediate =>
    own.immediate(callback, parameters);
  const clear = (timer?: unknown): void => own.clear(timer);

  /** Resolves when `arm` calls back, rejects when the signal says so before. */
  const wait = <T>(
    arm: (done: () => void) => Timeout | Immediate,
    value: T,
    { signal }: WaitOptions = {},
  ): Promise<T> =>
    new context.Promise((resolve, reject) => {
      const aborted = (): unknown =>
        Object.assign(new Error('The operation was aborted'), {
          name: 'AbortError',
          code: 'ABORT_ERR',
          cause: signal?.reason as unknown,
        });
      if (signal?.aborted) {
        reject(aborted());
        return;
      }
      const cancel = (): void => {
        timer.clear();
        reject(aborted());
      };
      const timer = arm(() => {
        signal?.removeEventListener('abort', cancel);
        resolve(value);
      });
      signal?.addEventListener('abort', cancel, { once: true });
    });
  const promises = {
    setTimeout: <T>(delay?: unknown, value?: T, options?: WaitOptions) =>
      wait((done) => setTimeout(done, delay), value, options),
    setImmediate: <T>(value?: T, options?: WaitOptions) => wait((done) => setImmediate(done), value, options),
    async *setInterval<T>(delay?: unknown, value?: T, options?: WaitOptions) {
      for (;;) yield await promises.setTimeout(delay, value, options);
    },
    scheduler: {
      wait: (delay?: unknown, options?: WaitOptions) => promises.setTimeout(delay, undefined, options),
      yield: () => promises.setImmediate(),
    },
  };
  Object.defineProperty(setTimeout, promisify.custom, { value: promises.setTimeout });
  Object.defineProperty(setImmediate, promisify.custom, { value: promises.setImmediate });
  return {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    promises,
  };
}
