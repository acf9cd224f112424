import { types } from 'node:util';
import { current, refuse } from '../current.ts';

/**
 * Objects that builtins make are of the realm of the process around, and lead to its clock and randomness: `structuredClone(date).constructor.now()`,
 * `Buffer.from.constructor('return Math.random()')()`. While a program runs, these speak for its host.
 */

const GUARD = Symbol.for('sixways.guard');
type Callable = (...parameters: never[]) => unknown;

/** Puts the guards in place, above whatever stands there; where they stand already, nothing. */
export function guardOuterRealm(): void {
  guardDate();
  speak(Math, 'random', (speaker) => speaker.fraction());
  speak(performance, 'now', (speaker) => speaker.sinceStart());
  speak(process, 'uptime', (speaker) => speaker.sinceStart() / 1000);
  speak(process.hrtime, 'bigint', (speaker) => BigInt(Math.round(speaker.sinceStart() * 1e6)));
  // `path.resolve` asks for it, too.
  speak(process, 'cwd', (speaker) => speaker.cwd());
  speak(process, 'hrtime', (speaker, since) => hrtime(speaker.sinceStart(), since));
  for (const name of ['memoryUsage', 'cpuUsage', 'resourceUsage', 'chdir'] as const)
    speak(process, name, () => refuse(`the outer process.${name}()`, "use the program's own process"));
  const { WebAssembly: wasm } = globalThis as unknown as {
    readonly WebAssembly: Record<'compile' | 'instantiate', Callable>;
  };
  for (const name of ['compile', 'instantiate'] as const)
    speak(wasm, name, () =>
      refuse(`the outer WebAssembly.${name}()`, "use the program's own WebAssembly, which compiles at once"),
    );
  speak(crypto, 'randomUUID', () => refuse('the outer crypto.randomUUID()', "use the program's own crypto"));
  speak(crypto, 'getRandomValues', (speaker, bytes) => {
    const { buffer, byteOffset, byteLength } = bytes as Uint8Array;
    speaker.fill(new Uint8Array(buffer, byteOffset, byteLength));
    return bytes;
  });
  // Errors are warnings of one object, of an emitter with too many listeners say. What comes as text, a deprecation say, Node tells once in a process: whether it
  // did already depends on what ran before, so no host hears of it.
  speak(process, 'emitWarning', (speaker, warning) => {
    if (types.isNativeError(warning)) speaker.warn(warning);
  });
  for (const name of ['exit', 'abort', 'kill'] as const)
    speak(process, name, () => refuse(`the outer process.${name}()`, "use the program's own process"));
  speak(process, 'getBuiltinModule', (_, name) =>
    refuse(`process.getBuiltinModule(${JSON.stringify(name)}) of the outer realm`, 'use require() or import'),
  );
  for (const name of ['fetch', 'WebSocket', 'EventSource'] as const)
    speak(globalThis, name, () => refuse(`the outer ${name}`, "use the program's own"));
  speak(process as unknown as { binding(name: string): unknown }, 'binding', () =>
    refuse('process.binding() of the outer realm', 'it reaches into the real process; leave it out'),
  );
  const timeStamp = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp')?.get;
  if (timeStamp !== undefined && !(GUARD in timeStamp)) {
    const get = function (this: Event): number {
      return current()?.sinceStart() ?? (timeStamp.call(this) as number);
    };
    Object.defineProperty(get, GUARD, { value: true });
    Object.defineProperty(Event.prototype, 'timeStamp', { get, configurable: true, enumerable: true });
  }
  guardErrors();
  guardBuffers();
}

/** As `process.hrtime` has it: seconds and nanoseconds. */
function hrtime(milliseconds: number, since: unknown): [seconds: number, nanoseconds: number] {
  const [seconds, nanoseconds] = Array.isArray(since) ? (since as [number, number]) : [0, 0];
  const passed = Math.round(milliseconds * 1e6) - seconds * 1e9 - nanoseconds;
  return [Math.floor(passed / 1e9), passed - Math.floor(passed / 1e9) * 1e9];
}

/** Errors of a program's realm are errors for builtins too: `emit('error', error)` throws them as they are. */
function guardErrors(): void {
  if (Object.hasOwn(Error, Symbol.hasInstance)) return;
  const ordinary = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      return ordinary.call(this as () => void, value) || (this === Error && types.isNativeError(value));
    },
    configurable: true,
  });
}

/** Replaces a method by one that, while a program runs, answers for its host. */
function speak<Owner extends object>(
  owner: Owner,
  name: keyof Owner & string,
  answer: (speaker: NonNullable<ReturnType<typeof current>>, first: unknown) => unknown,
): void {
  const original = owner[name] as Callable & { [GUARD]?: true };
  if (typeof original !== 'function' || original[GUARD]) return;
  const guarded = new Proxy(original, {
    apply(target, self, parameters) {
      const speaker = current();
      return speaker === undefined
        ? Reflect.apply(target, self, parameters)
        : answer(speaker, parameters[0] as unknown);
    },
    get: (target, property, receiver) =>
      property === GUARD ? true : (Reflect.get(target, property, receiver) as unknown),
  });
  Object.defineProperty(owner, name, { value: guarded, writable: true, configurable: true });
}

function guardDate(): void {
  const original = globalThis.Date as DateConstructor & { [GUARD]?: true };
  if (original[GUARD]) return;
  const realNow = original.now;
  const now = (): number => current()?.wall() ?? realNow();
  const guarded: DateConstructor = new Proxy(original, {
    apply: (target) => new target(now()).toString(),
    construct: (target, parameters: unknown[], newTarget: unknown) =>
      Reflect.construct(
        target,
        parameters.length === 0 && current() !== undefined ? [now()] : parameters,
        newTarget === guarded ? target : (newTarget as DateConstructor),
      ) as Date,
    get: (target, property, receiver) => {
      if (property === 'now') return now;
      return property === GUARD ? true : (Reflect.get(target, property, receiver) as unknown);
    },
  });
  original.prototype.constructor = guarded;
  globalThis.Date = guarded;
}

/**
 * Buffers of the process around come from one pool, whose offsets and stale bytes are what other hosts left there. Without a pool, and zeroed,
 * they are the same in every run.
 */
function guardBuffers(): void {
  if (Buffer.poolSize === 0) return;
  Object.defineProperty(Buffer, 'poolSize', { get: () => 0, set() {}, configurable: true });
  const zeroed = (size: number): ReturnType<typeof Buffer.alloc> => Buffer.alloc(size);
  Buffer.allocUnsafe = zeroed;
  Buffer.allocUnsafeSlow = zeroed;
}

let outerFormat: typeof Error.prepareStackTrace;

/** While a program runs, stacks of errors that builtins throw show its own frames alone, as those of its own errors do. */
export function guardStacks(format: (error: Error, frames: NodeJS.CallSite[]) => string): void {
  if (Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')?.get !== undefined) return;
  outerFormat = Error.prepareStackTrace;
  Object.defineProperty(Error, 'prepareStackTrace', {
    get: () => (current() === undefined ? outerFormat : format),
    set(value: typeof outerFormat) {
      outerFormat = value;
    },
    configurable: true,
  });
}
