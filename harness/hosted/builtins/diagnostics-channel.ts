import type { BuiltinContext } from './context.ts';

type Name = string | symbol;
type Subscriber = (message: unknown, name: Name) => void;
/** Just enough of an AsyncLocalStorage. */
interface Store {
  run(value: unknown, work: () => unknown): unknown;
}
type Transform = (message: unknown) => unknown;

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
type Event = (typeof EVENTS)[number];
type Handlers = { readonly [event in Event]?: Subscriber };
type Channels = { readonly [event in Event]: Channel };
interface Traced {
  error?: unknown;
  result?: unknown;
}

function checked(subscriber: Subscriber): void {
  if (typeof subscriber === 'function') return;
  const error = new TypeError('The "subscription" argument must be of type function.');
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** Who fails does not disturb whoever publishes: the error is uncaught, a tick later. */
type Fail = (error: unknown) => void;

class Channel {
  readonly name: Name;
  readonly #fail: Fail;
  #subscribers: readonly Subscriber[] = [];
  readonly #stores = new Map<Store, Transform | undefined>();

  constructor(name: Name, fail: Fail) {
    this.name = name;
    this.#fail = fail;
  }
  get hasSubscribers(): boolean {
    return this.#subscribers.length > 0 || this.#stores.size > 0;
  }
  subscribe(subscriber: Subscriber): void {
    checked(subscriber);
    this.#subscribers = [...this.#subscribers, subscriber];
  }
  unsubscribe(subscriber: Subscriber): boolean {
    const at = this.#subscribers.indexOf(subscriber);
    this.#subscribers = this.#subscribers.filter((_, nth) => nth !== at);
    return at >= 0;
  }
  bindStore(store: Store, transform?: Transform): void {
    this.#stores.set(store, transform);
  }
  unbindStore(store: Store): boolean {
    return this.#stores.delete(store);
  }
  publish(message: unknown): void {
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(message, this.name);
      } catch (error) {
        this.#fail(error);
      }
    }
  }
  runStores(
    message: unknown,
    work: (...parameters: unknown[]) => unknown,
    self?: unknown,
    ...rest: unknown[]
  ) {
    let run = (): unknown => {
      this.publish(message);
      return Reflect.apply(work, self, rest);
    };
    for (const [store, transform = (same: unknown) => same] of this.#stores) {
      const inner = run;
      run = () => {
        let value: unknown;
        try {
          value = transform(message);
        } catch (error) {
          this.#fail(error);
          return inner();
        }
        return store.run(value, inner);
      };
    }
    return run();
  }
}

/** What happens around a call, told on five channels. */
class TracingChannel {
  readonly #channels: Channels;
  constructor(channels: Channels) {
    this.#channels = channels;
    Object.assign(this, channels);
  }
  get hasSubscribers(): boolean {
    return EVENTS.some((event) => this.#channels[event].hasSubscribers);
  }
  subscribe(handlers: Handlers): void {
    for (const event of EVENTS) if (handlers[event]) this.#channels[event].subscribe(handlers[event]);
  }
  unsubscribe(handlers: Handlers): boolean {
    const done = EVENTS.map(
      (event) => !handlers[event] || this.#channels[event].unsubscribe(handlers[event]),
    );
    return done.every(Boolean);
  }
  traceSync(work: () => unknown, context: Traced = {}, self?: unknown, ...rest: unknown[]): unknown {
    return this.#around(context, () => {
      context.result = Reflect.apply(work, self, rest);
      return context.result;
    });
  }
  tracePromise(
    work: () => PromiseLike<unknown>,
    context: Traced = {},
    self?: unknown,
    ...rest: unknown[]
  ): unknown {
    const { asyncStart, asyncEnd, error: failed } = this.#channels;
    const settled = (): void => {
      asyncStart.publish(context);
      asyncEnd.publish(context);
    };
    return this.#around(context, () =>
      (Reflect.apply(work, self, rest) as PromiseLike<unknown>).then(
        (result) => {
          context.result = result;
          settled();
          return result;
        },
        (error: unknown) => {
          context.error = error;
          failed.publish(context);
          settled();
          throw error;
        },
      ),
    );
  }
  traceCallback(
    work: (...parameters: unknown[]) => unknown,
    position = -1,
    context: Traced = {},
    self?: unknown,
    ...rest: unknown[]
  ): unknown {
    const { asyncStart, asyncEnd, error: failed } = this.#channels;
    const callback = rest.at(position) as (...parameters: unknown[]) => unknown;
    const traced = function (this: unknown, ...given: unknown[]): unknown {
      const [error, result] = given;
      if (error) {
        context.error = error;
        failed.publish(context);
      } else context.result = result;
      return asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback, this, given) as unknown;
        } finally {
          asyncEnd.publish(context);
        }
      });
    };
    rest.splice(position, 1, traced);
    return this.#around(context, () => Reflect.apply(work, self, rest) as unknown);
  }
  #around(context: Traced, work: () => unknown): unknown {
    const { start, end, error: failed } = this.#channels;
    return start.runStores(context, () => {
      try {
        return work();
      } catch (error) {
        context.error = error;
        failed.publish(context);
        throw error;
      } finally {
        end.publish(context);
      }
    });
  }
}

/** `diagnostics_channel` of one incarnation: in Node's own, whoever subscribes hears every program of this process. */
export function diagnosticsChannel({ tick }: BuiltinContext): object {
  const channels = new Map<Name, Channel>();
  const fail: Fail = (error) =>
    tick(() => {
      throw error;
    });
  const channel = (name: Name): Channel => {
    const found = channels.get(name) ?? new Channel(name, fail);
    channels.set(name, found);
    return found;
  };
  return {
    Channel,
    channel,
    hasSubscribers: (name: Name) => channels.get(name)?.hasSubscribers ?? false,
    subscribe: (name: Name, subscriber: Subscriber) => channel(name).subscribe(subscriber),
    unsubscribe: (name: Name, subscriber: Subscriber) => channel(name).unsubscribe(subscriber),
    tracingChannel: (named: string | Channels) =>
      new TracingChannel(
        typeof named === 'string'
          ? (Object.fromEntries(
              EVENTS.map((event) => [event, channel(`tracing:${named}:${event}`)]),
            ) as Channels)
          : named,
      ),
  };
}
