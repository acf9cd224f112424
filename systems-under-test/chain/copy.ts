import type { Host } from '../../harness/contract/index.ts';
import type { Position } from '../shared/position.ts';
import { type Entry, Records } from '../shared/records.ts';
import { Replica, type Snapshot } from '../shared/replica.ts';
import { Versions } from './versions.ts';

/**
 * A server's copy: on disk (`Replica`), and in memory the latest records and versions. What has been appended is on stable storage; what is
 * committed is so on every server of the chain.
 */
export class Copy {
  readonly replica: Replica;
  readonly versions = new Versions();
  readonly records: Records;
  /** Of what is in memory here. A snapshot that is being installed is the replica's before it is this copy's. */
  position: Position;
  /** Number of the last record that is known to be committed and here; after a start 0, though some are. */
  committed = 0;

  constructor(host: Host, checkpointBytes: number) {
    this.replica = new Replica(host, checkpointBytes);
    this.position = this.replica.position;
    this.records = new Records(this.position);
  }

  /** @returns What of the copy on disk was damaged, so that it was given up, if anything was. */
  async open(): Promise<string | undefined> {
    const damage = await this.replica.open();
    this.begin();
    return damage;
  }

  private begin(): void {
    const { position, entries } = this.replica.snapshot();
    this.position = position;
    this.records.reset(position);
    this.versions.reset(position.sequence, entries);
    this.committed = 0;
  }

  /** In turn. @throws DiskFull: nothing happened. DiskFailure. */
  async append(entries: readonly Entry[]): Promise<void> {
    await this.replica.append(
      entries.at(-1)!.position,
      entries.flatMap(({ changes }) => changes),
    );
    for (const entry of entries) {
      this.records.add(entry);
      this.versions.add(entry.position.sequence, entry.changes);
      this.position = entry.position;
    }
  }

  /** Replaces the whole copy; in turn. @throws DiskFull: the old one stays. DiskFailure. */
  async install(snapshot: Snapshot): Promise<void> {
    await this.replica.install(snapshot);
    this.begin();
  }

  /** Everything up to this number is committed. @returns false if that is no news. */
  commit(sequence: number): boolean {
    const committed = Math.min(sequence, this.position.sequence);
    if (committed <= this.committed) return false;
    const changed = this.records
      .between(this.committed, committed)
      .flatMap(({ changes }) => changes.map(([key]) => key));
    this.versions.forget(changed, committed);
    this.committed = committed;
    this.records.trim(committed);
    return true;
  }
}
