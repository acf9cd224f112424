import { DiskFull, type Host, HostError } from '../../harness/contract/index.ts';
import { Batch, type Command, type Outcome } from '../shared/command.ts';
import type { Epoch, Position } from '../shared/position.ts';
import type { Replica, Snapshot } from '../shared/replica.ts';
import { Link, type LinkOwner, type Round } from './link.ts';
import { type PrimaryBackupOptions, quorumOf } from './options.ts';
import { members, NO_VIEW, type View } from './view.ts';

export interface PrimaryFlaws {
  /** Does not wait for the backups. */
  readonly alone: boolean;
  /** Waits for the backups only for a while. */
  readonly impatient: boolean;
}

interface Waiting {
  readonly command: Command;
  readonly resolve: (outcome: Outcome | 'not-primary') => void;
}

/**
 * A server while it is the primary. Commands go in rounds: those that arrived during the last round are carried out together on a
 * batch; the changes go to the own log and to the backups at once; when as many have acknowledged as the mode demands, the replies leave.
 * In synchronous mode reads travel the same way, and that is what makes them safe: *every* backup says, after the value was
 * read, that it knows no newer view. Whoever could have become primary is among them, so nobody had.
 */
export class Primary implements LinkOwner {
  readonly host: Host;
  readonly options: PrimaryBackupOptions;
  epoch: Epoch = [0, 0];
  rounds: Round[] = [];
  private view = NO_VIEW;
  private readonly replica: Replica;
  private readonly flaws: PrimaryFlaws;
  private readonly askForView: () => void;
  private links: Link[] = [];
  private waiting: Waiting[] = [];
  private running = false;
  private ended = false;
  /** It was noted that this server leads the view. */
  private announced = false;
  /** The last view that the view service called complete. */
  private confirmed = 0;
  private roundNumber = 0;
  private sequence: number;
  private wake: (() => void) | undefined;

  constructor(
    host: Host,
    options: PrimaryBackupOptions,
    replica: Replica,
    view: View,
    askForView: () => void,
    flaws: PrimaryFlaws,
  ) {
    this.host = host;
    this.options = options;
    this.replica = replica;
    this.askForView = askForView;
    this.flaws = flaws;
    this.sequence = replica.position.sequence;
    this.lead(view);
  }

  /** Goes on in a newer view, whose backups have to join anew. */
  lead(view: View): void {
    this.host.always(view.number > this.view.number, 'a primary goes on in newer views only');
    this.view = view;
    this.announced = false;
    this.epoch = [view.number, this.host.incarnation];
    for (const link of this.links) link.end();
    this.links = view.backups.map((backup) => new Link(this, backup));
    this.progressed();
  }

  /** Another one leads. What was not begun certainly does not happen here; what was begun, nobody knows. */
  end(): void {
    this.ended = true;
    for (const link of this.links) link.end();
    for (const { resolve } of this.waiting) resolve('not-primary');
    this.waiting = [];
    this.wake?.();
  }

  /** True if it may carry out commands: the view is large enough and those that must have the state have it. */
  get active(): boolean {
    const { mode } = this.options;
    if (this.ended || members(this.view).length < quorumOf(this.options)) return false;
    if (mode === 'asynchronous') return true;
    if (this.confirmed !== this.view.number) return false;
    const joined = this.links.filter((link) => link.joined).length;
    return mode === 'synchronous'
      ? joined === this.links.length
      : joined + 1 >= Math.min(quorumOf(this.options), members(this.view).length);
  }

  /** All members of the view have the whole state, and the view service knows it: from now on it takes nobody else for primary. */
  confirm(view: number): void {
    this.confirmed = view;
    this.progressed();
  }

  /** Backups that the view should do without. */
  unreachable(): string[] {
    return this.links.filter((link) => link.silentFor(this.options.deadAfter / 2)).map((link) => link.backup);
  }

  execute(command: Command): Promise<Outcome | 'not-primary'> {
    if (!this.active) return Promise.resolve('not-primary');
    if (command.f === 'read' && this.options.mode === 'asynchronous')
      return Promise.resolve(this.read(command));
    return new Promise((resolve) => {
      this.waiting.push({ command, resolve });
      if (!this.running) void this.runRounds();
    });
  }

  /** Reads the own copy, whoever else may have become primary since. */
  read(command: Command): Outcome {
    return new Batch(this.replica.table).execute(command);
  }

  private async runRounds(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0 && !this.ended) {
      const group = this.waiting;
      this.waiting = [];
      await this.runRound(group);
    }
    this.running = false;
  }

  private async runRound(group: readonly Waiting[]): Promise<void> {
    const batch = new Batch(this.replica.table);
    const outcomes: Outcome[] = group.map(({ command }) => batch.execute(command));
    const { changes } = batch;
    const before = this.replica.position;
    const position: Position =
      changes.length === 0 ? before : { epoch: this.epoch, sequence: ++this.sequence };
    const round: Round = { number: ++this.roundNumber, position, changes };
    try {
      if (changes.length > 0) {
        // Own disk first: a disk without room must refuse the round before a backup has it.
        await this.replica.inTurn(() => this.replica.append(position, changes));
      }
      this.rounds.push(round);
      for (const link of this.links) link.poke();
      const complete = await this.acknowledged(round);
      if (!complete) outcomes.fill({ type: 'info', error: 'deposed' });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error instanceof DiskFull) this.sequence--;
      outcomes.fill({ type: error instanceof DiskFull ? 'fail' : 'info', error: error.code });
      if (!(error instanceof DiskFull)) this.host.exit(error.message);
    }
    group.forEach(({ resolve }, nth) => {
      resolve(outcomes[nth]!);
    });
    if (changes.length > 0 && !this.ended && this.waiting.length === 0) await this.tidy();
  }

  private async tidy(): Promise<void> {
    try {
      await this.replica.inTurn(() => this.replica.tidy());
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.host.exit(error.message);
    }
  }

  /** Resolves with true when the mode is satisfied, with false when somebody else leads. */
  private async acknowledged(round: Round): Promise<boolean> {
    const patience = this.flaws.impatient ? this.options.forwardTimeout : Number.POSITIVE_INFINITY;
    const since = this.host.clock.monotonic();
    while (!this.ended && !this.satisfied(round) && this.host.clock.monotonic() - since < patience) {
      if (this.flaws.impatient) this.host.after(patience, () => this.wake?.());
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    // What every backup has is of no use any more; one that has not joined gets a snapshot, and what came after it.
    if (this.links.every((link) => link.joined)) {
      const least = Math.min(...this.links.map((link) => link.confirmed), round.number);
      this.rounds = this.rounds.filter((each) => each.number > least || each.number === this.roundNumber);
    }
    return !this.ended;
  }

  private satisfied(round: Round): boolean {
    const { mode } = this.options;
    if (mode === 'asynchronous' || this.flaws.alone) return true;
    if (!this.active) return false;
    // Until then the view service may take somebody outside for primary, who lacks what is acknowledged here.
    this.host.always(
      this.confirmed === this.view.number,
      'only a view that is known to be complete acknowledges',
    );
    const confirmed = this.links.filter((link) => link.joined && link.confirmed >= round.number).length;
    return mode === 'synchronous' ? confirmed === this.links.length : confirmed + 1 >= quorumOf(this.options);
  }

  snapshot(): Snapshot {
    return this.replica.snapshot();
  }

  joined(): void {
    // The view may be complete now, and is of use when the view service says so.
    this.askForView();
    this.progressed();
  }

  progressed(): void {
    if (this.active && !this.announced) {
      this.announced = true;
      this.host.note('leader', { view: this.view.number });
    }
    this.wake?.();
  }

  superseded(): void {
    this.askForView();
  }
}
