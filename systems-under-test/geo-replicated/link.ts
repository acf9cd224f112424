import { type Host, HostError, type Nanos } from '../../harness/contract/index.ts';
import type { Position } from '../shared/position.ts';
import type { SiteCopy } from './copy.ts';
import type { Append, Appended, Install } from './messages.ts';
import type { GeoReplicatedOptions } from './options.ts';

/** What a link needs of the site that leads. */
export interface LinkOwner {
  readonly host: Host;
  readonly options: GeoReplicatedOptions;
  readonly copy: SiteCopy;
  /** The other site answered. */
  progressed(): void;
  /** The other site knows a newer term. */
  superseded(term: number): void;
}

/**
 * A leader's line to another site in one term: one message at a time, each with all records that are missing there. The first one finds
 * out where the copy there stands. If the records at hand do not continue it, because it is too far behind, or has records that the leader
 * does not have, it gets the whole state.
 */
export class Link {
  readonly to: string;
  private readonly owner: LinkOwner;
  private readonly term: number;
  /** Where the copy there stands, once that is a position of the leader's own. */
  private at: Position | undefined;
  /** Number of the last record that is certainly on the disk there. */
  confirmed = 0;
  /** When the last request that was answered with ok was sent: at that time nobody else led with the consent of that site. */
  askedAt: Nanos;
  /** There is something to say at once. */
  private urgent = false;
  private ended = false;
  private wake: (() => void) | undefined;

  constructor(owner: LinkOwner, to: string, term: number) {
    this.owner = owner;
    this.to = to;
    this.term = term;
    // The vote has just come.
    this.askedAt = owner.host.clock.monotonic();
    void this.run();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** There is a record to send, or a question whether this site still leads. */
  poke(): void {
    this.urgent = true;
    this.wake?.();
  }

  private async run(): Promise<void> {
    const { host, options } = this.owner;
    while (!this.ended) {
      try {
        await this.append();
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        if (error.code !== 'timeout') await host.sleep(options.heartbeat);
      }
      await this.idle();
    }
  }

  private async ask(message: Append | Install): Promise<Appended> {
    const { host, options } = this.owner;
    this.urgent = false;
    const sentAt = host.clock.monotonic();
    const reply = (await host.network.request(this.to, message, {
      timeout: options.siteTimeout,
    })) as Appended;
    if (this.ended) return { type: 'unable' };
    if (reply.type === 'old') this.owner.superseded(reply.term);
    if (reply.type === 'ok') {
      this.askedAt = sentAt;
      this.at = reply.position;
      this.confirmed = reply.position.sequence;
      this.owner.progressed();
    }
    return reply;
  }

  private async append(): Promise<void> {
    const { copy, host, options } = this.owner;
    if (this.at !== undefined && !copy.records.continue(this.at)) this.at = undefined;
    const after = this.at ?? copy.position;
    const entries = copy.records.after(after.sequence);
    const reply = await this.ask({ f: 'append', term: this.term, after, entries });
    if (reply.type === 'unable') await host.sleep(options.heartbeat);
    if (reply.type !== 'differs') return;
    this.urgent = true;
    if (copy.records.continue(reply.position)) {
      this.at = reply.position;
      return;
    }
    const snapshot = copy.replica.snapshot();
    await this.ask({ f: 'install', term: this.term, incarnation: reply.incarnation, ...snapshot });
  }

  private idle(): Promise<void> {
    const { host, options } = this.owner;
    if (this.urgent || this.ended) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = host.after(options.heartbeat, resolve);
      this.wake = () => {
        timer.cancel();
        this.wake = undefined;
        resolve();
      };
    });
  }
}
