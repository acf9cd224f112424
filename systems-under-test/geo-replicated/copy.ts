import { type Host, HostError } from '../../harness/contract/index.ts';
import type { Change } from '../shared/command.ts';
import { type Position, samePosition } from '../shared/position.ts';
import { type Entry, Records } from '../shared/records.ts';
import { Replica } from '../shared/replica.ts';
import { Ballot } from './ballot.ts';

/**
 * What a site has on its disk: its copy of the data and its ballot. A copy is *whole* if it and the ballot are what this site had when it last
 * spoke; otherwise it must neither vote nor count until a leader has made it so.
 */
export class SiteCopy {
  readonly replica: Replica;
  readonly records: Records;
  readonly ballot: Ballot;
  whole = false;
  private readonly host: Host;

  constructor(host: Host, checkpointBytes: number) {
    this.host = host;
    this.replica = new Replica(host, checkpointBytes);
    this.records = new Records(this.replica.position);
    this.ballot = new Ballot(host);
  }

  /**
   * An empty disk is one that was never written to only in the life of the very first process; later it is one that was lost.
   * @throws DiskFull, DiskFailure
   */
  async open(): Promise<void> {
    const { host, replica } = this;
    const damage = await replica.open();
    if (damage !== undefined) host.note('gave-up-copy', { damage });
    const cast = await this.openBallot();
    this.whole = damage === undefined && cast && replica.ready > 0;
    if (!this.whole && damage === undefined && host.incarnation === 1) await this.becomeWhole(0, '');
    this.records.reset(replica.position);
  }

  private async openBallot(): Promise<boolean> {
    try {
      return await this.ballot.open();
    } catch (error) {
      if (!(error instanceof HostError) || error.code === 'disk-full') throw error;
      this.host.note('gave-up-copy', { damage: error.message });
      return false;
    }
  }

  /** In turn. */
  async becomeWhole(term: number, vote: string): Promise<void> {
    await this.ballot.keep(term, vote);
    if (this.replica.ready === 0) await this.replica.keepReady(1);
    this.whole = true;
  }

  get position(): Position {
    return this.replica.position;
  }

  /** In turn. @throws DiskFull: nothing happened. DiskFailure. */
  async append(entries: readonly Entry[]): Promise<void> {
    await this.replica.append(
      entries.at(-1)!.position,
      entries.flatMap(({ changes }) => changes),
    );
    for (const entry of entries) this.records.add(entry);
  }

  /** In turn. @throws DiskFull: the old copy stays. DiskFailure. */
  async install(position: Position, entries: readonly Change[]): Promise<void> {
    const { host, replica, records } = this;
    host.note('state-transfer', { sequence: position.sequence, instead: replica.position.sequence });
    await replica.install({ position, entries });
    records.reset(position);
  }

  /** Those of the entries, which follow `after`, that this copy lacks; undefined if it stands on none of these positions. */
  lacking(after: Position, entries: readonly Entry[]): readonly Entry[] | undefined {
    if (samePosition(this.position, after)) return entries;
    const at = entries.findIndex(({ position }) => samePosition(position, this.position));
    return at < 0 ? undefined : entries.slice(at + 1);
  }
}
