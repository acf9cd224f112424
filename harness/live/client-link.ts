import { createInterface } from 'node:readline';
import { execa } from 'execa';
import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type ObservationSink,
  type Program,
  type System,
} from '../contract/index.ts';
import { createRandom } from '../simulator/index.ts';
import { ClientMachine } from './client-machine.ts';
import type { ClientBriefing, FromClient, ThrownError, ToClient } from './client-messages.ts';
import { now } from './clock.ts';
import { RealHost } from './real-host.ts';

export interface ClientLinkOptions {
  readonly command: readonly string[];
  readonly briefing: ClientBriefing;
  readonly observe: ObservationSink;
}

interface Waiting {
  resolve(completion: Completion): void;
  reject(error: unknown): void;
}

/** For the host that a client's program is given: the client that is really far away. */
const remotes = new WeakMap<Host, Client>();

/** The system as the controller of a live world shall see it: its clients are those in the processes of the clients' hosts. */
export function withRemoteClients(system: System): System {
  return { ...system, client: (host) => remotes.get(host)! };
}

/** This end of a process that plays a client. */
export class ClientLink {
  /** Settles when the process can make clients. */
  readonly ready: Promise<void>;
  private readonly options: ClientLinkOptions;
  private readonly child: ReturnType<typeof start>;
  private readonly waiting = new Map<number, Waiting>();
  private incarnation = 0;
  private asked = 0;

  constructor(options: ClientLinkOptions) {
    this.options = options;
    this.child = start(options.command);
    // A pipe to a process that has ended: its end is told below.
    this.child.stdin.on('error', () => {});
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        const message = JSON.parse(line) as FromClient;
        if ('ready' in message) resolve();
        else this.heard(message);
      });
      void this.child.then(({ shortMessage }) => {
        const why = new Error(
          `the client ${options.briefing.host} ended: ${shortMessage ?? 'without a word'}`,
        );
        reject(why);
        for (const [, { reject: lost }] of this.waiting) lost(why);
      });
    });
    // Awaited by the world; a failure before that must not end the process.
    this.ready.catch(() => {});
    this.write(options.briefing);
  }

  boot(program: Program): void {
    const { host: name, addresses } = this.options.briefing;
    const incarnation = ++this.incarnation;
    const host = new RealHost({
      name,
      incarnation,
      random: createRandom(`${name}/${incarnation}`),
      live: new ClientMachine(name, new Map(addresses)),
      observe: this.options.observe,
      failed: (error) => this.failed(error as Error),
    });
    remotes.set(host, { invoke: (request) => this.invoke(request) });
    this.write({ make: incarnation });
    host.guarded(() => program(host));
  }

  private invoke(request: Parameters<Client['invoke']>[0]): Promise<Completion> {
    const invoke = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(invoke, { resolve, reject });
      this.write({ invoke, request });
    });
  }

  private write(message: ToClient | ClientBriefing): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  private heard(message: Exclude<FromClient, { readonly ready: true }>): void {
    if ('observation' in message) this.options.observe({ ...message.observation, time: now() });
    else if ('failed' in message) this.failed(message.failed);
    else {
      const waiting = this.waiting.get(message.done);
      this.waiting.delete(message.done);
      if ('completion' in message) waiting?.resolve(message.completion);
      else waiting?.reject(revived(message.thrown));
    }
  }

  private failed({ name, message }: ThrownError): void {
    const { host } = this.options.briefing;
    this.options.observe({ time: now(), type: 'uncaught', host, kind: name, data: message });
  }
}

function start([file, ...rest]: readonly string[]) {
  return execa(file!, rest, { stdin: 'pipe', stderr: 'inherit', buffer: false, reject: false });
}

function revived({ name, message, code, definite }: ThrownError): Error {
  if (code !== undefined) return new HostError(code, message, definite === true);
  const error = new Error(message);
  error.name = name;
  return error;
}
