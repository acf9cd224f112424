import { type Host, HostError, type Nanos } from '../../harness/contract/index.ts';
import { comparePositions, type Position } from '../shared/position.ts';
import type { Fields } from './configuration.ts';
import type { Copy } from './copy.ts';
import type { ChainOptions } from './options.ts';

/** What a link needs of its server. */
export interface LinkOwner {
  readonly host: Host;
  readonly options: ChainOptions;
  readonly copy: Copy;
  /** It is known where the successor stands. */
  progressed(): void;
  /** The successor says up to which number everything is committed. */
  acknowledged(sequence: number): void;
  /** The successor knows a newer configuration. */
  superseded(): void;
  /** The successor, a member, has records that this copy lacks: this one is damaged. */
  behind(): void;
}

/**
 * A server's line to its successor in one configuration. Records are sent as they come, unasked and unconfirmed: the acknowledgement that
 * the tail sends up the chain is all the answer they need. At intervals the successor is asked where it stands, and what it lacks is sent
 * again; if it cannot go on from its own records, it gets the whole state.
 */
export class Link {
  readonly to: string;
  private readonly owner: LinkOwner;
  private readonly configuration: number;
  /** The successor is not a member yet, and whatever records it has may be of another history. */
  readonly joining: boolean;
  /** Number of the last record that was sent; undefined while it is not known where the successor stands. */
  private sent: number | undefined;
  /** Since when nothing but errors came back. */
  private silentSince: Nanos | undefined;
  private ended = false;

  constructor(owner: LinkOwner, to: string, configuration: number, joining: boolean) {
    this.owner = owner;
    this.to = to;
    this.configuration = configuration;
    this.joining = joining;
    void this.run();
  }

  end(): void {
    this.ended = true;
  }

  /** True once it is known that the successor's copy is a beginning of this one. */
  get established(): boolean {
    return this.sent !== undefined;
  }

  /** True if the successor has not been of use for this long. */
  silentFor(time: Nanos): boolean {
    return this.silentSince !== undefined && this.owner.host.clock.monotonic() - this.silentSince >= time;
  }

  /** Sends what has not been sent. */
  push(): void {
    if (this.sent === undefined || this.ended) return;
    const entries = this.owner.copy.records.after(this.sent);
    if (entries.length === 0) return;
    this.sent = entries.at(-1)!.position.sequence;
    this.owner.host.network.send(this.to, {
      type: 'forward',
      configuration: this.configuration,
      entries,
    });
  }

  private async run(): Promise<void> {
    const { host, options } = this.owner;
    while (!this.ended) {
      try {
        await this.ask();
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        this.silentSince ??= host.clock.monotonic();
      }
      await host.sleep(this.sent === undefined ? options.pingInterval / 5 : options.pingInterval);
    }
  }

  private async request(message: Fields): Promise<Fields> {
    const { host, options } = this.owner;
    const reply = await host.network.request(this.to, message, { timeout: options.forwardTimeout });
    return reply as Fields;
  }

  private async ask(): Promise<void> {
    const { copy } = this.owner;
    const hello = { type: 'hello', configuration: this.configuration, position: copy.position };
    const reply = await this.request(hello);
    if (!this.good(reply)) return;
    const position = reply.position as Position;
    if (reply.aligned !== true || !copy.records.continue(position)) {
      if (!this.joining && comparePositions(position, copy.position) > 0) return this.owner.behind();
      return this.align(position, reply.incarnation as number);
    }
    // What it lacks may only be late, or being written: a copy of that does no harm.
    this.sent = position.sequence;
    this.owner.progressed();
    if (!this.joining) this.owner.acknowledged(reply.committed as number);
  }

  /**
   * Makes the successor's copy a beginning of this one. The invitation names the successor's incarnation: an old copy of it must not throw
   * a restarted server back to an old state.
   */
  private async align(position: Position, incarnation: number): Promise<void> {
    const { copy } = this.owner;
    const invitation = { type: 'align', configuration: this.configuration, incarnation };
    const snapshot = copy.replica.snapshot();
    const whole = { ...invitation, position: snapshot.position, entries: snapshot.entries };
    const reply = await this.request(copy.records.continue(position) ? invitation : whole);
    if (this.good(reply)) await this.ask();
  }

  /** True if the reply is the one hoped for. */
  private good(reply: Fields): boolean {
    if (reply.type === 'old-configuration') this.owner.superseded();
    if (reply.type === 'unable') this.silentSince ??= this.owner.host.clock.monotonic();
    else this.silentSince = undefined;
    return reply.type === 'ok' && !this.ended;
  }
}
