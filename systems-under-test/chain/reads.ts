import { type Host, HostError, type Json, type Nanos } from '../../harness/contract/index.ts';
import type { Command } from '../shared/command.ts';
import type { Key } from '../shared/value-table.ts';
import type { Fields } from './configuration.ts';
import type { Member } from './member.ts';

export interface ReadFlaws {
  readonly unleased: boolean;
  readonly unsynced: boolean;
  readonly dirty: boolean;
}

/**
 * Reads of a server's own copy. The tail has nothing but committed records, so it answers by itself. Another server (CRAQ: Terrace and Freedman 2009,
 * section 2.3) answers by itself if the newest version that it has is committed, and asks the tail otherwise which one is.
 *
 * Both need a lease. *First the value is read, then the clock*: if the lease had not run out by then, no configuration without this
 * server was in force when the value was read, so that the value was current; however late the answer leaves. The lease is by the monotonic clock, of which it is
 * assumed that it runs as fast as the master's.
 */
export class Reads {
  private readonly host: Host;
  private readonly member: Member;
  private readonly flaws: ReadFlaws;
  private leaseEnd: Nanos = 0;

  constructor(host: Host, member: Member, flaws: ReadFlaws) {
    this.host = host;
    this.member = member;
    this.flaws = flaws;
  }

  /** Leases come with answers that may overtake each other. */
  leasedUntil(end: Nanos): void {
    this.leaseEnd = Math.max(this.leaseEnd, end);
  }

  private leased(): boolean {
    return this.flaws.unleased || this.host.clock.monotonic() < this.leaseEnd;
  }

  private get current(): boolean {
    return this.member.current || (this.flaws.unsynced && this.member.serves());
  }

  /** The reply, or undefined if this server can give none now. */
  async read({ key }: Command): Promise<Json | undefined> {
    const { copy, last, options } = this.member;
    if (!this.current || (!last && options.reads === 'tail')) return undefined;
    const { versions, committed, position } = copy;
    if (last || versions.newest(key) <= committed || this.flaws.dirty) {
      const value = versions.at(key, this.flaws.dirty ? position.sequence : committed);
      this.host.always(
        value !== undefined || committed < versions.base,
        'the last committed version is kept, however many dirty ones there are',
      );
      return value !== undefined && this.leased() ? { type: 'ok', value } : undefined;
    }
    this.host.sometimes(true, 'a dirty version was read with the help of the tail');
    const sequence = await this.ask(key);
    const value = sequence === undefined ? undefined : versions.at(key, sequence);
    return value === undefined ? undefined : { type: 'ok', value };
  }

  /** The number of the version that is committed, as the tail says. */
  private async ask(key: Key): Promise<number | undefined> {
    const { configuration, options } = this.member;
    const message = { type: 'version', configuration: configuration.number, key };
    try {
      const timeout = options.forwardTimeout;
      const reply = (await this.host.network.request(configuration.chain.at(-1)!, message, {
        timeout,
      })) as Fields;
      return reply.type === 'ok' ? (reply.sequence as number) : undefined;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return undefined;
    }
  }

  /** The tail's answer. Those before it have every version that it has. */
  version(message: Fields): Json {
    const { configuration, copy, last } = this.member;
    const sequence = copy.versions.newest(message.key as Key);
    const sound = this.current && last && message.configuration === configuration.number && this.leased();
    return sound ? { type: 'ok', sequence } : { type: 'wait' };
  }
}
