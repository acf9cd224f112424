/**
 * Node's own classes of streams and servers are functions: called with `new`, without it, and by `call` from constructors of older packages, whose objects they then make theirs
 * (`net.Server.call(this)` after `util.inherits`).
 */
export interface LegacyClass {
  new (...parameters: unknown[]): object;
  call(self: object, ...parameters: unknown[]): void;
  prototype: object;
}

/** A constructor function over a real one: `parametersOf` makes the parameters of the real one. */
export function derived(
  name: string,
  base: unknown,
  parametersOf: (parameters: unknown[]) => unknown[],
  after?: (made: object) => void,
): LegacyClass {
  const Base = base as LegacyClass;
  const made = function (this: object | undefined, ...parameters: unknown[]): object | undefined {
    if (!(this instanceof (made as unknown as LegacyClass)))
      return new (made as unknown as LegacyClass)(...parameters);
    Base.call(this, ...parametersOf(parameters));
    after?.(this);
    return undefined;
  };
  Object.defineProperty(made, 'name', { value: name });
  Object.setPrototypeOf(made, Base);
  made.prototype = Object.create(Base.prototype, {
    constructor: { value: made, writable: true, configurable: true },
  }) as object;
  return made as unknown as LegacyClass;
}

type Class = new (...parameters: never[]) => object;

/** The object of an older package that the constructor now running shall make its own, instead of a new one. */
let adopted: object | undefined;

/** What a class extends that `callable` is made of: one of Node's own. Its constructor has to call `super` before anything else. */
export function adoptable<Base extends Class>(base: Base): Base {
  const made = function (this: object, ...parameters: unknown[]): object {
    const self = adopted;
    adopted = undefined;
    if (self === undefined) return Reflect.construct(base, parameters, new.target!) as object;
    (base as unknown as LegacyClass).call(self, ...parameters);
    return self;
  };
  Object.setPrototypeOf(made, base);
  made.prototype = base.prototype as object;
  return made as unknown as Base;
}

/** A class that extends an adoptable one, as one that may be called, too. */
export function callable<T extends Class>(Class: T, name: string): T {
  Object.defineProperty(Class, 'name', { value: name });
  const outside: T = new Proxy(Class, {
    apply(target, self: unknown, parameters: never[]) {
      if (!(self instanceof target)) return Reflect.construct(target, parameters, outside) as object;
      adopted = self;
      return Reflect.construct(target, parameters) as object;
    },
  });
  Object.defineProperty(Class.prototype, 'constructor', { value: outside });
  return outside;
}
