import type {
  Client,
  Completion,
  Host,
  Json,
  Nanos,
  Native,
  NativeRuntime,
  Request,
  Setting,
} from '../contract/index.ts';
import type { Mount } from './builtins/context.ts';
import type { BundledProgram } from './bundle/bundle.ts';
import { failureOf } from './client.ts';
import { HostedMistake } from './mistake.ts';
import { named } from './names.ts';
import { Program } from './program.ts';
import { beginsIn } from './realm/shared-state.ts';

/** All programs of a system, bundled, in this thread. */
export interface LoadedPrograms {
  /** By the entry as the system's definition names it. */
  readonly byEntry: ReadonlyMap<string, BundledProgram>;
  readonly web: BundledProgram;
  mountOf(project: string): Mount;
  /** Makes places in bundles those of source files. */
  readonly places: (text: string) => string;
}

export interface HostedProgramStart {
  readonly bundle: BundledProgram;
  readonly env: { readonly [name: string]: string };
  readonly arguments: readonly string[];
  readonly boot: Nanos;
  readonly perEvent: Nanos;
}

/** What the module of a client exports. */
type MakeClient = (setting: object) => { invoke(request: Request): Promise<Completion> };

/** One incarnation of a host that runs a program. Its realm is made at its second event, since the first one belongs to the system's definition. */
export class HostedHost implements NativeRuntime {
  private readonly host: Host;
  private readonly native: Native;
  private readonly make: () => Program;
  /** The same object for all hosts of a run. */
  private readonly run: object;
  private program: Program | undefined;
  private maker: Promise<MakeClient> | undefined;

  constructor(
    host: Host,
    hosts: Setting['hosts'],
    loaded: LoadedPrograms,
    { bundle, ...start }: HostedProgramStart,
  ) {
    if (host.native === undefined)
      throw new HostedMistake('world', `${bundle.file}: hosted programs run in the simulated world alone`);
    this.host = host;
    this.run = hosts;
    this.native = host.native;
    const native = named(host.native, hosts);
    this.make = () =>
      new Program(host, native, {
        ...start,
        code: bundle,
        web: loaded.web,
        mount: loaded.mountOf(bundle.project),
        places: loaded.places,
      });
  }

  /** Starts the program. */
  start(): void {
    this.native.host(this);
    this.host.after(0, () => void this.running().load());
  }

  /** A client, and what calls it. Its module is loaded once in each process; who takes the place of a retired client is a process of its own. */
  client({ options, hosts, workload }: Setting): Client {
    const { host } = this;
    this.native.host(this);
    const made = new Promise<ReturnType<MakeClient>>((resolve, reject) => {
      host.after(0, async () => {
        try {
          this.maker ??= this.makerOfClients();
          const make = await this.maker;
          resolve(make({ options, hosts, workload, host: host.name }));
        } catch (error) {
          reject(error);
        }
      });
    });
    // Whoever asks it for something is told; if nobody does, the run goes on.
    made.catch(() => {});
    return {
      async invoke(request) {
        const client = await made;
        try {
          return plain(await client.invoke(request));
        } catch (error) {
          const failure = failureOf(error);
          if (failure === undefined) throw error;
          return failure;
        }
      },
    };
  }

  private async makerOfClients(): Promise<MakeClient> {
    const exported = (await this.running().load()) as {
      readonly default?: unknown;
      readonly client?: unknown;
    };
    const make = exported.default ?? exported.client ?? exported;
    if (typeof make !== 'function')
      throw new TypeError('client: expected a default export (or one named client) that is a function');
    return make as MakeClient;
  }

  private running(): Program {
    return this.program!;
  }

  enter(): void {
    if (this.program === undefined) {
      beginsIn(this.run);
      this.program = this.make();
    }
    this.program.enter();
  }

  leave(): void {
    this.program?.leave();
  }

  uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): boolean {
    return this.program?.uncaught(error, origin) ?? false;
  }

  signal(name: 'SIGTERM'): boolean {
    return this.program?.signal(name) ?? false;
  }

  ended(): void {
    this.program?.ended();
  }
}

/** Data of the harness's own realm, as it stands at this moment. */
function plain(completion: Completion): Completion {
  return JSON.parse(JSON.stringify(completion) ?? 'null') as Completion & Json;
}
