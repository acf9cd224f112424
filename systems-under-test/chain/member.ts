import { DiskFull, type Host, HostError } from '../../harness/contract/index.ts';
import type { Change, Command } from '../shared/command.ts';
import { comparePositions, type Position } from '../shared/position.ts';
import type { Entry } from '../shared/records.ts';
import type { Replica } from '../shared/replica.ts';
import { type Sequenced, Sequencer, type SequencerOwner } from '../shared/sequencer.ts';
import {
  type Configuration,
  type Fields,
  isHead,
  isTail,
  NO_CONFIGURATION,
  predecessorOf,
  successorOf,
} from './configuration.ts';
import { Copy } from './copy.ts';
import { Link, type LinkOwner } from './link.ts';
import type { ChainOptions } from './options.ts';

export interface MemberFlaws {
  readonly hasty: boolean;
  readonly skipsSilentSuccessor: boolean;
}

/**
 * A server's part in the chain: takes records from its predecessor, puts them on its disk, sends them on; passes the tail's acknowledgements up.
 * Update propagation invariant (van Renesse and Schneider 2004, section 2.2): what is on the disk of a member is on the disks of all
 * members before it. It holds because a record is sent on only when it is synced, and because nobody listens to a predecessor
 * of an older configuration than it knows.
 */
export class Member implements LinkOwner, SequencerOwner {
  readonly host: Host;
  readonly options: ChainOptions;
  readonly copy: Copy;
  readonly replica: Replica;
  readonly head: Sequencer;
  configuration: Configuration = NO_CONFIGURATION;
  /** The configuration by which the master knows this server's copy; 0 if it is not in the chain and does not join. */
  private since = 0;
  /** The configuration in which this copy has all that its predecessor had at the beginning. */
  synced = 0;
  /** Number of the record that makes it so; undefined before the predecessor said hello. */
  private target: number | undefined;
  private link: Link | undefined;
  private inbox = new Map<number, Entry>();
  private storing = false;
  private readonly flaws: MemberFlaws;
  private readonly askMaster: () => void;

  constructor(host: Host, options: ChainOptions, askMaster: () => void, flaws: MemberFlaws) {
    this.host = host;
    this.options = options;
    this.flaws = flaws;
    this.askMaster = askMaster;
    this.copy = new Copy(host, options.checkpointBytes);
    this.replica = this.copy.replica;
    this.head = new Sequencer(this);
  }

  /** A newer configuration: from here on older ones are refused. A record that is just being written comes first. */
  async enter(configuration: Configuration, since: number): Promise<void> {
    const { host } = this;
    host.always(configuration.number > this.configuration.number, 'configurations only go up', {
      from: this.configuration.number,
      to: configuration.number,
    });
    await this.replica.inTurn(async () => {
      // The founder begins with nothing.
      const founds = configuration.number === 1 && isHead(configuration, host.name);
      if (founds && this.replica.ready === 0) await this.replica.keepReady(since);
      this.configuration = configuration;
      this.since = since;
      this.target = undefined;
      this.inbox.clear();
      this.link?.end();
      const successor = this.whole() ? successorOf(configuration, host.name) : undefined;
      const joining = successor === configuration.joining;
      this.link =
        successor === undefined ? undefined : new Link(this, successor, configuration.number, joining);
      if (isHead(configuration, host.name)) host.note('leader', { configuration: configuration.number });
      else this.head.end();
    });
    this.progressed();
  }

  /** True if this server is in the chain with the copy that the master believes it has. */
  private whole(): boolean {
    return this.configuration.chain.includes(this.host.name) && this.replica.ready === this.since;
  }

  /** True if nothing that was ever acknowledged is missing in this copy: it may be read from, and continued if this is the head. */
  get current(): boolean {
    return this.serves() && this.synced === this.configuration.number;
  }

  /** The head has no predecessor to learn from that its copy is whole. It learns it from its successor. */
  private compared(): boolean {
    return this.link === undefined || this.link.joining || this.link.established;
  }

  get last(): boolean {
    return isTail(this.configuration, this.host.name);
  }

  serves(): boolean {
    return this.whole() && this.configuration.chain.length >= this.options.resiliency;
  }

  leads(): number | undefined {
    return this.current && isHead(this.configuration, this.host.name) ? this.configuration.number : undefined;
  }

  execute(command: Command): Promise<Sequenced | 'not-leading'> {
    return this.leads() === undefined ? Promise.resolve('not-leading') : this.head.execute(command);
  }

  /** The successor, if it has not been of use for a while. */
  unreachable(): string {
    return this.link?.silentFor(this.options.deadAfter / 2) ? this.link.to : '';
  }

  /** Requests of other servers. */
  async answer(message: Fields, from: string): Promise<Fields> {
    if (!this.replica.able(this.options.deadAfter)) return { type: 'unable' };
    if (message.type === 'probe') return { type: 'ok' };
    const refusal = this.refusal(message.configuration as number, from);
    if (refusal !== undefined) return refusal;
    try {
      this.accepted(message.configuration as number, from);
      if (message.type === 'align') return await this.replica.inTurn(() => this.align(message, from));
      return this.standing(message.position as Position);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.trouble(error);
      return { type: 'unable' };
    }
  }

  /** Why what comes from there in this configuration is not accepted, if it is not. */
  private refusal(number: number, from: string): Fields | undefined {
    if (number > this.configuration.number) {
      this.askMaster();
      return { type: 'wait' };
    }
    if (number < this.configuration.number) return { type: 'old-configuration' };
    return predecessorOf(this.configuration, this.host.name) === from
      ? undefined
      : { type: 'old-configuration' };
  }

  /** The update propagation invariant rests on this. */
  private accepted(number: number, from: string): void {
    const { configuration, host } = this;
    host.always(
      number === configuration.number && from === predecessorOf(configuration, host.name),
      'a server listens to its predecessor in the configuration that it acts in',
      { from, theirs: number, own: configuration.number },
    );
  }

  /** The answer to a predecessor that says where it stands. */
  private standing(predecessor: Position): Fields {
    const { copy, host } = this;
    const aligned = this.replica.ready === this.since;
    if (aligned) {
      this.target ??= predecessor.sequence;
      this.progressed();
    }
    const { position, committed } = copy;
    return { type: 'ok', incarnation: host.incarnation, aligned, position, committed };
  }

  /** In turn. */
  private async align(message: Fields, from: string): Promise<Fields> {
    const { copy, host } = this;
    const refusal = this.refusal(message.configuration as number, from);
    if (refusal !== undefined) return refusal;
    this.accepted(message.configuration as number, from);
    if (message.incarnation !== host.incarnation) return { type: 'wait' };
    const aligned = this.replica.ready === this.since;
    // A member that lost its copy is not made whole in its place: the master removes it, and it joins anew at the tail.
    if (!aligned && this.configuration.joining !== host.name) return { type: 'wait' };
    // Without entries: the copy is a beginning of the predecessor's, as it stands.
    if (message.entries !== undefined) {
      const position = message.position as Position;
      if (aligned && comparePositions(position, copy.position) <= 0) return { type: 'ok' };
      host.always(
        !aligned || comparePositions(position, copy.position) > 0,
        'a whole copy only goes forward',
      );
      host.note('state-transfer', { from, sequence: position.sequence });
      await copy.install({ position, entries: message.entries as readonly Change[] });
    }
    if (!aligned) {
      await this.replica.keepReady(this.since);
      // The master waits for this news.
      this.askMaster();
    }
    return { type: 'ok' };
  }

  /** Datagrams of other servers. */
  receive(message: Fields, from: string): void {
    if (message.type === 'ack') {
      // Of whatever configuration: what was committed once is so in all that follow.
      if (from === this.link?.to) this.acknowledged(message.sequence as number);
      return;
    }
    const number = message.configuration as number;
    if (this.refusal(number, from) !== undefined || this.replica.ready !== this.since) return;
    this.accepted(number, from);
    for (const entry of message.entries as readonly Entry[]) this.inbox.set(entry.position.sequence, entry);
    if (!this.storing) void this.store();
  }

  /** Takes what continues the copy out of the inbox, until there is nothing, not even after tidying up. */
  private async store(): Promise<void> {
    this.storing = true;
    try {
      for (let tidied = false; ; ) {
        const stored = await this.replica.inTurn(() => this.storeNext());
        this.progressed();
        if (stored) tidied = false;
        else if (tidied) break;
        else {
          await this.replica.inTurn(() => this.replica.tidy());
          tidied = true;
        }
      }
    } catch (error) {
      this.trouble(error);
    }
    this.storing = false;
  }

  /** In turn. @returns false if there was nothing to store. */
  private async storeNext(): Promise<boolean> {
    const entries = this.nextEntries();
    if (entries.length > 0) await this.copy.append(entries);
    return entries.length > 0;
  }

  private nextEntries(): Entry[] {
    const entries: Entry[] = [];
    const { sequence } = this.copy.position;
    for (const number of [...this.inbox.keys()]) if (number <= sequence) this.inbox.delete(number);
    for (let next = sequence + 1; this.inbox.has(next); next++) entries.push(this.inbox.get(next)!);
    return entries;
  }

  append(entries: readonly Entry[]): Promise<void> {
    return this.copy.append(entries);
  }

  progressed(): void {
    const { copy, configuration } = this;
    this.link?.push();
    if (this.flaws.hasty) this.head.committed(copy.position.sequence);
    if (!this.whole()) return;
    if (this.synced < configuration.number && this.caughtUp()) {
      this.synced = configuration.number;
      this.askMaster();
    }
    const skips = this.flaws.skipsSilentSuccessor && this.unreachable() !== '';
    if ((this.last || skips) && this.serves()) this.acknowledged(copy.position.sequence);
  }

  private caughtUp(): boolean {
    if (isHead(this.configuration, this.host.name)) return this.compared();
    return this.target !== undefined && this.copy.position.sequence >= this.target;
  }

  acknowledged(sequence: number): void {
    const { copy, host, configuration } = this;
    if (!copy.commit(sequence)) return;
    this.head.committed(copy.committed);
    const predecessor = predecessorOf(configuration, host.name);
    if (predecessor === undefined) return;
    host.network.send(predecessor, { type: 'ack', sequence: copy.committed });
  }

  superseded(): void {
    this.askMaster();
  }

  behind(): void {
    this.host.note('gave-up-copy', { damage: 'the successor has more' });
    void this.replica.inTurn(() => this.replica.keepReady(0)).catch((error) => this.trouble(error));
  }

  trouble(error: unknown): void {
    if (!(error instanceof HostError)) throw error;
    if (error instanceof DiskFull) this.replica.wasFull();
    else this.host.exit(error.message);
  }
}
