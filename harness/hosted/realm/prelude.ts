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
