import { DiskFull, type Host, HostError, type Nanos } from '../../harness/contract/index.ts';
import type { Change } from '../shared/command.ts';
import {
  compareEpochs,
  comparePositions,
  type Epoch,
  type Position,
  sameEpoch,
  samePosition,
} from '../shared/position.ts';
import type { Replica } from '../shared/replica.ts';
import type { Fields, View } from './view.ts';

export interface BackupFlaws {
  readonly acceptsOldView: boolean;
}

/** A server's answers to a primary. It belongs to at most one epoch at a time, and never to one of a view older than it knows. */
export class Backup {
  private readonly host: Host;
  private readonly replica: Replica;
  private readonly flaws: BackupFlaws;
  /** How long the disk may take before others had better do without this server. */
  private readonly patience: Nanos;
  private readonly askForView: () => void;
  private joined: Epoch | undefined;
  /** The newest view known from the view service in this incarnation; until then nobody is believed. */
  view: View | undefined;

  constructor(host: Host, replica: Replica, patience: Nanos, askForView: () => void, flaws: BackupFlaws) {
    this.host = host;
    this.replica = replica;
    this.patience = patience;
    this.askForView = askForView;
    this.flaws = flaws;
  }

  async answer(message: Fields, from: string): Promise<Fields> {
    try {
      if (message.f === 'probe')
        return this.replica.able(this.patience) ? { type: 'ok' } : { type: 'unable' };
      if (message.f === 'forward') return await this.replica.inTurn(() => this.forward(message, from));
      const refusal = this.refusal(message.epoch as Epoch, from);
      if (refusal !== undefined) return refusal;
      if (message.f === 'join') return await this.replica.inTurn(() => this.join(message, from));
      return { type: 'ok', incarnation: this.host.incarnation, position: this.replica.position };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error instanceof DiskFull) this.replica.wasFull();
      else this.host.exit(error.message);
      return { type: 'unable' };
    }
  }

  /** Why this epoch is not accepted, if it is not. */
  private refusal([number]: Epoch, from: string): Fields | undefined {
    const { view } = this;
    if (view !== undefined && number < view.number) return { type: 'old-view' };
    if (view === undefined || number > view.number) {
      this.askForView();
      return { type: 'wait' };
    }
    return view.primary === from && view.backups.includes(this.host.name) ? undefined : { type: 'old-view' };
  }

  private accepted([number]: Epoch): void {
    const own = this.view?.number ?? 0;
    this.host.always(number === own, 'a backup serves the primary of the view that it knows', {
      number,
      own,
    });
  }

  private async join(message: Fields, from: string): Promise<Fields> {
    const epoch = message.epoch as Epoch;
    const refusal = this.refusal(epoch, from);
    if (refusal !== undefined) return refusal;
    this.accepted(epoch);
    if (message.incarnation !== this.host.incarnation) return { type: 'wait' };
    if (this.joined !== undefined && compareEpochs(epoch, this.joined) < 0) return { type: 'old-view' };
    if (this.joined === undefined || !sameEpoch(this.joined, epoch)) {
      const position = message.position as Position;
      this.host.always(
        this.joined === undefined || compareEpochs(this.joined, epoch) < 0,
        'a backup goes from an epoch to a later one',
      );
      this.joined = undefined;
      if (message.snapshot !== undefined) {
        this.host.sometimes(true, 'a backup took over the whole state');
        this.host.always(
          this.replica.ready < epoch[0] || comparePositions(position, this.replica.position) >= 0,
          'a copy that was whole in this view only goes forward',
        );
        await this.replica.install({ position, entries: message.snapshot as readonly Change[] });
      } else if (!samePosition(position, this.replica.position)) {
        return { type: 'wait' };
      }
      // A newer view may have come meanwhile. The state is whole nevertheless: nothing can have been acknowledged without this server.
      const late = this.refusal(epoch, from);
      if (late !== undefined) return late;
      await this.replica.keepReady(epoch[0]);
      this.joined = epoch;
      // The view service waits for this news.
      this.askForView();
    }
    return { type: 'ok', position: this.replica.position };
  }

  private async forward(message: Fields, from: string): Promise<Fields> {
    const epoch = message.epoch as Epoch;
    const position = message.position as Position;
    const changes = message.changes as readonly Change[];
    if (!this.flaws.acceptsOldView) {
      const refusal = this.refusal(epoch, from);
      if (refusal !== undefined) return refusal;
      this.accepted(epoch);
      if (this.joined === undefined || !sameEpoch(this.joined, epoch)) return { type: 'not-joined' };
      // All of it is here already.
      if (comparePositions(position, this.replica.position) <= 0) return { type: 'ok' };
      this.host.always(
        comparePositions(message.after as Position, this.replica.position) <= 0,
        'a backup has what it acknowledged in this epoch',
      );
    }
    if (changes.length > 0) {
      // A round that was begun in the view before keeps the number of that.
      this.host.always(
        this.flaws.acceptsOldView || position.epoch[1] === this.joined![1],
        'a backup adds to its copy what the process that it joined has made',
      );
      // Some of the changes may be here already; as each sets a key to a value, setting it again in the same order changes nothing.
      await this.replica.append(position, changes);
      this.host.after(0, () => this.tidy());
    }
    return { type: 'ok' };
  }

  private async tidy(): Promise<void> {
    try {
      await this.replica.inTurn(() => this.replica.tidy());
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.host.exit(error.message);
    }
  }
}
