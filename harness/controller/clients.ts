import { isServed } from '../../checkers/index.ts';
import type { Operation } from '../../histories/index.ts';
import {
  type Client,
  type Completion,
  HostError,
  type Json,
  type Nanos,
  type Request,
  type Setting,
  type System,
  type World,
} from '../contract/index.ts';
import type { Recorder } from './recorder.ts';

/** How an operation is marked in the history. */
export type Marks = Pick<Operation, 'id' | 'phase'>;

/** What became of an operation. */
export interface Outcome {
  readonly thread: number;
  readonly request: Request;
  readonly marks: Marks;
  readonly type: 'ok' | 'fail' | 'info';
  /** It is `ok`, or the answer of a working system that says no. */
  readonly served: boolean;
  readonly value: Json;
  readonly invokedAt: Nanos;
}

interface OpenOperation {
  readonly request: Request;
  readonly marks: Marks;
  readonly process: number;
  readonly invokedAt: Nanos;
  /** Its promise has settled; only the record is still to be made. */
  settled: boolean;
}

interface Thread {
  readonly host: string;
  /** Of the host's present incarnation. */
  client: Client | undefined;
  open: OpenOperation | undefined;
  process: number;
  /** A look at the clock is due for this thread. */
  watched: boolean;
}

export interface ClientsOptions {
  readonly world: World;
  readonly system: System;
  readonly setting: Setting;
  /** The host of each thread. */
  readonly hosts: readonly string[];
  readonly timeout: Nanos;
  readonly recorder: Recorder;
  /** Called outside of system code when an operation is complete and recorded; its process is retired by then if it must be. */
  completed(outcome: Outcome): void;
  /** Runs an action of the harness, ending the run with what it throws. */
  guard(action: () => void): void;
}

/**
 * The users of the system: one thread per client host, one operation at a time. An operation ends when its promise settles, or as
 * `info` when the time is up. After `info` the thread takes a new process number and its host starts a fresh
 * process, so that no late reply can complete anything.
 */
export class Clients {
  private readonly options: ClientsOptions;
  private readonly threads: Thread[];

  constructor(options: ClientsOptions) {
    this.options = options;
    this.threads = options.hosts.map((host, process) => ({
      host,
      client: undefined,
      open: undefined,
      process,
      watched: false,
    }));
  }

  /** Starts the process of every client. */
  boot(): void {
    for (const thread of this.threads) this.start(thread);
  }

  /** Threads without an open operation, ascending. */
  idle(): number[] {
    const idle: number[] = [];
    for (let i = 0; i < this.threads.length; i++) if (this.threads[i]!.open === undefined) idle.push(i);
    return idle;
  }

  /** Of each thread. */
  hosts(): string[] {
    return this.threads.map(({ host }) => host);
  }

  /** Records the invocation, then lets the client carry it out. The thread must be idle. */
  invoke(number: number, request: Request, marks: Marks): void {
    const { world, recorder } = this.options;
    const thread = this.threads[number]!;
    const { process } = thread;
    const open: OpenOperation = { request, marks, process, invokedAt: world.now(), settled: false };
    thread.open = open;
    recorder.operation({ process, type: 'invoke', ...asked(request), value: request.value, ...marks });
    this.watch(number, thread);
    world.enter(thread.host, () => this.call(number, thread, open));
  }

  private start(thread: Thread): void {
    const { world, system, setting } = this.options;
    thread.client = undefined;
    world.boot(thread.host, (host) => {
      thread.client = undefined;
      thread.client = system.client(host, setting);
    });
  }

  /** Runs inside the process of the client. */
  private call(number: number, thread: Thread, open: OpenOperation): void {
    const { client } = thread;
    if (thread.open !== open || client === undefined) return;
    const settle = (completion: Completion): void => {
      if (thread.open !== open || open.settled) return;
      open.settled = true;
      // Recorded in a moment of the harness: system code runs now.
      const { world, guard } = this.options;
      world.at(world.now(), () => guard(() => this.complete(number, thread, open, completion)));
    };
    const failed = (error: unknown): void => settle(this.failureOf(thread, error));
    try {
      Promise.resolve(client.invoke(open.request)).then(
        (completion) =>
          settle(isCompletion(completion) ? completion : this.failureOf(thread, malformed(completion))),
        failed,
      );
    } catch (error) {
      failed(error);
    }
  }

  private failureOf(thread: Thread, error: unknown): Completion {
    if (error instanceof HostError) return { type: error.definite ? 'fail' : 'info', error: error.code };
    const name = error instanceof Error ? error.name : typeof error;
    const data = error instanceof Error ? error.message : String(error);
    this.options.recorder.observation({ type: 'uncaught', host: thread.host, kind: name, data });
    return { type: 'info', error: name };
  }

  private complete(number: number, thread: Thread, open: OpenOperation, completion: Completion): void {
    if (thread.open !== open) return;
    const { recorder, completed } = this.options;
    const { request, marks, process, invokedAt } = open;
    const { type, node } = completion;
    const value = type === 'ok' ? (completion.value ?? null) : request.value;
    recorder.operation({
      process,
      type,
      ...asked(request),
      value,
      ...(type !== 'ok' && { error: completion.error ?? null }),
      ...marks,
      ...(node !== undefined && { node }),
    });
    thread.open = undefined;
    if (type === 'info') {
      thread.process += this.threads.length;
      this.start(thread);
    }
    completed({ thread: number, request, marks, type, served: isServed(completion), value, invokedAt });
  }

  /** One look at the clock is under way for each thread at most, however many operations it makes meanwhile. */
  private watch(number: number, thread: Thread): void {
    if (thread.watched) return;
    const { world, timeout, guard } = this.options;
    thread.watched = true;
    world.at(thread.open!.invokedAt + timeout, () =>
      guard(() => {
        thread.watched = false;
        const { open } = thread;
        if (open === undefined) return;
        if (open.invokedAt + timeout > world.now()) this.watch(number, thread);
        else this.complete(number, thread, open, { type: 'info', error: 'timeout' });
      }),
    );
  }
}

function asked({ f, key }: Request): { readonly f: string; readonly key?: string | number } {
  return key === undefined ? { f } : { f, key };
}

/** Clients may be written in plain JavaScript. */
function isCompletion(completion: Completion | undefined | null): completion is Completion {
  const type = completion?.type;
  return type === 'ok' || type === 'fail' || type === 'info';
}

function malformed(completion: unknown): TypeError {
  return new TypeError(
    `client: expected a completion of type ok, fail or info, got ${JSON.stringify(completion)}`,
  );
}
