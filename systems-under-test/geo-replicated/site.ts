import { type Host, HostError, type Json, type Nanos, type Setting } from '../../harness/contract/index.ts';
import { type Command, type Outcome, parseCommand } from '../shared/command.ts';
import { comparePositions, samePosition } from '../shared/position.ts';
import type { Entry } from '../shared/records.ts';
import type { Replica } from '../shared/replica.ts';
import { Sequencer, type SequencerOwner } from '../shared/sequencer.ts';
import { Sessions } from '../shared/sessions.ts';
import { SiteCopy } from './copy.ts';
import { Leadership } from './leadership.ts';
import type { Append, Appended, Elect, Elected, Fields, Install } from './messages.ts';
import type { GeoReplicatedOptions } from './options.ts';

/** The server of a data centre: votes, follows, leads. */
export class Site implements SequencerOwner {
  readonly host: Host;
  readonly replica: Replica;
  private readonly setting: Setting<GeoReplicatedOptions>;
  private readonly options: GeoReplicatedOptions;
  private readonly copy: SiteCopy;
  private readonly sequencer: Sequencer;
  private readonly others: readonly string[];
  /** Who leads in the term of the ballot, as far as known. */
  private leader = '';
  private leading: Leadership | undefined;
  /** Since when nobody was heard of who leads, or might soon. */
  private quietSince: Nanos;
  /** When its own last candidacy ended. Of no concern to others: two candidates that wait for each other's patience would refuse each other for many rounds. */
  private triedAt: Nanos;
  /** The newest term heard of. */
  private seen = 0;
  /** For a copy that is not whole: no leader of an older term than this is believed. */
  private floor: number | undefined;

  constructor(host: Host, setting: Setting<GeoReplicatedOptions>) {
    this.host = host;
    this.setting = setting;
    this.options = setting.options;
    this.copy = new SiteCopy(host, setting.options.checkpointBytes);
    this.replica = this.copy.replica;
    this.sequencer = new Sequencer(this);
    this.others = setting.hosts.server!.filter((server) => server !== host.name);
    this.quietSince = host.clock.monotonic();
    this.triedAt = this.quietSince;
  }

  async run(): Promise<void> {
    const { host, copy } = this;
    const sessions = new Sessions(host);
    try {
      await copy.open();
    } catch (error) {
      return this.trouble(error);
    }
    host.network.onRequest((request, from): Json | Promise<Json> => {
      const message = request as Fields;
      if (message.f === 'open') return { session: sessions.open() };
      if (message.f === 'term') return { term: copy.ballot.term, whole: copy.whole };
      if (message.f === 'elect')
        return this.inTurn(() => this.elect(message as Elect, from), { granted: false, term: 0 });
      if (message.f === 'append' || message.f === 'install')
        return this.inTurn<Appended>(() => this.follow(message as Append | Install, from), {
          type: 'unable',
        });
      const command = parseCommand(message);
      if (typeof command === 'string') return { type: 'fail', error: command };
      return sessions.once(message.session, message.number, () => this.carryOut(command));
    });
    if (!copy.whole) void this.recover();
    for (;;) await this.watch();
  }

  private async inTurn<T extends Json>(task: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await this.replica.inTurn(task);
    } catch (error) {
      this.trouble(error);
      return otherwise;
    }
  }

  private trouble(error: unknown): void {
    if (!(error instanceof HostError)) throw error;
    if (error.code !== 'disk-full') this.host.exit(error.message);
  }

  // ---- clients ----

  private async carryOut(command: Command): Promise<Json> {
    const { leading } = this;
    if (leading === undefined || leading.lonely()) return this.redirection();
    let outcome: Outcome | 'not-leading';
    if (command.f === 'read') outcome = await leading.read(command);
    else {
      const answer = await this.sequencer.execute(command);
      outcome = answer === 'not-leading' ? answer : answer.outcome;
    }
    return outcome === 'not-leading' ? this.redirection() : { ...outcome };
  }

  private redirection(): Json {
    return { type: 'elsewhere', leader: this.leading === undefined ? this.leader : '' };
  }

  leads(): number | undefined {
    return this.leading?.lonely() === false ? this.leading.term : undefined;
  }

  append(entries: readonly Entry[]): Promise<void> {
    return this.copy.append(entries);
  }

  progressed(): void {
    this.leading?.appended();
  }

  // ---- elections ----

  /** Until it is time to look whether somebody leads; then acts on it. */
  private async watch(): Promise<void> {
    const { host, options, copy } = this;
    const patience = host.random.integer(options.electionTimeoutMin, options.electionTimeoutMax);
    const quiet = () => host.clock.monotonic() - Math.max(this.quietSince, this.triedAt);
    await host.sleep(Math.max(options.heartbeat, patience - quiet()));
    if (this.leading !== undefined) {
      if (this.leading.lonely()) this.depose();
      return;
    }
    if (!copy.whole || quiet() < patience) return;
    try {
      await this.campaign();
    } catch (error) {
      this.trouble(error);
    }
    this.triedAt = host.clock.monotonic();
  }

  /** Asks first whether it would be let, so that a site that was cut off does not disturb the others when it comes back. */
  private async campaign(): Promise<void> {
    const { copy, replica, host } = this;
    const term = Math.max(copy.ballot.term, this.seen) + 1;
    if (!(await this.poll({ f: 'elect', pre: true, term, position: copy.position }))) return;
    await replica.inTurn(async () => {
      if (copy.whole && copy.ballot.term < term) await copy.ballot.cast(term, host.name);
    });
    const position = copy.position;
    if (!this.stands() || !(await this.poll({ f: 'elect', pre: false, term, position }))) return;
    await replica.inTurn(() => this.lead(term));
  }

  /** True until a newer term comes: the last vote is this site's own. */
  private stands(): boolean {
    return this.copy.ballot.vote === this.host.name;
  }

  /** True as soon as most sites grant it, this one included. */
  private poll(question: Elect): Promise<boolean> {
    let needed = Math.ceil(this.others.length / 2);
    let open = this.others.length;
    return new Promise((resolve) => {
      for (const other of this.others) {
        void this.grants(other, question).then((granted) => {
          if (granted) needed--;
          open--;
          if (needed === 0 || open === 0) resolve(needed <= 0);
        });
      }
    });
  }

  private async grants(other: string, question: Elect): Promise<boolean> {
    try {
      const timeout = this.options.siteTimeout;
      const reply = (await this.host.network.request(other, question, { timeout })) as Elected;
      this.seen = Math.max(this.seen, reply.term);
      return reply.granted;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return false;
    }
  }

  /** In turn. The first record of the term is empty: it commits what came before. */
  private async lead(term: number): Promise<void> {
    const { copy, host, setting, sequencer, options } = this;
    if (!this.stands()) return;
    const position = { epoch: [term, host.incarnation] as const, sequence: copy.position.sequence + 1 };
    await copy.append([{ position, changes: [] }]);
    const superseded = (newer: number): void => {
      this.seen = Math.max(this.seen, newer);
      this.depose();
    };
    this.leading = new Leadership({ host, options, copy, sequencer, superseded }, this.others, term, {
      alone: setting.flaw('acknowledges-before-other-sites'),
      unconfirmed: setting.flaw('reads-unconfirmed'),
    });
    host.note('leader', { term });
  }

  private depose(): void {
    const { leading } = this;
    if (leading === undefined) return;
    this.leading = undefined;
    this.quietSince = this.host.clock.monotonic();
    leading.end();
  }

  /** In turn. */
  private async elect({ pre, term, position }: Elect, from: string): Promise<Elected> {
    const { copy, host, options, setting } = this;
    const { ballot } = copy;
    const behind = comparePositions(position, copy.position) < 0 && !setting.flaw('votes-for-anybody');
    const refused = { granted: false, term: ballot.term };
    if (!copy.whole || behind || term < ballot.term) return refused;
    if (pre) {
      const quiet = host.clock.monotonic() - this.quietSince >= options.electionTimeoutMin;
      return { granted: quiet && this.leading === undefined, term: ballot.term };
    }
    if (term === ballot.term) return { granted: ballot.vote === from, term };
    this.depose();
    await ballot.cast(term, from);
    this.leader = '';
    this.quietSince = host.clock.monotonic();
    return { granted: true, term };
  }

  // ---- following ----

  /** In turn. */
  private async follow(message: Append | Install, from: string): Promise<Appended> {
    const { copy, host } = this;
    const { term } = message;
    if (copy.whole && term < copy.ballot.term) return { type: 'old', term: copy.ballot.term };
    if (!copy.whole && (this.floor === undefined || term < this.floor)) return { type: 'unable' };
    if (copy.whole && term > copy.ballot.term) {
      this.depose();
      await copy.ballot.cast(term, from);
    }
    host.always(
      !copy.whole || term === copy.ballot.term,
      'a site follows the leader of the term that it is in',
    );
    this.leader = from;
    this.quietSince = host.clock.monotonic();
    if (message.f === 'append') {
      if (!samePosition(message.after, copy.position))
        return { type: 'differs', position: copy.position, incarnation: host.incarnation };
      if (message.entries.length > 0) await copy.append(message.entries);
    } else {
      if (message.incarnation !== host.incarnation) return { type: 'unable' };
      // A leader's state ends with a record of its term: who has that, or a later one, got a copy of an old message.
      const late = comparePositions(copy.position, message.position) >= 0;
      if (!late) await copy.install(message.position, message.entries);
    }
    if (!copy.whole) await copy.becomeWhole(term, from);
    host.after(0, () => this.tidy());
    return { type: 'ok', position: copy.position };
  }

  private async tidy(): Promise<void> {
    this.copy.records.trim(this.copy.position.sequence);
    await this.inTurn(async () => {
      await this.replica.tidy();
      return null;
    }, null);
  }

  /**
   * A site that has lost its disk has forgotten for whom it voted. Whoever that was has voted for itself, so that the newest term of all others is not older; a leader
   * of an older one is not believed.
   */
  private async recover(): Promise<void> {
    const { host, options, copy } = this;
    while (!copy.whole && this.floor === undefined) {
      const answers = await Promise.all(this.others.map((other) => this.termOf(other)));
      const known = answers.filter((term) => term !== undefined);
      if (known.length === this.others.length) this.floor = Math.max(...known);
      else await host.sleep(options.heartbeat);
    }
  }

  private async termOf(other: string): Promise<number | undefined> {
    try {
      const reply = (await this.host.network.request(
        other,
        { f: 'term' },
        { timeout: this.options.siteTimeout },
      )) as Fields;
      return reply.whole === true ? (reply.term as number) : undefined;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return undefined;
    }
  }
}
