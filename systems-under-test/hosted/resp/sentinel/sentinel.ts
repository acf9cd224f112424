import type { Environment } from '../environment.ts';
import { ErrorReply, type Reply, Status } from '../protocol/reply.ts';
import { RespServer } from '../server.ts';
import { sentinelCommands } from './commands.ts';
import { Node } from './node.ts';

export interface SentinelOptions {
  /** Name of the group of servers, as clients ask for it. */
  readonly name: string;
  readonly primary: { readonly host: string; readonly port: number };
  /** All sentinels but this one. Real ones find each other through the primary. */
  readonly peers: readonly { readonly host: string; readonly port: number }[];
  /** So many sentinels must hold the primary for dead (`quorum`). */
  readonly quorum: number;
  /** Silence after which a server is held for dead, in milliseconds (`down-after-milliseconds`). */
  readonly downAfter: number;
  /** Within which a failover must be over, in milliseconds (`failover-timeout`). */
  readonly failoverTimeout: number;
  readonly port?: number;
}

/** What a sentinel must not forget: who voted for whom would be said twice. */
export interface SentinelMemory {
  readonly epoch: number;
  readonly votedFor: string;
  readonly votedEpoch: number;
  readonly configEpoch: number;
  readonly primary: { readonly host: string; readonly port: number };
  readonly replicas: readonly { readonly host: string; readonly port: number }[];
}

const TICK = 100;
const PING_EVERY = 1000;
/** Sentinels that notice at once stand for election within so long of each other. */
const DESYNC = 1000;
/** A server that says it is a primary and is not is told otherwise after so long: its failover may be on its way to us. */
const CLAIM_PATIENCE = 8000;

type Failover =
  | { readonly state: 'election'; readonly since: number; readonly votes: Set<string> }
  | { readonly state: 'promotion'; readonly since: number; readonly chosen: Node };

/**
 * A sentinel as Redis's documentation describes it ("High availability with Redis Sentinel"): watches the primary, agrees with a quorum that it is
 * dead, is elected by a majority for an epoch, promotes the replica that is farthest, and lets the others follow it. Sentinels know each other
 * by configuration, and tell each other what they know directly, where real ones use a channel of the servers.
 */
export class Sentinel {
  readonly server: RespServer;
  readonly runId: string;
  private readonly environment: Environment;
  readonly options: SentinelOptions;
  private readonly save: (memory: SentinelMemory) => void;
  readonly peers: readonly Node[];
  /** What peers said when they were last asked whether the primary is dead, and when. */
  private readonly opinions = new Map<Node, { readonly down: boolean; readonly at: number }>();
  primary: Node;
  replicas: readonly Node[] = [];
  private epoch = 0;
  private votedFor = '';
  private votedEpoch = 0;
  private configEpoch = 0;
  private failover: Failover | null = null;
  /** No failover of one's own before that. */
  private notBefore = 0;
  private pingedAt = 0;
  /** When it stands for election, once a quorum agrees. */
  private standAt: number | null = null;

  constructor(
    environment: Environment,
    options: SentinelOptions,
    memory: SentinelMemory | null = null,
    save: (memory: SentinelMemory) => void = () => {},
  ) {
    this.environment = environment;
    this.options = options;
    this.save = save;
    const { host, port } = memory?.primary ?? options.primary;
    this.primary = new Node(environment, host, port);
    this.peers = options.peers.map((peer) => new Node(environment, peer.host, peer.port));
    if (memory !== null) {
      this.epoch = memory.epoch;
      this.votedFor = memory.votedFor;
      this.votedEpoch = memory.votedEpoch;
      this.configEpoch = memory.configEpoch;
      this.replicas = memory.replicas.map((one) => new Node(environment, one.host, one.port));
    }
    this.server = new RespServer(environment, sentinelCommands(this), { port: options.port ?? 26379 });
    this.runId = this.server.engine.replication.runId;
    this.tick();
  }

  get now(): number {
    return Math.floor(this.environment.now() / 1000);
  }

  private remember(): void {
    const place = ({ host, port }: Node) => ({ host, port });
    const { epoch, votedFor, votedEpoch, configEpoch } = this;
    this.save({
      epoch,
      votedFor,
      votedEpoch,
      configEpoch,
      primary: place(this.primary),
      replicas: this.replicas.map(place),
    });
  }

  private publish(channel: string, message: string): void {
    this.server.engine.pubsub.publish(channel, message);
    this.server.flush();
  }

  private tick(): void {
    this.environment.after(TICK, () => {
      if (this.now - this.pingedAt >= PING_EVERY) {
        this.pingedAt = this.now;
        this.look();
      }
      this.decide();
      this.tick();
    });
  }

  /** Asks all servers how they are, and tells the other sentinels what is known here. */
  private look(): void {
    for (const node of [this.primary, ...this.replicas]) {
      node.ask(['PING'], (reply) => {
        if (
          reply instanceof Status ||
          (reply instanceof ErrorReply && /^(?:LOADING|MASTERDOWN)/.test(reply.text))
        )
          node.answeredAt = this.now;
      });
      node.ask(['INFO', 'replication'], (reply) => {
        if (typeof reply === 'string') this.learn(node, reply);
      });
    }
    for (const peer of this.peers) {
      const { host, port } = this.primary;
      peer.ask(['SENTINEL', 'HELLO', String(this.epoch), String(this.configEpoch), host, String(port)]);
      peer.ask(['PING'], () => {
        peer.answeredAt = this.now;
      });
    }
  }

  private learn(node: Node, text: string): void {
    node.facts = new Map(text.split('\r\n').map((line) => line.split(/:(.*)/s) as [string, string]));
    if (node === this.primary) {
      for (const [key, value] of node.facts) {
        const found = /^slave[0-9]+$/.test(key) ? /ip=([^,]*),port=([0-9]+)/.exec(value) : null;
        if (found) this.know(found[1]!, Number(found[2]));
      }
      return;
    }
    const isElsewhere =
      node.facts.get('role') === 'slave' &&
      (node.facts.get('master_host') !== this.primary.host ||
        node.facts.get('master_port') !== String(this.primary.port));
    const promoted = this.failover?.state === 'promotion' ? this.failover.chosen : null;
    const isWrong = node !== promoted && (node.facts.get('role') === 'master' || isElsewhere);
    if (!isWrong) {
      node.claimsSince = null;
      return;
    }
    node.claimsSince ??= this.now;
    const isSure =
      this.failover === null && !this.isDown(this.primary) && this.primary.facts.get('role') === 'master';
    if (isSure && this.now - node.claimsSince > CLAIM_PATIENCE) this.letFollow(node);
  }

  private know(host: string, port: number): void {
    if ([this.primary, ...this.replicas].some((node) => node.host === host && node.port === port)) return;
    this.replicas = [...this.replicas, new Node(this.environment, host, port)];
    this.remember();
  }

  private letFollow(node: Node): void {
    node.claimsSince = null;
    node.ask(['REPLICAOF', this.primary.host, String(this.primary.port)]);
    node.ask(['CONFIG', 'REWRITE']);
  }

  /** Held for dead by this sentinel alone (SDOWN). */
  isDown(node: Node): boolean {
    return node.isSilentFor(this.options.downAfter);
  }

  private decide(): void {
    const { failover } = this;
    if (failover !== null && this.now - failover.since > this.options.failoverTimeout) this.giveUp();
    else if (failover?.state === 'promotion') this.awaitPromotion(failover.chosen);
    if (this.failover?.state === 'promotion') return;
    if (!this.isDown(this.primary)) {
      this.opinions.clear();
      this.standAt = null;
      if (this.failover?.state === 'election') this.failover = null;
      return;
    }
    this.askPeers();
    if (this.failover?.state === 'election') this.count(this.failover.votes);
    else if (this.agree() < this.options.quorum) this.standAt = null;
    else {
      // Not all at once: whoever stands first has the others' votes.
      this.standAt ??= Math.max(this.notBefore, this.now) + this.environment.random.integer(0, DESYNC);
      if (this.now >= Math.max(this.standAt, this.notBefore)) this.standForElection();
    }
  }

  private giveUp(): void {
    this.failover = null;
    this.notBefore = this.now + this.options.failoverTimeout + this.environment.random.integer(0, 1000);
  }

  private askPeers(): void {
    const isCandidate = this.failover?.state === 'election';
    const { host, port } = this.primary;
    for (const peer of this.peers) {
      const last = this.opinions.get(peer);
      if (last !== undefined && this.now - last.at < PING_EVERY) continue;
      this.opinions.set(peer, { down: last?.down ?? false, at: this.now });
      const words = [
        'SENTINEL',
        'IS-MASTER-DOWN-BY-ADDR',
        host,
        String(port),
        String(this.epoch),
        isCandidate ? this.runId : '*',
      ];
      peer.ask(words, (reply) => {
        if (!Array.isArray(reply)) return;
        const [down, leader, epoch] = reply as readonly Reply[];
        this.opinions.set(peer, { down: down === 1, at: this.now });
        if (leader === this.runId && epoch === this.epoch && this.failover?.state === 'election')
          this.failover.votes.add(peer.name);
      });
    }
  }

  /** How many sentinels hold the primary for dead, this one among them. */
  private agree(): number {
    const fresh = this.now - 5 * PING_EVERY;
    return 1 + [...this.opinions.values()].filter(({ down, at }) => down && at >= fresh).length;
  }

  private standForElection(): void {
    this.standAt = null;
    this.epoch++;
    if (this.votedEpoch < this.epoch) this.vote(this.epoch, this.runId);
    this.failover = { state: 'election', since: this.now, votes: new Set(['self']) };
    // Those asked a moment ago are asked anew, now for their vote.
    for (const [peer, { down }] of this.opinions)
      this.opinions.set(peer, { down, at: this.now - PING_EVERY });
    this.publish('+new-epoch', String(this.epoch));
  }

  private vote(epoch: number, runId: string): void {
    this.votedEpoch = epoch;
    this.votedFor = runId;
    this.remember();
    // Whoever votes for another lets that one try first.
    if (runId !== this.runId)
      this.notBefore = this.now + this.options.failoverTimeout * 2 + this.environment.random.integer(0, 1000);
  }

  private count(votes: ReadonlySet<string>): void {
    const majority = Math.floor((this.peers.length + 1) / 2) + 1;
    if (votes.size < Math.max(majority, this.options.quorum)) return;
    const chosen = this.best();
    if (chosen === null) return;
    this.failover = { state: 'promotion', since: this.now, chosen };
    this.publish('+failover-state-send-slaveof-noone', `slave ${chosen.name}`);
    chosen.ask(['REPLICAOF', 'NO', 'ONE']);
    chosen.ask(['CONFIG', 'REWRITE']);
  }

  /** The replica that is farthest of those that answer. */
  private best(): Node | null {
    const offset = ({ facts }: Node): number => Number(facts.get('slave_repl_offset') ?? -1);
    const candidates = this.replicas.filter(
      (node) => !this.isDown(node) && node.facts.get('role') === 'slave',
    );
    candidates.sort((a, b) => offset(b) - offset(a) || (a.name < b.name ? -1 : 1));
    return candidates[0] ?? null;
  }

  private awaitPromotion(chosen: Node): void {
    if (chosen.facts.get('role') !== 'master') {
      chosen.ask(['INFO', 'replication'], (reply) => {
        if (typeof reply === 'string') this.learn(chosen, reply);
      });
      return;
    }
    this.failover = null;
    this.switchTo(chosen.host, chosen.port, this.epoch);
    for (const replica of this.replicas) this.letFollow(replica);
  }

  /** What another sentinel knows: a later configuration is taken over. */
  hear(epoch: number, configEpoch: number, host: string, port: number): void {
    if (epoch > this.epoch) this.epoch = epoch;
    if (configEpoch > this.configEpoch) this.switchTo(host, port, configEpoch);
  }

  /** From now on this is the primary, as of a configuration's epoch. */
  private switchTo(host: string, port: number, configEpoch: number): void {
    const old = this.primary;
    this.configEpoch = configEpoch;
    if (old.host === host && old.port === port) return;
    const known = this.replicas.find((node) => node.host === host && node.port === port);
    this.replicas = [...this.replicas.filter((node) => node !== known), old];
    this.primary = known ?? new Node(this.environment, host, port);
    this.primary.answeredAt = this.now;
    this.opinions.clear();
    this.failover = null;
    this.remember();
    this.publish('+switch-master', `${this.options.name} ${old.host} ${old.port} ${host} ${port}`);
  }

  /** Whether the primary is dead in this sentinel's view; and, if asked for it, its vote in an epoch. */
  opinion(host: string, port: number, epoch: number, runId: string): Reply {
    const isDown = host === this.primary.host && port === this.primary.port && this.isDown(this.primary);
    if (epoch > this.epoch) {
      this.epoch = epoch;
      this.remember();
    }
    if (runId === '*') return [Number(isDown), '*', 0];
    if (this.votedEpoch < epoch && this.epoch <= epoch) this.vote(epoch, runId);
    return [Number(isDown), this.votedFor, this.votedEpoch];
  }
}
