import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Json,
  MILLISECOND,
  type Pairs,
  type Request,
  SECOND,
  type Setting,
  type Topology,
} from '../../../harness/contract/index.ts';
import { createSimulator, type Simulator } from '../../../harness/simulator/index.ts';
import type { Observation } from '../../../histories/index.ts';
import { raft } from '../index.ts';
import type { ClientReply, ClientRequest } from '../messages.ts';
import type { RaftOptions } from '../options.ts';

const SETTINGS = {
  tick: 1,
  hopLatency: 50_000,
  jitter: 100_000,
  slowShare: 0,
  loss: 0,
  linkBitsPerSecond: 0,
  transportChecksum: true,
  cpuPerEvent: 10_000,
  cpuPerKilobyte: 1000,
  queueLimit: 10_000,
  diskWriteLatency: 50_000,
  diskSyncLatency: 500_000,
  diskReadLatency: 100_000,
};
const LIMITS = { events: 5e6, eventsPerInstant: 1e5, realSeconds: 60, memoryMegabytes: 512 };

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, nth) => `${prefix}${nth + 1}`);

/**
 * A simulated cluster for tests by hand: servers `n1`.., clients `c1`.., all in one rack; with spares `s1`.. there is the operator `o1`, which
 * acts by itself or, if it is `manual`, only asks what the test tells it to. Times are milliseconds.
 */
export class Cluster {
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  readonly world: Simulator;
  readonly observations: Omit<Observation, 'index'>[] = [];
  /** Called at the moment at which a host reports something of this kind. */
  readonly whenReported = new Map<string, (host: string) => void>();
  private readonly users = new Map<string, Client>();
  private readonly people = new Map<string, Host>();

  constructor(
    more: {
      readonly seed?: number;
      readonly servers?: number;
      readonly options?: RaftOptions;
      readonly flaws?: readonly string[];
      readonly spares?: number;
      readonly manual?: boolean;
    } = {},
  ) {
    const { seed = 1, servers = 5, options = {}, flaws = [], spares = 0, manual = false } = more;
    this.servers = names('n', servers);
    this.clients = names('c', 3);
    const standby = names('s', spares);
    const operators = spares > 0 ? ['o1'] : [];
    const hosts = [
      ...this.servers.map((name) => ({ name, role: 'server' })),
      ...standby.map((name) => ({ name, role: 'standby' })),
      ...operators.map((name) => ({ name, role: 'operator' })),
      ...this.clients.map((name) => ({ name, role: 'client' })),
    ];
    const topology: Topology = {
      datacenters: [{ name: 'dc1', clusterSwitches: 1, racks: [{ name: 'r1', row: 'row-1', hosts }] }],
      cables: [],
    };
    this.world = createSimulator({
      seed,
      topology,
      settings: SETTINGS,
      limits: LIMITS,
      observe: (observation) => {
        this.observations.push(observation);
        this.whenReported.get(observation.kind)?.(observation.host);
      },
    });
    const setting: Setting<RaftOptions> = {
      options: { ...options, servers, spares },
      hosts: { server: this.servers, standby, operator: operators, client: this.clients },
      workload: { name: 'register', options: {} },
      flaw: (name) => flaws.includes(name),
    };
    for (const name of [...this.servers, ...standby])
      this.world.boot(name, (host) => raft.start(host, 'server', setting));
    for (const name of operators) {
      this.world.boot(name, (host) => {
        this.people.set(name, host);
        return manual ? undefined : raft.start(host, 'operator', setting);
      });
    }
    for (const name of this.clients) {
      this.world.boot(name, (host) => {
        this.users.set(name, raft.client(host, setting));
      });
    }
  }

  /** Does something at a time of the run. */
  at(milliseconds: number, action: () => void): void {
    this.world.at(milliseconds * MILLISECOND, action);
  }

  /** Starts an operation now, from within `at`; resolves with what became of it. */
  invoke(client: string, f: string, key: string, value: Request['value'] = null): Promise<Completion> {
    return new Promise((resolve) => {
      this.world.enter(client, async () => resolve(await this.users.get(client)!.invoke({ f, key, value })));
    });
  }

  /** Carries out one operation after the other, from this time on. @returns what became of each, filled while the run goes on. */
  script(milliseconds: number, client: string, ...requests: readonly Request[]): Completion[] {
    const completions: Completion[] = [];
    this.at(milliseconds, () => {
      this.world.enter(client, async () => {
        for (const request of requests) completions.push(await this.users.get(client)!.invoke(request));
      });
    });
    return completions;
  }

  /** Lets the operator ask a server now, from within `at`. @returns what it is answered, once it is. */
  administer(server: string, f: string, key: string | null = null): ClientReply[] {
    const replies: ClientReply[] = [];
    const request: ClientRequest = { f, key, value: null, session: 0, sequence: 0 };
    this.world.enter('o1', async () => {
      try {
        const reply = await this.people.get('o1')!.network.request(server, request, { timeout: SECOND });
        replies.push(reply as ClientReply);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
    });
    return replies;
  }

  /** The voters of the last change that was committed. */
  get members(): Json {
    return this.observations.findLast(({ kind }) => kind === 'members')?.data ?? null;
  }

  async run(milliseconds: number): Promise<void> {
    this.at(milliseconds, () => this.world.stop());
    await this.world.run();
  }

  /** The host that noted last that it leads. */
  get leader(): string {
    const notes = this.observations.filter(({ kind }) => kind === 'leader');
    return notes.at(-1)?.host ?? '';
  }

  get followers(): string[] {
    return this.servers.filter((name) => name !== this.leader);
  }

  /** Hosts that reported this, in order of time. */
  reported(kind: string): string[] {
    return this.observations.filter((observation) => observation.kind === kind).map(({ host }) => host);
  }

  /** What the servers say against themselves. */
  get complaints(): string[] {
    return this.observations
      .filter(({ type }) => type === 'always' || type === 'uncaught')
      .map(({ host, kind }) => `${host}: ${kind}`);
  }

  /** Both directions between any of the one and any of the others. */
  between(some: readonly string[], others: readonly string[]): Pairs {
    return some.flatMap((a) => others.flatMap((b) => [[a, b] as const, [b, a] as const]));
  }
}
