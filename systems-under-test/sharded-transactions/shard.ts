import type { Host, Json, Message, Setting } from '../../harness/contract/index.ts';
import type { ClientReply } from '../raft/messages.ts';
import { Node } from '../raft/node.ts';
import { settingsOf } from '../raft/options.ts';
import { Sessions } from '../shared/sessions.ts';
import { Coordinator } from './coordinator.ts';
import { Groups } from './groups.ts';
import type {
  Micro,
  PeerRequest,
  Prepare,
  SnapshotAnswer,
  SnapshotQuestion,
  TransactionId,
} from './messages.ts';
import { exclude, type Locks, locksOf } from './micro-operations.ts';
import { groupsOf, type ShardedOptions } from './options.ts';
import { Recovery } from './recovery.ts';
import { ShardMachine } from './shard-machine.ts';

const ok = (value: Json): ClientReply => ({ status: 'ok', value });

/**
 * One server of a shard: a member of the group that replicates its keys. Its leader takes part in transactions, and coordinates those that clients bring to
 * it. Nothing but the log decides: what a leader has in memory are transactions that it drives, and readers that wait.
 */
export class Shard {
  readonly host: Host;
  readonly group: string;
  readonly node: Node;
  readonly machine: ShardMachine;
  readonly groups: Groups;
  readonly flaw: (name: string) => boolean;
  /** Transactions that this process is bringing to a decision. */
  readonly driving = new Set<TransactionId>();
  /** Locks that are on their way into the log. */
  private readonly proposed = new Map<TransactionId, Locks>();
  private released: (() => void)[] = [];

  private constructor(
    host: Host,
    group: string,
    node: Node,
    machine: ShardMachine,
    setting: Setting<ShardedOptions>,
  ) {
    this.host = host;
    this.group = group;
    this.node = node;
    this.machine = machine;
    this.groups = new Groups(host, setting.hosts);
    this.flaw = (name) => setting.flaw(name);
    machine.onRelease = () => {
      const waiting = this.released;
      this.released = [];
      for (const go of waiting) go();
    };
  }

  static async start(host: Host, group: string, setting: Setting<ShardedOptions>): Promise<void> {
    const { options } = setting;
    const machine = new ShardMachine(host, options.versions, setting.flaw('reads-through-locks'));
    const members = setting.hosts[group]!;
    const node = await Node.start(host, { members, settings: settingsOf({}), machine, flaw: () => false });
    const shard = new Shard(host, group, node, machine, setting);
    const coordinator = new Coordinator(shard, groupsOf(options), options.patience);
    const sessions = new Sessions(host);
    host.network.onRequest((request): Message | Promise<Message> => {
      const message = request as { readonly [name: string]: Json };
      const { f, session, number, value } = message;
      if (f !== 'open' && f !== 'txn') return shard.answer(request as PeerRequest);
      if (node.leadership === undefined) return { leader: node.leader };
      if (f === 'open') return { session: sessions.open() };
      return sessions.once(session, number, () => coordinator.run(value as readonly Micro[]));
    });
    new Recovery(shard).start();
  }

  /** Resolves when some locks have been released. */
  private release(): Promise<void> {
    return new Promise((resolve) => this.released.push(resolve));
  }

  command(f: string, value: Json): ClientReply | Promise<ClientReply> {
    return this.node.command({ f, key: null, value, session: 0, sequence: 0 });
  }

  private answer(request: PeerRequest): ClientReply | Promise<ClientReply> {
    switch (request.f) {
      case 'prepare':
        return this.prepare(request.value);
      case 'finish':
        return this.command('finish', request.value);
      case 'resolve':
        return this.resolve(request.value);
      case 'snapshot':
        return this.snapshot(request.value);
      default:
        return { status: 'fail', error: 'unknown-request' };
    }
  }

  /**
   * Votes once the locks are in the replicated log: no death of this server can take the vote back. A transaction that is younger than all those that
   * hold what it needs waits for them; an older one fails, since what a younger one has prepared cannot be taken from it. So nobody waits in a
   * circle. (Wound-wait: Rosenkrantz, Stearns and Lewis 1978, where the older one gives up instead of wounding: the younger has voted.)
   */
  async prepare(part: Prepare): Promise<ClientReply> {
    const locks = locksOf(part.micros);
    for (;;) {
      const holders = this.machine.prepared.has(part.id) ? [] : this.holdersOf(locks);
      if (holders.length === 0 || holders.some((holder) => holder > part.id)) break;
      await this.release();
    }
    if (this.flaw('prepare-not-replicated') && this.node.leadership !== undefined) {
      const vote = this.machine.vote(part);
      if (typeof vote === 'string') return { status: 'fail', error: vote };
      void this.command('prepare', part);
      return ok(vote.results);
    }
    this.proposed.set(part.id, locks);
    const reply = await this.command('prepare', part);
    this.proposed.delete(part.id);
    if (reply.status !== 'ok') this.machine.onRelease();
    return reply;
  }

  /** Those that have locks which exclude these, or are about to. */
  private holdersOf(locks: Locks): TransactionId[] {
    const holders = new Map<TransactionId, Locks>([...this.machine.prepared, ...this.proposed]);
    return [...holders].filter(([, held]) => exclude(held, locks)).map(([id]) => id);
  }

  /**
   * What became of a transaction that this group coordinates. Where nobody is about to decide it, it is aborted here: the first decision in the log counts,
   * so that one that is still on its way loses against this one or has won before.
   */
  async resolve(id: TransactionId): Promise<ClientReply> {
    const known = this.machine.outcome(id);
    if (known !== undefined) return ok(known);
    if (this.driving.has(id)) return { status: 'fail', error: 'undecided' };
    return this.command('decide', { id, timestamp: null, others: [] });
  }

  /**
   * Keys at a time. Whoever commits at that time or before had prepared before the time was handed out: this server's log, read linearizably since, has it. It may be
   * undecided yet, and then must be waited for.
   */
  async snapshot(question: SnapshotQuestion): Promise<ClientReply> {
    const reply = await this.node.read(question);
    if (reply.status !== 'ok') return reply;
    let answer = reply.value as SnapshotAnswer;
    while ('undecided' in answer) {
      this.host.sometimes(true, 'a reader waited for a prepared transaction');
      await this.release();
      answer = this.machine.read(question) as SnapshotAnswer;
    }
    return 'values' in answer ? ok(answer.values) : { status: 'fail', error: 'snapshot-too-old' };
  }
}
