import type { Host, Json } from '../../harness/contract/index.ts';
import { DamagedMemory } from '../shared/region-table.ts';
import type { DurableState } from './durable-state.ts';
import { Election } from './election.ts';
import { Follower } from './follower.ts';
import { Leadership } from './leadership.ts';
import { Log } from './log.ts';
import { Members } from './members.ts';
import type {
  Alive,
  Appended,
  ClientReply,
  ClientRequest,
  Entry,
  ServerMessage,
  Snapshot,
  TellTerm,
  Voted,
} from './messages.ts';
import type { NodeSettings } from './options.ts';
import { firstState } from './recovery.ts';
import { Scrub } from './scrub.ts';
import type { StateMachine } from './state-machine.ts';
import { Storage } from './storage.ts';

/** What an operator has set on this host alone. */
function atOwnPace(settings: NodeSettings, factor: number): NodeSettings {
  return {
    ...settings,
    heartbeat: Math.ceil(settings.heartbeat * factor),
    electionTimeoutMin: Math.ceil(settings.electionTimeoutMin * factor),
    electionTimeoutMax: Math.ceil(settings.electionTimeoutMax * factor),
  };
}

/** What makes a server a member of a group that replicates a state machine. */
export interface Group {
  /** The servers that the group is set up with. */
  readonly members: readonly string[];
  /** Servers that may become members later. None if absent. */
  readonly spares?: readonly string[];
  readonly settings: NodeSettings;
  readonly machine: StateMachine;
  readonly flaw: (name: string) => boolean;
}

/**
 * One server of the cluster: term, vote, log, what is committed and applied; and which role it plays. The roles are objects of their own:
 * `Election` (follower's timer, candidate, votes), `Follower` (takes entries and snapshots), `Leadership` (one reign; thrown
 * away when it ends, so that nothing of a former reign can leak into a later one).
 *
 * Memory changes first, the disk follows (`Storage`); what promises something waits in `settled`.
 */
export class Node {
  readonly host: Host;
  readonly settings: NodeSettings;
  /** Of the program; versions differ while an upgrade goes from server to server. */
  readonly version: number;
  readonly members: Members;
  /** True if there are spares. */
  readonly replaceable: boolean;
  readonly flaw: (name: string) => boolean;
  readonly storage: Storage;
  readonly log = new Log();
  readonly machine: StateMachine;
  readonly election: Election;
  readonly follower: Follower;
  /** Present while this server leads. */
  leadership: Leadership | undefined;

  term = 0;
  votedFor: string | null = null;
  recovering = false;
  /** Whom this server believes to lead its term; '' if it knows nobody. */
  leader = '';
  commitIndex = 0;
  appliedIndex = 0;
  private snapshotIndex = 0;
  private latestSnapshot: Snapshot | undefined;

  constructor(host: Host, { members, spares = [], settings, machine, flaw }: Group, storage: Storage) {
    this.host = host;
    this.settings = atOwnPace(settings, host.configuration.timeouts ?? 1);
    this.version = host.configuration.version ?? 1;
    this.members = new Members(host.name, members);
    this.replaceable = spares.length > 0;
    this.flaw = flaw;
    this.storage = storage;
    this.machine = machine;
    this.election = new Election(this);
    this.follower = new Follower(this);
  }

  /** Resolves when the server has read its disk and takes part. Requests are answered by whoever called. */
  static async start(host: Host, group: Group): Promise<Node> {
    const { flaw } = group;
    const storage = new Storage(host, {
      logNotSynced: flaw('log-not-synced'),
      voteNotPersisted: flaw('vote-not-persisted'),
      checksumNotVerified: flaw('checksum-not-verified'),
    });
    const node = new Node(host, group, storage);
    const others = [...group.members, ...(group.spares ?? [])].filter((name) => name !== host.name);
    const { state, found } = await firstState(host, others, storage);
    node.adoptDisk(state, found.snapshot, found.entries);
    await storage.begin(state, found, node.log);
    // A state machine is a function of the log: at the same entry, all of them are equal.
    const of = `the log of ${group.members.join(', ')}`;
    host.copies(() => [{ of, at: node.appliedIndex, state: node.inSoundMemory(() => node.machine.state()) }]);
    node.serve();
    return node;
  }

  // ---- what it is told ----

  private adoptDisk(state: DurableState, snapshot: Snapshot | undefined, entries: readonly Entry[]): void {
    this.term = state.term;
    this.votedFor = state.votedFor;
    this.recovering = state.recovering;
    if (snapshot !== undefined) {
      this.log.reset(snapshot.at);
      this.restore(snapshot);
    }
    for (const entry of entries) this.addToLog(entry);
  }

  private serve(): void {
    const { network } = this.host;
    this.storage.onFull = () => {
      // It cannot keep what it would promise: let somebody lead who has room.
      if (this.leadership !== undefined) this.stepDown('the disk is full');
    };
    this.storage.onProgress = () => {
      if (!this.storage.savingSnapshot)
        this.log.compact(this.snapshotIndex - this.settings.keepBehindSnapshot);
      this.leadership?.onDurable();
    };
    network.onMessage((message, from) => this.receive(message as ServerMessage, from));
    this.election.start();
    // Without checksums there is nothing to find.
    if (!this.flaw('checksum-not-verified')) new Scrub(this).start();
  }

  private receive(message: ServerMessage, from: string): void {
    switch (message.type) {
      case 'append':
        this.follower.onAppend(message, from);
        break;
      case 'heartbeat':
        this.follower.onHeartbeat(message, from);
        break;
      case 'install':
        this.follower.onInstall(message, from);
        break;
      case 'vote':
        this.election.onVote(message, from);
        break;
      case 'voted':
      case 'appended':
      case 'alive':
        this.hear(message, from);
        break;
      case 'ask-term': {
        const { run } = message;
        this.whenSettled(from, (): TellTerm => ({ type: 'tell-term', run, term: this.term }));
        break;
      }
      // An answer to a question that this server no longer asks.
      case 'tell-term':
        break;
    }
  }

  /** An answer. The vote that would be given names a term that is yet to come; any other of a higher term says that this one is over. */
  private hear(answer: Voted | Appended | Alive, from: string): void {
    const promised = answer.type === 'voted' && answer.granted;
    if (answer.term > this.term && !promised) this.adoptTerm(answer.term);
    else if (answer.type === 'voted') this.election.onVoted(answer, from);
    else if (answer.type === 'appended') this.leadership?.onAppended(answer, from);
    else this.leadership?.onAlive(answer, from);
  }

  /** Puts a command into the log; resolves with what the state machine answers once it is applied. */
  command(command: ClientRequest): ClientReply | Promise<ClientReply> {
    return this.leadership?.command(command) ?? { status: 'not-leader', leader: this.leader };
  }

  /** Asks the state machine, linearizably: the answer contains all that was committed before the question. */
  read(question: Json): ClientReply | Promise<ClientReply> {
    return this.leadership?.read(question) ?? { status: 'not-leader', leader: this.leader };
  }

  /** What the operator asks: who is a member, and to add or remove the server that `key` names. */
  administer({ f, key }: ClientRequest): ClientReply | Promise<ClientReply> {
    const { leadership } = this;
    if (leadership === undefined) return { status: 'not-leader', leader: this.leader };
    if (f === 'members') return leadership.change.view();
    return f === 'add-server' ? leadership.change.add(String(key)) : leadership.change.remove(String(key));
  }

  // ---- terms and roles ----

  /** A higher term exists: this server takes it and follows. Nothing it sends on the strength of it leaves before it is on disk. */
  adoptTerm(term: number): void {
    this.host.always(term > this.term, 'terms only go up', { from: this.term, to: term });
    if (this.leadership !== undefined) this.stepDown('a higher term exists');
    this.term = term;
    this.votedFor = null;
    this.leader = '';
    this.election.abandon();
    this.saveState();
  }

  saveState(): void {
    this.storage.saveState({ term: this.term, votedFor: this.votedFor, recovering: this.recovering });
  }

  /** This server was elected in its current term. */
  lead(): void {
    this.host.always(!this.recovering, 'a server that lost entries does not lead', { term: this.term });
    this.host.note('leader', { term: this.term });
    this.leader = this.host.name;
    this.leadership = new Leadership(this);
    this.leadership.begin();
  }

  stepDown(reason: string): void {
    const { leadership } = this;
    this.leadership = undefined;
    this.leader = '';
    this.host.sometimes(true, 'a leader stepped down');
    this.host.note('stepped-down', { term: this.term, reason });
    leadership?.end();
    this.election.abandon();
  }

  // ---- log and state machine ----

  append(entry: Entry): void {
    this.host.always(entry.term >= this.log.lastTerm, 'terms in the log never decrease', {
      index: this.log.lastIndex + 1,
      term: entry.term,
    });
    this.addToLog(entry);
    this.storage.appended();
    if (entry.f === 'members') this.leadership?.onMembers();
  }

  private addToLog(entry: Entry): void {
    this.log.append(entry);
    if (entry.f === 'members') this.members.append(this.log.lastIndex, entry.value as readonly string[]);
  }

  /** Removes this entry and all after it. */
  truncate(from: number): void {
    this.log.truncate(from);
    this.members.truncate(from);
    this.storage.truncated(from);
  }

  /** Raises the commit index and applies what it now covers. */
  commit(through: number): void {
    if (through <= this.commitIndex) return;
    this.commitIndex = through;
    while (this.appliedIndex < this.commitIndex && this.appliedIndex < this.log.lastIndex) {
      const index = this.appliedIndex + 1;
      const entry = this.log.entry(index);
      const reply = this.inSoundMemory(() => this.apply(entry, index));
      this.appliedIndex = index;
      this.leadership?.onApplied(index, entry.term, reply);
      if (entry.f === 'members') this.leadership?.change.onApplied();
    }
    this.leadership?.reads.release();
    if (
      this.appliedIndex - this.snapshotIndex >= this.settings.snapshotEvery &&
      !this.storage.savingSnapshot
    ) {
      this.takeSnapshot();
    }
  }

  private takeSnapshot(): void {
    const state = this.inSoundMemory(() => this.machine.state());
    const members = this.flaw('snapshot-forgets-members')
      ? undefined
      : this.members.changedBy(this.appliedIndex);
    this.latestSnapshot = { at: this.log.at(this.appliedIndex), state, ...(members && { members }) };
    this.snapshotIndex = this.appliedIndex;
    this.storage.saveSnapshot(this.latestSnapshot);
    this.host.sometimes(true, 'took a snapshot');
  }

  private apply(entry: Entry, index: number): ClientReply {
    if (entry.f === 'noop' || entry.f === 'members') return { status: 'ok', value: entry.value };
    return this.machine.apply(entry, index);
  }

  answer(question: Json): Json {
    return this.inSoundMemory(() => this.machine.read(question));
  }

  /** Damage to the memory of the state machine is repaired: its state is a function of the snapshot and the log since. */
  private inSoundMemory<T>(access: () => T): T {
    try {
      return access();
    } catch (error) {
      if (!(error instanceof DamagedMemory)) throw error;
      this.host.sometimes(true, 'rebuilt the state machine after damage to memory');
      this.machine.restore(this.latestSnapshot?.state);
      for (let index = this.snapshotIndex + 1; index <= this.appliedIndex; index++) {
        this.apply(this.log.entry(index), index);
      }
      return access();
    }
  }

  /** The state machine becomes what the snapshot says. */
  restore(snapshot: Snapshot): void {
    this.host.always(snapshot.at.index >= this.appliedIndex, 'what was applied stays applied', {
      applied: this.appliedIndex,
      snapshot: snapshot.at.index,
    });
    this.machine.restore(snapshot.state);
    this.members.restore(snapshot.at.index, snapshot.members, this.log.lastIndex);
    this.latestSnapshot = snapshot;
    this.snapshotIndex = snapshot.at.index;
    this.appliedIndex = snapshot.at.index;
    this.commitIndex = Math.max(this.commitIndex, snapshot.at.index);
  }

  /** The newest snapshot; there is one whenever the log has been compacted. */
  get snapshot(): Snapshot | undefined {
    return this.latestSnapshot;
  }

  // ---- sending ----

  send(to: string, message: ServerMessage): void {
    this.host.network.send(to, message);
  }

  /** What an answer says of this server's version: nothing, as long as it is the first. */
  get ownVersion(): { readonly version?: number } {
    return this.version >= 2 ? { version: this.version } : {};
  }

  /** Makes and sends the message once everything changed so far is on disk; not at all, if the term has changed by then. */
  whenSettled(to: string, make: () => ServerMessage): void {
    const { term } = this;
    this.storage.settled(() => {
      if (this.term === term) this.send(to, make());
    });
  }
}
