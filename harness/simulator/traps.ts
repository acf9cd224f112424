/**
 * Inside a simulated run, ambient time, randomness, timers and I/O are mistakes: they would make the run depend on
 * the machine. While system code runs the traps are armed and each such call is an error that names its replacement.
 * The harness itself keeps the originals, taken when this module is loaded.
 */

/** System code reached outside its world. The run ends with it, whatever the code catches. */
export class AmbientAccess extends Error {
  readonly code = 'ambient-access';
  constructor(what: string, instead: string, host: string) {
    super(`${what} was used inside the simulated world, on host ${host}: use ${instead} instead`);
    this.name = 'AmbientAccess';
  }
}

/** Names the host whose code runs now; undefined while the harness itself runs. Set by the kernel around system code. */
let armedFor: string | undefined;
let caught: AmbientAccess | undefined;

export function arm(host: string): void {
  armedFor = host;
}

export function disarm(): void {
  armedFor = undefined;
}

/** Takes the first trapped access since the last call. */
export function takeCaught(): AmbientAccess | undefined {
  const access = caught;
  caught = undefined;
  return access;
}

function refuse(what: string, instead: string): void {
  if (armedFor === undefined) return;
  const access = new AmbientAccess(what, instead, armedFor);
  caught ??= access;
  throw access;
}

const CLOCK = 'host.clock.wall() or host.clock.monotonic()';
const RANDOM = 'host.random';
const TIMER = 'host.after() or host.sleep()';
const NETWORK = 'host.network';

const UTC =
  'UTC: toISOString() and the getUTC... and setUTC... methods (the time zone differs between machines)';
/** What depends on the machine's locale or time zone. */
const LOCAL: readonly (readonly [owner: object, properties: readonly string[], instead: string])[] = [
  [Number.prototype, ['toLocaleString'], 'toString()'],
  [Array.prototype, ['toLocaleString'], 'join()'],
  [String.prototype, ['toLocaleUpperCase', 'toLocaleLowerCase'], 'toUpperCase() or toLowerCase()'],
  [
    Date.prototype,
    [
      ...[
        'toLocaleString',
        'toLocaleDateString',
        'toLocaleTimeString',
        'toString',
        'toDateString',
        'toTimeString',
      ],
      ...['getTimezoneOffset', 'getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes'],
      ...['setFullYear', 'setMonth', 'setDate', 'setHours', 'setMinutes'],
    ],
    UTC,
  ],
];

type AnyFunction = (...parameters: unknown[]) => unknown;

interface Trap {
  readonly owner: object;
  readonly property: string;
  readonly what: string;
  readonly instead: string;
}

function list(): Trap[] {
  const traps: Trap[] = [];
  const add = (owner: object | undefined, property: string, what: string, instead: string): void => {
    if (owner !== undefined && typeof (owner as Record<string, unknown>)[property] === 'function') {
      traps.push({ owner, property, what, instead });
    }
  };
  add(Math, 'random', 'Math.random()', RANDOM);
  add(performance, 'now', 'performance.now()', CLOCK);
  for (const timer of ['setTimeout', 'setInterval', 'setImmediate'])
    add(globalThis, timer, `${timer}()`, TIMER);
  add(process, 'nextTick', 'process.nextTick()', 'queueMicrotask()');
  add(process, 'hrtime', 'process.hrtime()', CLOCK);
  // The trapped `process.hrtime` hands out the properties of the original.
  add(process.hrtime, 'bigint', 'process.hrtime.bigint()', CLOCK);
  add(process, 'uptime', 'process.uptime()', CLOCK);
  for (const name of ['memoryUsage', 'cpuUsage', 'resourceUsage'])
    add(process, name, `process.${name}()`, 'host.note() of what the system counts itself');
  add(AbortSignal, 'timeout', 'AbortSignal.timeout()', TIMER);
  add(process, 'exit', 'process.exit()', 'host.exit()');
  add(process, 'getBuiltinModule', 'process.getBuiltinModule()', 'the facilities of host');
  add(globalThis, 'fetch', 'fetch()', NETWORK);
  for (const name of ['WebSocket', 'MessageChannel', 'BroadcastChannel', 'EventSource'])
    add(globalThis, name, name, NETWORK);
  for (const name of ['WeakRef', 'FinalizationRegistry'])
    add(globalThis, name, name, 'a plain reference (garbage collection is not deterministic)');
  add(crypto, 'getRandomValues', 'crypto.getRandomValues()', RANDOM);
  add(crypto, 'randomUUID', 'crypto.randomUUID()', RANDOM);
  for (const name of [
    'digest',
    'sign',
    'verify',
    'encrypt',
    'decrypt',
    'generateKey',
    'deriveBits',
    'importKey',
  ]) {
    add(crypto.subtle, name, `crypto.subtle.${name}()`, 'a synchronous computation');
  }
  for (const name of ['compile', 'instantiate'])
    add(
      (globalThis as { WebAssembly?: object }).WebAssembly,
      name,
      `WebAssembly.${name}()`,
      'a synchronous computation',
    );
  for (const name of ['wait', 'waitAsync']) add(Atomics, name, `Atomics.${name}()`, TIMER);
  add(AbortSignal, 'timeout', 'AbortSignal.timeout()', TIMER);
  for (const name of ['Blob', 'CompressionStream', 'DecompressionStream'])
    add(globalThis, name, name, 'plain bytes (its promises are real ones)');
  add(
    String.prototype,
    'localeCompare',
    'localeCompare()',
    'comparison by < (the locale differs between machines)',
  );
  for (const [owner, properties, instead] of LOCAL) {
    for (const property of properties) add(owner, property, `${property}()`, instead);
  }
  for (const name of [
    'DateTimeFormat',
    'NumberFormat',
    'Collator',
    'RelativeTimeFormat',
    'ListFormat',
    'PluralRules',
  ])
    add(Intl, name, `Intl.${name}`, 'formatting of your own (the locale differs between machines)');
  return traps;
}

let installed = 0;
let uninstall: (() => void) | undefined;

/** Puts the traps in place; they do nothing until armed. Call the returned function once to remove them. Nests. */
export function installTraps(): () => void {
  if (installed++ === 0) uninstall = install();
  let removed = false;
  return () => {
    if (removed) return;
    removed = true;
    if (--installed === 0) uninstall?.();
  };
}

function install(): () => void {
  const undo: (() => void)[] = [];
  for (const { owner, property, what, instead } of list()) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, property) ?? findInherited(owner, property);
    const original = (owner as Record<string, AnyFunction>)[property]!;
    const own = Object.hasOwn(owner, property);
    // A proxy keeps everything else about the function: its properties, `new`, its prototype.
    const trapped = new Proxy(original, {
      apply(target, self, parameters: unknown[]) {
        if (armedFor !== undefined) refuse(what, instead);
        return Reflect.apply(target, self, parameters);
      },
      construct(target, parameters: unknown[], newTarget: AnyFunction) {
        if (armedFor !== undefined) refuse(`new ${what}`, instead);
        return Reflect.construct(target, parameters, newTarget);
      },
    });
    Object.defineProperty(owner, property, {
      value: trapped,
      writable: true,
      configurable: true,
      enumerable: descriptor?.enumerable ?? true,
    });
    undo.push(() => {
      if (own && descriptor) Object.defineProperty(owner, property, descriptor);
      else delete (owner as Record<string, unknown>)[property];
    });
  }
  undo.push(trapDate(), letConsoleThrough());
  return () => {
    for (const step of undo.reverse()) step();
  };
}

/** Under this name a module of the user finds the function that arms the traps (`true`) and disarms them, around its own top level. */
export const LOADING = Symbol.for('sixways.loading');

/**
 * Loads a module of the user whose top level says by `LOADING` when it begins and ends: that much runs with the traps armed, and nothing of what this
 * process does meanwhile.
 * @throws AmbientAccess, even where the module catches it; otherwise what `load` throws.
 */
export async function trapped<T>(name: string, load: () => Promise<T>): Promise<T> {
  const removeTraps = installTraps();
  const around = (begins: boolean): void => (begins ? arm(name) : disarm());
  Object.defineProperty(globalThis, LOADING, { value: around, configurable: true });
  const end = await load().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  disarm();
  Reflect.deleteProperty(globalThis, LOADING);
  removeTraps();
  const access = takeCaught();
  if (access !== undefined) throw access;
  if ('error' in end) throw end.error;
  return end.value;
}

function findInherited(owner: object, property: string): PropertyDescriptor | undefined {
  const prototype = Object.getPrototypeOf(owner) as object | null;
  return prototype === null
    ? undefined
    : (Object.getOwnPropertyDescriptor(prototype, property) ?? findInherited(prototype, property));
}

/** Printing is for people and changes nothing; Node's streams use ticks and clocks to do it. */
function letConsoleThrough(): () => void {
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;
  const originals = methods.map((method) => console[method]);
  for (const [nth, method] of methods.entries()) {
    const original = originals[nth]! as AnyFunction;
    console[method] = (...parameters: unknown[]) => {
      const host = armedFor;
      armedFor = undefined;
      try {
        original.apply(console, parameters);
      } finally {
        armedFor = host;
      }
    };
  }
  return () => {
    for (const [nth, method] of methods.entries()) console[method] = originals[nth]!;
  };
}

/** `new Date(value)` stays allowed: only reading the present is a mistake, and parts of a local time. */
function trapDate(): () => void {
  const original = globalThis.Date;
  const now = original.now;
  original.now = () => {
    if (armedFor !== undefined) refuse('Date.now()', CLOCK);
    return now();
  };
  const trapped = new Proxy(original, {
    apply(target, self, parameters: unknown[]) {
      if (armedFor !== undefined) refuse('Date()', CLOCK);
      return Reflect.apply(target, self, parameters) as string;
    },
    construct(target, parameters: unknown[], newTarget) {
      if (armedFor !== undefined && parameters.length === 0) refuse('new Date()', CLOCK);
      if (armedFor !== undefined && parameters.length > 1) refuse('new Date(year, month, ...)', 'Date.UTC()');
      return Reflect.construct(target, parameters, newTarget) as Date;
    },
  });
  globalThis.Date = trapped;
  // The way round by `date.constructor` is closed too.
  original.prototype.constructor = trapped;
  return () => {
    original.now = now;
    original.prototype.constructor = original;
    globalThis.Date = original;
  };
}
