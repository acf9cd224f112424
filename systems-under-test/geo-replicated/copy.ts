import { type Host, HostError } from '../../harness/contract/index.ts';
import type { Change } from '../shared/command.ts';
import { comparePositions, type Position } from '../shared/position.ts';
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
    host.always(
      !this.whole || replica.position.epoch[0] <= this.ballot.term,
      'a site has agreed to the term of each record that it keeps',
      { record: replica.position.epoch[0], agreed: this.ballot.term },
    );
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
    this.host.always(
      entries[0]!.position.sequence === this.position.sequence + 1,
      'records follow each other without a gap',
    );
    await this.replica.append(
      entries.at(-1)!.position,
      entries.flatMap(({ changes }) => changes),
    );
    for (const entry of entries) this.records.add(entry);
  }

  /** In turn. @throws DiskFull: the old copy stays. DiskFailure. */
  async install(position: Position, entries: readonly Change[]): Promise<void> {
    const { host, replica, records } = this;
    host.always(
      position.epoch[0] > replica.position.epoch[0] || comparePositions(position, replica.position) > 0,
      'within a term a copy only goes forward',
    );
    host.note('state-transfer', { sequence: position.sequence, instead: replica.position.sequence });
    await replica.install({ position, entries });
    records.reset(position);
  }
}
