import { type Host, HostError, type Json, type Nanos, type Setting } from '../../harness/contract/index.ts';
import type { HashRing } from '../shared/hash-ring.ts';
import { short } from './forms.ts';
import { copiesOf, type QuorumOptions } from './options.ts';
import type { Replica } from './replica.ts';

export type Fields = { readonly [name: string]: Json };

/** What one copy answered. `standIn`: it is not one of the key's own servers. */
export interface Answer {
  readonly server: string;
  readonly standIn: boolean;
  readonly state: Json | undefined;
  /** Of the program that answered; 1 if absent. */
  readonly version?: number;
}

/** A server that did not answer is passed over for so many time-outs, by sloppy quorums. */
const SUSPECTED_FOR = 4;

/** Asks the servers of a key; in sloppy quorums, others in the place of those that do not answer (Dynamo, section 4.6). */
export class Copies {
  private readonly host: Host;
  private readonly options: QuorumOptions;
  private readonly ring: HashRing;
  private readonly replica: Replica;
  private readonly suspectedUntil = new Map<string, Nanos>();
  private readonly toAll: boolean;
  /** What each server's last answer said of its program. */
  private readonly versions = new Map<string, number>();

  constructor(host: Host, { options, flaw }: Setting<QuorumOptions>, ring: HashRing, replica: Replica) {
    this.toAll = flaw('new-form-to-all');
    this.host = host;
    this.options = options;
    this.ring = ring;
    this.replica = replica;
  }

  /** The servers on which the key's copies belong. */
  owners(key: string): readonly string[] {
    return this.ring.walk(key).slice(0, copiesOf(this.options));
  }

  /** Asks all copies for what they know, this server's own among them. */
  fetch(key: string): Promise<Answer | undefined>[] {
    const { host, replica } = this;
    const owners = this.owners(key);
    const isOwner = owners.includes(host.name);
    const own: Answer | undefined =
      replica.complete && (isOwner || this.options.quorum === 'sloppy')
        ? { server: host.name, standIn: !isOwner, state: replica.read(key) }
        : undefined;
    return [Promise.resolve(own), ...this.askOthers(key, (server) => this.ask(server, { f: 'fetch', key }))];
  }

  /** Gives the state to all copies but this server's own. A stand-in keeps a hint for whom it holds it. */
  store(key: string, state: Json): Promise<Answer | undefined>[] {
    return this.askOthers(key, (server, hint) => this.storeAt(server, key, state, hint));
  }

  /**
   * Gives the state to one server. The short form goes only to who has said that he knows it; and if somebody has put an older program in his place since, his
   * answer means nothing, and he gets it once more.
   */
  async storeAt(
    server: string,
    key: string,
    state: Json,
    hint: string | null = null,
  ): Promise<Answer | undefined> {
    const newer = (this.host.configuration.version ?? 1) >= 2;
    if (newer && (this.toAll || (this.versions.get(server) ?? 1) >= 2)) {
      const answer = await this.ask(server, { f: 'store', key, short: short(state), hint });
      if (answer === undefined || this.toAll || (answer.version ?? 1) >= 2) return answer;
    }
    return this.ask(server, { f: 'store', key, state, hint });
  }

  private askOthers(
    key: string,
    ask: (server: string, hint: string | null) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined>[] {
    const { name } = this.host;
    const owners = this.owners(key);
    const others = owners.filter((server) => server !== name);
    const sloppy = this.options.quorum === 'sloppy';
    const standIns = sloppy
      ? this.ring.walk(key).filter((server) => server !== name && !owners.includes(server))
      : [];
    return others.map(async (owner) => {
      if (!sloppy || !this.isSuspected(owner)) {
        const answer = await ask(owner, null);
        if (answer !== undefined) return answer;
      }
      for (let next = standIns.shift(); next !== undefined; next = standIns.shift()) {
        if (this.isSuspected(next)) continue;
        const answer = await ask(next, owner);
        if (answer !== undefined) return { ...answer, standIn: true };
      }
      return undefined;
    });
  }

  private isSuspected(server: string): boolean {
    return (this.suspectedUntil.get(server) ?? 0) > this.host.clock.monotonic();
  }

  private async ask(server: string, message: Fields): Promise<Answer | undefined> {
    const { replicaTimeout } = this.options;
    try {
      const reply = (await this.host.network.request(server, message, { timeout: replicaTimeout })) as Fields;
      this.suspectedUntil.delete(server);
      const version = (reply.version ?? 1) as number;
      this.versions.set(server, version);
      if (reply.type !== 'ok') return undefined;
      return { server, standIn: false, state: reply.state ?? undefined, version };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.suspectedUntil.set(server, this.host.clock.monotonic() + SUSPECTED_FOR * replicaTimeout);
      return undefined;
    }
  }
}
