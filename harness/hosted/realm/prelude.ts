/** What the first code of a new realm is given. */
export interface PreludeInput {
  /** Constructors of the process around, whose instances builtins hand out. */
  readonly outer: { readonly [name: string]: unknown };
  readonly wall: () => number;
  readonly fraction: () => number;
  readonly formatStack: (error: Error, frames: NodeJS.CallSite[]) => string;
}

/** What it gives back. */
export interface PreludeOutput {
  readonly Promise: PromiseConstructor;
  /** The program's own Object: of a plain object that a builtin hands out. */
  readonly Object: ObjectConstructor;
}

/**
 * Makes a new realm ready: its clock, randomness and stacks are the simulated host's; objects that builtins hand out are instances of its own classes;
 * garbage collection cannot be watched. Its *text* runs in the new realm: it must not refer to anything outside itself.
 */
export function prelude({ outer, wall, fraction, formatStack }: PreludeInput): PreludeOutput {
  const realm = globalThis as unknown as { [name: string]: unknown };
  const hide = (name: string, value: unknown): void => {
    Object.defineProperty(realm, name, { value, writable: true, configurable: true, enumerable: false });
  };

  Math.random = fraction;

  const RealDate = Date;
  const SimulatedDate = function (this: unknown, ...parameters: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(wall()).toString();
    return Reflect.construct(
      RealDate,
      parameters.length === 0 ? [wall()] : parameters,
      new.target === (SimulatedDate as unknown) ? RealDate : new.target,
    );
  };
  Object.defineProperties(SimulatedDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: RealDate.prototype, writable: false },
    now: { value: () => wall(), writable: true, configurable: true },
    parse: { value: RealDate.parse, writable: true, configurable: true },
    UTC: { value: RealDate.UTC, writable: true, configurable: true },
  });
  RealDate.prototype.constructor = SimulatedDate;
  hide('Date', SimulatedDate);

  // Where a program names no locale and no time zone it gets those of a container: the machine's own differ.
  const LOCALE = 'en-US';
  const ZONE = 'UTC';
  const intl = Intl as unknown as { [name: string]: new (locale?: unknown, options?: object) => object };
  for (const name of Object.getOwnPropertyNames(intl)) {
    const original = intl[name];
    if (typeof original !== 'function' || original.prototype === undefined || name === 'Locale') continue;
    const complete = ([locale, options]: unknown[]): unknown[] => [
      locale ?? LOCALE,
      name === 'DateTimeFormat' ? { timeZone: ZONE, ...(options as object | undefined) } : options,
    ];
    intl[name] = new Proxy(original, {
      apply: (target, self, parameters: unknown[]) =>
        Reflect.apply(target as unknown as () => object, self, complete(parameters)),
      construct: (target, parameters: unknown[], newTarget) =>
        Reflect.construct(target, complete(parameters), newTarget) as object,
    });
  }
  // The zone's name is in the machine's language.
  for (const name of ['toString', 'toTimeString'] as const) {
    const original = RealDate.prototype[name];
    const value = function (this: Date): string {
      return original.call(this).replace(/\(.*\)$/, '(Coordinated Universal Time)');
    };
    Object.defineProperty(RealDate.prototype, name, { value, writable: true, configurable: true });
  }
  const localised: readonly (readonly [owner: object, names: readonly string[], at: number])[] = [
    [RealDate.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], 0],
    [Number.prototype, ['toLocaleString'], 0],
    [BigInt.prototype, ['toLocaleString'], 0],
    [String.prototype, ['toLocaleUpperCase', 'toLocaleLowerCase'], 0],
    [String.prototype, ['localeCompare'], 1],
  ];
  for (const [owner, names, at] of localised) {
    for (const name of names) {
      const methods = owner as { [name: string]: (...parameters: unknown[]) => unknown };
      const original = methods[name]!;
      const value = function (this: unknown, ...parameters: unknown[]): unknown {
        parameters[at] ??= LOCALE;
        return original.apply(this, parameters);
      };
      Object.defineProperty(owner, name, { value, writable: true, configurable: true });
    }
  }

  const ordinary = Function.prototype[Symbol.hasInstance];
  for (const name of Object.keys(outer)) {
    const own = realm[name] as object;
    const other = outer[name] as new () => object;
    Object.defineProperty(own, Symbol.hasInstance, {
      value(this: unknown, value: unknown) {
        if (ordinary.call(this as () => void, value)) return true;
        if (this !== own || value === null) return false;
        return (typeof value === 'object' || typeof value === 'function') && value instanceof other;
      },
      configurable: true,
    });
  }

  (Error as { prepareStackTrace?: unknown }).prepareStackTrace = formatStack;

  const Held = class {
    readonly #held: unknown;
    constructor(held: unknown) {
      this.#held = held;
    }
    deref(): unknown {
      return this.#held;
    }
  };
  const Watched = class {
    register(): void {}
    unregister(): boolean {
      return false;
    }
  };
  for (const [name, made] of [['WeakRef', Held] as const, ['FinalizationRegistry', Watched] as const]) {
    Object.defineProperty(made, 'name', { value: name });
    hide(name, made);
  }

  interface Wasm {
    Module: new (bytes: unknown) => object;
    Instance: new (module: object, imports?: unknown) => object;
    compile(bytes: unknown): Promise<object>;
    instantiate(source: unknown, imports?: unknown): Promise<object>;
  }
  const wasm = realm.WebAssembly as Wasm | undefined;
  if (wasm !== undefined) {
    // At once: a compilation in the background would end when the machine likes.
    wasm.compile = async (bytes) => new wasm.Module(bytes);
    wasm.instantiate = async (source, imports) => {
      if (source instanceof wasm.Module) return new wasm.Instance(source, imports);
      const module = new wasm.Module(source);
      return { module, instance: new wasm.Instance(module, imports) };
    };
  }
  delete (Atomics as { waitAsync?: unknown }).waitAsync;
  return { Promise, Object };
}
