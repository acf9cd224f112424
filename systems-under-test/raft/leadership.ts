import type { Json, Nanos } from '../../harness/contract/index.ts';
import { packed } from './log.ts';
import { MembershipChange } from './membership-change.ts';
import type { Alive, Append, Appended, ClientReply, ClientRequest, Entry } from './messages.ts';
import type { Node } from './node.ts';
import { Reads } from './reads.ts';

/** What the leader knows of one follower. */
export interface Progress {
  readonly name: string;
  /** False for who is replicated to but does not count: one that catches up, or one that leaves. */
  voter: boolean;
  /** The next entry to send. */
  next: number;
  /** The follower's log equals the leader's up to here, on its disk. */
  match: number;
  /** When the entries or the snapshot that are on their way were sent; undefined if none are. */
  sentAt: Nanos | undefined;
  /** The last entry of those. */
  sentThrough: number;
  /** When the follower was last heard of. */
  heardAt: Nanos;
  /** The last round of heartbeats that it answered. */
  round: number;
  /** The version that its last answer told. */
  version: number;
}

/**
 * One reign: replication, commitment and answers to clients (extended Raft paper, sections 5.3 and 5.4.2). Lives from the election to the
 * step-down in one term.
 *
 * One batch of entries is on its way to each follower at a time; what arrives meanwhile makes up the next batch, so that
 * batches grow with the load by themselves. The leader writes its own disk at the same time as the followers do (thesis, section 10.2.1).
 */
export class Leadership {
  private readonly node: Node;
  private readonly term: number;
  private readonly followers = new Map<string, Progress>();
  readonly change: MembershipChange;
  private readonly pending = new Map<number, (reply: ClientReply) => void>();
  readonly reads: Reads;
  private round = 0;
  /** Index of the first entry of this reign. */
  private firstIndex = 0;
  over = false;
  private readonly scratch: number[] = [];

  constructor(node: Node) {
    this.node = node;
    this.term = node.term;
    for (const name of node.members.others) this.follow(name);
    this.change = new MembershipChange(node, this);
    this.reads = new Reads(node, () => this.startRound());
  }

  begin(): void {
    const { node } = this;
    if (node.flaw('commits-earlier-term')) {
      for (const follower of this.followers.values()) this.sendFrom(follower);
    } else {
      // An entry of the new term, for only such an entry can be committed by counting, and all before it with it (section 8).
      this.firstIndex = node.log.lastIndex + 1;
      this.add({ term: this.term, f: 'noop', key: null, value: null, session: 0, sequence: 0 });
    }
    this.tick();
  }

  /** The reign is over. What was accepted may still be committed by others: nobody knows. */
  end(): void {
    this.over = true;
    this.reads.end();
    for (const resolve of this.pending.values()) resolve({ status: 'unknown', leader: this.node.leader });
    this.pending.clear();
  }

  // ---- clients ----

  command(request: ClientRequest): ClientReply | Promise<ClientReply> {
    const { node } = this;
    const refusal = node.machine.refusal(request);
    if (refusal !== undefined) return { status: 'fail', error: refusal };
    return this.propose(request);
  }

  /** Puts it into the log; resolves when it is applied, or this reign over. */
  propose({ f, key, value, session, sequence }: ClientRequest): Promise<ClientReply> {
    return new Promise((resolve) => {
      this.pending.set(this.node.log.lastIndex + 1, resolve);
      this.add({ term: this.term, f, key, value, session, sequence });
    });
  }

  read(question: Json): ClientReply | Promise<ClientReply> {
    return this.reads.read(question, this.firstIndex);
  }

  onApplied(index: number, term: number, reply: ClientReply): void {
    const resolve = this.pending.get(index);
    if (resolve === undefined) return;
    this.pending.delete(index);
    this.node.host.always(term === this.term, 'a leader never replaces its own entries', { index, term });
    resolve(reply);
  }

  // ---- followers ----

  follower(name: string): Progress | undefined {
    return this.followers.get(name);
  }

  /** Replicates to this server from now on. Of one that is no voter yet it asks at once what it has, by the last entry. */
  follow(name: string): Progress {
    const { node } = this;
    const { lastIndex } = node.log;
    const voter = node.members.voters.includes(name);
    const follower: Progress = this.followers.get(name) ?? {
      name,
      voter,
      next: voter ? lastIndex + 1 : Math.max(1, lastIndex),
      match: 0,
      sentAt: undefined,
      sentThrough: 0,
      heardAt: node.host.clock.monotonic(),
      round: 0,
      version: 1,
    };
    follower.voter = voter;
    this.followers.set(name, follower);
    if (!voter && follower.sentAt === undefined) this.replicate(follower);
    return follower;
  }

  /** The members are others since the last entry. */
  onMembers(): void {
    const { members } = this.node;
    for (const follower of this.followers.values()) follower.voter = members.voters.includes(follower.name);
    for (const name of members.others) this.follow(name);
  }

  /** Replicates no longer to who neither votes nor catches up. Their last word tells them what is committed: that they were removed. */
  unfollowOthers(): void {
    for (const follower of this.followers.values()) {
      if (follower.voter || this.change.teaches(follower.name)) continue;
      this.beat(follower, this.round);
      this.followers.delete(follower.name);
    }
  }

  /** An entry of this reign is committed, and so everything before it. */
  get committedOwnEntry(): boolean {
    return this.firstIndex > 0 && this.node.commitIndex >= this.firstIndex;
  }

  // ---- replication ----

  private add(entry: Entry): void {
    this.node.append(entry);
    for (const follower of this.followers.values()) {
      if (follower.sentAt === undefined) this.replicate(follower);
    }
    if (this.followers.size === 0) this.advance();
  }

  /** Sends what the follower lacks; nothing if it has all. */
  private replicate(follower: Progress): void {
    if (follower.next <= this.node.log.lastIndex) this.sendFrom(follower);
  }

  /** Sends the entries from `next` on, or the snapshot that covers it. */
  private sendFrom(follower: Progress): void {
    const { node, term, round } = this;
    const { log } = node;
    const { next, name } = follower;
    follower.sentAt = node.host.clock.monotonic();
    const prevIndex = next - 1;
    if (prevIndex < log.base.index) {
      const snapshot = node.snapshot!;
      follower.sentThrough = snapshot.at.index;
      node.send(name, { type: 'install', term, round, snapshot });
      return;
    }
    const entries = log.from(next, node.settings.entriesPerAppend);
    follower.sentThrough = prevIndex + entries.length;
    node.send(name, {
      type: 'append',
      term,
      prevIndex,
      prevTerm: log.termAt(prevIndex),
      prevChain: log.chainAt(prevIndex),
      ...this.inFormOf(follower, entries),
      commit: node.commitIndex,
      round,
    });
  }

  /** The new form only goes to who has said that he knows it: a server that does not would take the message for one without entries. */
  private inFormOf(
    { name, version }: Progress,
    entries: readonly Entry[],
  ): Pick<Append, 'entries' | 'packed'> {
    const { node } = this;
    if (node.version < 2 || (version < 2 && !node.flaw('new-format-to-all'))) return { entries };
    node.host.always(version >= 2, 'entries go out in a form that the receiver knows', { to: name, version });
    return { entries: [], packed: entries.map(packed) };
  }

  onAppended(reply: Appended, from: string): void {
    const follower = this.hear(reply, from);
    if (follower === undefined) return;
    if (reply.success) {
      // Repeated answers to older batches must not set off a batch each: they would multiply.
      if (reply.match >= follower.sentThrough) follower.sentAt = undefined;
      if (reply.match > follower.match) {
        follower.match = reply.match;
        this.advance();
      }
      if (follower.next <= follower.match) follower.next = follower.match + 1;
    } else {
      const next = Math.max(1, reply.conflictIndex);
      // An older refusal, overtaken by later ones, tells nothing new.
      if (next >= follower.next) return;
      follower.next = next;
      follower.sentAt = undefined;
    }
    if (!this.over && follower.sentAt === undefined) this.replicate(follower);
  }

  /** The leader's own disk has caught up. */
  onDurable(): void {
    this.advance();
  }

  /** Commits what a majority has on disk. */
  private advance(): void {
    const { node } = this;
    const durable = this.reachedByMajority(node.storage.durableIndex, (follower) => follower.match);
    const agreed = Math.min(durable, node.log.lastIndex);
    if (agreed <= node.commitIndex) return;
    // Figure 8: an entry of an earlier term may yet be overwritten, however many servers have it.
    const own = node.log.termAt(agreed) === this.term;
    if (!own && !node.flaw('commits-earlier-term')) return;
    node.host.always(
      node.log.termAt(agreed) === this.term,
      'a leader commits by counting only entries of its own term',
      {
        index: agreed,
        term: node.log.termAt(agreed),
      },
    );
    this.expectOnMajority(agreed);
    node.commit(agreed);
  }

  /** However it was counted. */
  private expectOnMajority(index: number): void {
    const { host, members, storage } = this.node;
    const having = members.others.filter((name) => (this.followers.get(name)?.match ?? 0) >= index).length;
    const own = members.votes && storage.durableIndex >= index ? 1 : 0;
    host.always(having + own >= members.majority, 'what is committed is on the disks of a majority', {
      index,
      having: having + own,
    });
  }

  /** The largest number that a majority has reached, this server among them. */
  private reachedByMajority(own: number, reached: (follower: Progress) => number): number {
    const sorted = this.scratch;
    const { votes, majority } = this.node.members;
    // A leader that is being removed brings the others to agree, and does not count itself (thesis, section 4.2.2).
    let count = 0;
    if (votes) sorted[count++] = own;
    for (const follower of this.followers.values()) {
      if (!follower.voter) continue;
      const number = reached(follower);
      let at = count++;
      for (; at > 0 && sorted[at - 1]! < number; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = number;
    }
    return sorted[majority - 1]!;
  }

  // ---- heartbeats ----

  onAlive(reply: Alive, from: string): void {
    this.hear(reply, from);
  }

  private hear(reply: Alive | Appended, from: string): Progress | undefined {
    const follower = this.followers.get(from);
    if (follower === undefined || reply.term !== this.term) return undefined;
    this.node.host.always(reply.term === this.node.term, 'an answer counts in the reign that it is given to');
    follower.heardAt = this.node.host.clock.monotonic();
    follower.version = reply.version ?? 1;
    if (reply.round > follower.round) {
      follower.round = reply.round;
      this.reads.confirm(this.reachedByMajority(this.round, (each) => each.round));
    }
    return follower;
  }

  /** Sends a heartbeat to every follower. @returns the number of the round. */
  private startRound(): number {
    const round = ++this.round;
    for (const follower of this.followers.values()) this.beat(follower, round);
    if (this.followers.size === 0) this.reads.confirm(round);
    return round;
  }

  private beat({ name, match }: Progress, round: number): void {
    const { node, term } = this;
    node.send(name, { type: 'heartbeat', term, commit: Math.min(match, node.commitIndex), round });
  }

  private tick(): void {
    if (this.over) return;
    const { node } = this;
    const now = node.host.clock.monotonic();
    const { heartbeat, electionTimeoutMax } = node.settings;

    // A leader that a majority does not answer cannot commit anything; its clients had better look elsewhere (thesis, section 6.2).
    let reachable = node.members.votes ? 1 : 0;
    for (const { voter, heardAt } of this.followers.values())
      if (voter && now - heardAt < electionTimeoutMax) reachable++;
    const believes = node.flaw('stale-leader-reads') || node.flaw('lease-without-margin');
    if (reachable < node.members.majority && !believes) {
      node.stepDown('no majority answers');
      return;
    }

    this.reads.began(this.startRound());
    for (const follower of this.followers.values()) {
      // No answer within a heartbeat: lost, or slow; sending twice does no harm.
      if (follower.sentAt !== undefined && now - follower.sentAt >= heartbeat) follower.sentAt = undefined;
      if (follower.sentAt === undefined) this.replicate(follower);
    }
    node.host.after(heartbeat, () => this.tick());
  }
}
