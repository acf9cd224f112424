import type { BuiltinContext } from './context.ts';

type Handler = (event: MessageEvent) => void;

/** One end of a channel: messages are cloned at once and arrive as events of their own. */
class Port extends EventTarget {
  readonly #context: BuiltinContext;
  #peer: Port | undefined;
  #waiting: unknown[] | undefined = [];
  #onmessage: Handler | null = null;
  #closed = false;

  constructor(context: BuiltinContext) {
    super();
    this.#context = context;
  }

  static pair(context: BuiltinContext): readonly [Port, Port] {
    const pair = [new Port(context), new Port(context)] as const;
    pair[0].#peer = pair[1];
    pair[1].#peer = pair[0];
    return pair;
  }

  postMessage(message: unknown): void {
    const peer = this.#peer;
    const copy: unknown = structuredClone(message);
    if (peer !== undefined) this.#context.later(0, () => peer.#arrive(copy));
  }

  #arrive(data: unknown): void {
    if (this.#closed) return;
    if (this.#waiting !== undefined) {
      this.#waiting.push(data);
      return;
    }
    const event = new MessageEvent('message', { data });
    this.dispatchEvent(event);
    this.#onmessage?.(event);
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of waiting) this.#context.later(0, () => this.#arrive(data));
  }

  close(): void {
    for (const port of [this, this.#peer]) {
      if (port === undefined || port.#closed) continue;
      port.#closed = true;
      this.#context.later(0, () => port.dispatchEvent(new Event('close')));
    }
  }

  get onmessage(): Handler | null {
    return this.#onmessage;
  }
  set onmessage(handler: Handler | null) {
    this.#onmessage = handler;
    this.start();
  }

  /** As an emitter, which Node's ports are too. */
  on(name: string, listener: (data: unknown) => void): this {
    this.addEventListener(name, (event) => listener((event as MessageEvent).data));
    if (name === 'message') this.start();
    return this;
  }
  once(name: string, listener: (data: unknown) => void): this {
    this.addEventListener(name, (event) => listener((event as MessageEvent).data), { once: true });
    if (name === 'message') this.start();
    return this;
  }
  ref(): void {}
  unref(): void {}
}

/** `MessageChannel`, whose real one would deliver when the machine likes. */
export function messageChannel(context: BuiltinContext): object {
  class MessageChannel {
    readonly port1: Port;
    readonly port2: Port;
    constructor() {
      [this.port1, this.port2] = Port.pair(context);
    }
  }
  return { MessageChannel, MessagePort: Port };
}
