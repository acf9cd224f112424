import {
  type Host,
  HostError,
  type Json,
  MICROSECOND,
  MILLISECOND,
  type Nanos,
  type Random,
} from '../../harness/contract/index.ts';
import { plainDisk } from '../shared/testing/plain-disk.ts';
import { plainMemory } from './plain-memory.ts';

/** What a request that the program makes takes. */
const ROUND_TRIP = MILLISECOND;

type Handler = (message: Json, from: string) => unknown;

/** Draws the smallest of what there is. */
const least = { integer: (min: number) => min, shuffle: <T>(items: readonly T[]) => [...items] };

/**
 * A host for tests of one program alone: the test plays everybody else, and moves the clock. Requests that the program makes are answered by
 * `answer`; without an answer they fail.
 */
export class PlainHost {
  readonly sent: { readonly to: string; readonly message: Json }[] = [];
  /** Assertions that did not hold. */
  readonly broken: string[] = [];
  readonly storage: ReturnType<typeof plainDisk>;
  answer: (to: string, message: Json) => Json | undefined = () => undefined;
  readonly host: Host;
  private now: Nanos = 1;
  private timers: { readonly at: Nanos; readonly run: () => unknown }[] = [];
  private onMessage: Handler = () => {};
  private onRequest: Handler = () => {};

  constructor(name: string, incarnation = 1, storage = plainDisk()) {
    this.storage = storage;
    const after = (delay: Nanos, run: () => unknown) => {
      const timer = { at: this.now + delay, run };
      this.timers.push(timer);
      const cancel = (): void => {
        this.timers = this.timers.filter((each) => each !== timer);
      };
      return { cancel };
    };
    const host = {
      name,
      incarnation,
      random: least as unknown as Random,
      configuration: {},
      clock: { monotonic: () => this.now, wall: () => Math.floor(this.now / MICROSECOND) },
      disk: storage.disk,
      memory: plainMemory().memory,
      network: {
        send: (to: string, message: Json) => void this.sent.push({ to, message }),
        onMessage: (handler: Handler) => {
          this.onMessage = handler;
        },
        onRequest: (handler: Handler) => {
          this.onRequest = handler;
        },
        request: async (to: string, message: Json) => {
          await new Promise<void>((resolve) => after(ROUND_TRIP, resolve));
          const reply = this.answer(to, message);
          if (reply === undefined) throw new HostError('refused', `${to} does not answer`, true);
          return reply;
        },
      },
      after,
      sleep: (delay: Nanos) => new Promise<void>((resolve) => after(delay, resolve)),
      always: (condition: boolean, what: string) => void (condition || this.broken.push(what)),
      sometimes: () => {},
      note: () => {},
      copies: () => {},
      exit: (reason: string) => void this.broken.push(reason),
    };
    this.host = host as unknown as Host;
  }

  /** A datagram arrives, and everything that follows from it at once happens. */
  async receive(message: Json, from: string): Promise<void> {
    this.onMessage(message, from);
    await this.rest();
  }

  /** The reply to a request. */
  async ask(message: Json, from: string): Promise<Json> {
    return (await this.onRequest(message, from)) as Json;
  }

  /** Time passes. */
  async pass(time: Nanos): Promise<void> {
    const until = this.now + time;
    for (;;) {
      await this.rest();
      const [next] = [...this.timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = until;
  }

  /** Until nothing happens any more without a message or time. */
  private async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
