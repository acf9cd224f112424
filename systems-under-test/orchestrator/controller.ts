import {
  type Host,
  type Json,
  type Message,
  MILLISECOND,
  type Nanos,
  type Setting,
} from '../../harness/contract/index.ts';
import type { ClientReply } from '../raft/messages.ts';
import { Node } from '../raft/node.ts';
import { settingsOf } from '../raft/options.ts';
import { type Assignment, Assignments } from './assignments.ts';
import { MARGIN, type OrchestratorOptions, servicesOf } from './options.ts';

/** Between two looks at what runs. */
const TICK: Nanos = 50 * MILLISECOND;

/** What an agent says: which process it is, and which instances have ended by themselves. */
export type Heartbeat = { readonly incarnation: number; readonly ended: readonly number[] };

/** What the leader knows of an agent. */
interface Agent {
  incarnation: number;
  heardAt: Nanos;
  /** Tokens of its instances that have ended by themselves. */
  ended: readonly number[];
}

/**
 * The control plane: a Raft group whose leader hears the agents' heartbeats, and gives every service an instance on an agent that lives (Borg, EuroSys
 * 2015, sections 3.1 and 3.3; Kubernetes' node leases).
 *
 * An agent that is silent for a lease and a margin has stopped its instances, if its clock runs as fast as this one. The answer to a heartbeat, which
 * prolongs the lease, is given only when the leader has made sure that it leads still; a new leader waits for a lease before it calls anybody
 * dead. So instances of one service do not overlap - as far as processes are not paused between looking at the clock and acting. That is what tokens are for.
 */
class Scheduler {
  private readonly host: Host;
  private readonly node: Node;
  private readonly assignments: Assignments;
  private readonly options: OrchestratorOptions;
  /** In the order of the topology. */
  private readonly agents: ReadonlyMap<string, Agent>;
  private term = 0;
  private readonly flaw: (name: string) => boolean;
  /** Only by a fault on purpose. */
  private counted = 0;

  constructor(host: Host, node: Node, assignments: Assignments, setting: Setting<OrchestratorOptions>) {
    this.host = host;
    this.node = node;
    this.assignments = assignments;
    this.options = setting.options;
    this.flaw = (name) => setting.flaw(name);
    this.agents = new Map(
      setting.hosts.agent!.map((name) => [
        name,
        { incarnation: 0, heardAt: Number.NEGATIVE_INFINITY, ended: [] },
      ]),
    );
  }

  /** @returns the instances that the agent is to run, until its lease ends. */
  heartbeat(agent: string, { incarnation, ended }: Heartbeat): ClientReply | Promise<ClientReply> {
    const known = this.agents.get(agent);
    if (known === undefined) return { status: 'fail', error: 'unknown-agent' };
    // One of a dead process that comes late makes its agent seem alive for longer: that only delays what replaces it.
    known.incarnation = Math.max(known.incarnation, incarnation);
    known.heardAt = this.host.clock.monotonic();
    known.ended = ended;
    return this.node.read({ agent, incarnation });
  }

  start(): void {
    this.host.after(TICK, () => {
      if (this.node.leadership !== undefined) this.look();
      this.start();
    });
  }

  private look(): void {
    const now = this.host.clock.monotonic();
    if (this.term !== this.node.term) {
      // What was heard in an earlier reign, or by a follower, says nothing; leases given by others may last yet.
      this.term = this.node.term;
      for (const agent of this.agents.values()) agent.heardAt = now;
      return;
    }
    for (const service of servicesOf(this.options)) {
      if (this.runs(this.assignments.of(service), now)) continue;
      const agent = this.leastLoaded(now);
      if (agent !== undefined) void this.assign(service, agent);
    }
  }

  /** An instance ends with its process, with its machine, or by itself: then it is replaced. */
  private runs(assignment: Assignment | undefined, now: Nanos): boolean {
    if (assignment === undefined) return false;
    const { agent, incarnation, token } = assignment;
    const known = this.agents.get(agent)!;
    return this.lives(known, now) && known.incarnation <= incarnation && !known.ended.includes(token);
  }

  private lives({ heardAt }: Agent, now: Nanos): boolean {
    return now - heardAt < this.options.lease + MARGIN;
  }

  private leastLoaded(now: Nanos): string | undefined {
    let best: string | undefined;
    for (const [name, agent] of this.agents) {
      // Incarnation 0: not heard of at all.
      if (agent.incarnation === 0 || !this.lives(agent, now)) continue;
      if (best === undefined || this.assignments.countOf(name) < this.assignments.countOf(best)) best = name;
    }
    return best;
  }

  private async assign(service: string, agent: string): Promise<void> {
    const { incarnation } = this.agents.get(agent)!;
    const assign = { service, agent, incarnation, instead: this.assignments.tokenOf(service) };
    const value = this.flaw('token-not-durable') ? { ...assign, token: ++this.counted } : assign;
    const reply = await this.node.command({ f: 'assign', key: null, value, session: 0, sequence: 0 });
    if (reply.status === 'ok') this.host.note('assigned', { service, agent, token: reply.value });
  }
}

export async function startController(host: Host, setting: Setting<OrchestratorOptions>): Promise<void> {
  const assignments = new Assignments(host);
  const members = setting.hosts.controller!;
  const node = await Node.start(host, {
    members,
    settings: settingsOf({}),
    machine: assignments,
    flaw: () => false,
  });
  const scheduler = new Scheduler(host, node, assignments, setting);
  host.network.onRequest((request, from): Message | Promise<Message> => {
    const { f, value } = request as { readonly [name: string]: Json };
    if (f === 'heartbeat') return scheduler.heartbeat(from, value as Heartbeat);
    // A hint: whoever does not run it says so.
    if (f === 'where') return { assignment: assignments.read({ service: value as string }) };
    return { status: 'fail', error: 'unknown-request' };
  });
  scheduler.start();
}
