import { type Host, HostError, type Nanos } from '../../harness/contract/index.ts';
import type { Change } from '../shared/command.ts';
import { comparePositions, type Epoch, type Position, samePosition } from '../shared/position.ts';
import type { Snapshot } from '../shared/replica.ts';
import type { PrimaryBackupOptions } from './options.ts';
import type { Fields } from './view.ts';

/** A group of commands that was carried out together. Those that only read change nothing and keep the position. */
export type Round = {
  readonly number: number;
  readonly position: Position;
  readonly changes: readonly Change[];
};

/** What a link needs of its primary. */
export interface LinkOwner {
  readonly host: Host;
  readonly options: PrimaryBackupOptions;
  readonly epoch: Epoch;
  /** Rounds that some backup may still need, oldest first. */
  readonly rounds: readonly Round[];
  snapshot(): Snapshot;
  /** A backup joined. */
  joined(): void;
  /** A backup acknowledged. */
  progressed(): void;
  /** A backup knows a newer view. */
  superseded(): void;
}

/**
 * A primary's line to one backup in one view: makes it join, with the whole state if its own differs, then sends it the rounds in
 * order, one message at a time, each until it is acknowledged.
 */
export class Link {
  readonly backup: string;
  /** The backup has the state of this primary's epoch. */
  joined = false;
  /** Number of the last round that it acknowledged. */
  confirmed = 0;
  /** Where its copy stands, once joined. */
  private at: Position | undefined;
  /** Since when nothing but errors came back. */
  private silentSince: Nanos | undefined;
  private readonly owner: LinkOwner;
  private ended = false;
  private wake: (() => void) | undefined;

  constructor(owner: LinkOwner, backup: string) {
    this.owner = owner;
    this.backup = backup;
    void this.run();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** True if the backup has not been of use for this long. */
  silentFor(time: Nanos): boolean {
    return this.silentSince !== undefined && this.owner.host.clock.monotonic() - this.silentSince >= time;
  }

  /** There is a new round to send. */
  poke(): void {
    this.wake?.();
  }

  private async run(): Promise<void> {
    const { host, options } = this.owner;
    while (!this.ended) {
      try {
        if (!this.joined) await this.join();
        else await this.forward();
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        this.silentSince ??= host.clock.monotonic();
        if (error.code !== 'timeout') await host.sleep(options.pingInterval / 2);
      }
    }
  }

  private async ask(message: Fields): Promise<Fields> {
    const { host, options } = this.owner;
    const reply = await host.network.request(this.backup, message, { timeout: options.forwardTimeout });
    return reply as Fields;
  }

  /**
   * First asks for the backup's incarnation, which the invitation then names: an old copy of an invitation must not throw a
   * restarted backup back to an old state.
   */
  private async join(): Promise<void> {
    const { epoch } = this.owner;
    const standing = await this.ask({ f: 'position', epoch });
    if (!this.good(standing)) return this.pause();
    const snapshot = this.owner.snapshot();
    const equal = samePosition(standing.position as Position, snapshot.position);
    const invitation = { f: 'join', epoch, incarnation: standing.incarnation!, position: snapshot.position };
    const reply = await this.ask(equal ? invitation : { ...invitation, snapshot: snapshot.entries });
    if (!this.good(reply)) return this.pause();
    this.at = reply.position as Position;
    this.owner.host.always(
      comparePositions(this.at, snapshot.position) <= 0,
      'a backup that has joined has nothing that its primary lacks',
    );
    this.joined = true;
    this.owner.joined();
  }

  /** True if the reply is the one hoped for. */
  private good(reply: Fields): boolean {
    if (reply.type === 'old-view') this.owner.superseded();
    if (reply.type === 'unable') this.silentSince ??= this.owner.host.clock.monotonic();
    else this.silentSince = undefined;
    return reply.type === 'ok' && !this.ended;
  }

  private pause(): Promise<void> {
    const { host, options } = this.owner;
    return host.sleep(options.pingInterval / 5);
  }

  private async forward(): Promise<void> {
    const { rounds, epoch } = this.owner;
    const last = rounds.at(-1)?.number ?? 0;
    if (last <= this.confirmed) {
      await this.idle();
      if (this.ended) return;
    }
    const at = this.at!;
    const missing = this.owner.rounds.filter((round) => comparePositions(round.position, at) > 0);
    const round = this.owner.rounds.at(-1)?.number ?? 0;
    const position = missing.at(-1)?.position ?? at;
    const changes = missing.flatMap((each) => each.changes);
    const reply = await this.ask({ f: 'forward', epoch, after: at, position, changes });
    if (reply.type === 'not-joined') this.joined = false;
    if (!this.good(reply)) return this.joined ? this.pause() : undefined;
    this.at = position;
    this.confirmed = round;
    this.owner.progressed();
  }

  /** Until there is something to send, or it is time to hear of the backup again. */
  private idle(): Promise<void> {
    const { host, options } = this.owner;
    return new Promise((resolve) => {
      const timer = host.after(options.pingInterval, resolve);
      this.wake = () => {
        timer.cancel();
        this.wake = undefined;
        resolve();
      };
    });
  }
}
