import type { Host, Json, Setting } from '../../harness/contract/index.ts';
import type { ClientReply, Entry } from '../raft/messages.ts';
import { Node } from '../raft/node.ts';
import { settingsOf } from '../raft/options.ts';
import type { StateMachine } from '../raft/state-machine.ts';
import type { PeerRequest } from './messages.ts';
import { ORACLE, type ShardedOptions } from './options.ts';

/** What the oracle's log replicates: up to where timestamps are reserved. */
class Reservations implements StateMachine {
  private limit = 0;

  refusal(): undefined {
    return undefined;
  }
  /** Reserves so many; answers the last of them. */
  apply({ value }: Entry): ClientReply {
    this.limit += value as number;
    return { status: 'ok', value: this.limit };
  }
  read(): Json {
    return null;
  }
  state(): Json {
    return this.limit;
  }
  restore(state: Json | undefined): void {
    this.limit = (state ?? 0) as number;
  }
}

/** Timestamps that the leader of one term reserved and has not handed out. */
interface Range {
  readonly term: number;
  next: number;
  readonly last: number;
}

/**
 * Hands out timestamps: each larger than every one that was handed out before it was asked for (Percolator, section 2.3; TiDB's placement driver).
 * The leader reserves ranges in the replicated log and hands them out from memory. It makes sure with each request that it
 * leads still: another leader's range is higher, so that a timestamp from this one would be in the past.
 */
class Oracle {
  private readonly node: Node;
  private readonly size: number;
  private readonly flaw: (name: string) => boolean;
  private range: Range = { term: 0, next: 1, last: 0 };
  private reserving: Promise<ClientReply> | undefined;

  constructor(node: Node, size: number, flaw: (name: string) => boolean) {
    this.node = node;
    this.size = size;
    this.flaw = flaw;
  }

  async next(): Promise<ClientReply> {
    for (;;) {
      const unconfirmed = this.flaw('oracle-not-confirmed');
      const confirmed = unconfirmed ? undefined : await this.node.read(null);
      if (confirmed !== undefined && confirmed.status !== 'ok') return confirmed;
      // A range of an earlier reign is lower than what others have handed out meanwhile.
      const { range } = this;
      if ((unconfirmed || range.term === this.node.term) && range.next <= range.last)
        return { status: 'ok', value: range.next++ };
      this.reserving ??= this.reserve();
      const reserved = await this.reserving;
      if (reserved.status !== 'ok') return reserved;
    }
  }

  private async reserve(): Promise<ClientReply> {
    const { term } = this.node;
    const value = this.size;
    const command = { f: 'reserve', key: null, value, session: 0, sequence: 0 };
    const reply = await this.node.command(command);
    this.reserving = undefined;
    if (reply.status !== 'ok') return reply;
    const last = reply.value as number;
    const first = last - value + 1;
    const again = this.flaw('range-handed-out-again') && this.range.term !== term;
    this.range = { term, next: again ? Math.max(1, first - value) : first, last };
    return reply;
  }
}

export async function startOracle(host: Host, setting: Setting<ShardedOptions>): Promise<void> {
  const node = await Node.start(host, {
    members: setting.hosts[ORACLE]!,
    settings: settingsOf({}),
    machine: new Reservations(),
    flaw: () => false,
  });
  const oracle = new Oracle(node, setting.options.range, (name) => setting.flaw(name));
  host.network.onRequest((message) => {
    const request = message as PeerRequest;
    return request.f === 'timestamp' ? oracle.next() : { status: 'fail', error: 'unknown-request' };
  });
}
