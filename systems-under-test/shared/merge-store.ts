import {
  DiskFull,
  type Host,
  HostError,
  type Json,
  MILLISECOND,
  SyncFailure,
} from '../../harness/contract/index.ts';
import { scanRecords } from './record.ts';
import { loadSealed, seal } from './sealed.ts';
import { stopped } from './stopped.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

const LOG = 'log';
const CHECKPOINT = 'checkpoint';
const IDENTITY = 'identity';

/** Before a full disk is asked again for the little room that a start needs. */
const FULL_PAUSE = 50 * MILLISECOND;

export interface MergeStoreOptions {
  /** Bytes of log after which a checkpoint is taken. */
  readonly checkpointBytes: number;
  /** A fault on purpose: writes are acknowledged before they are on stable storage. */
  readonly skipSync?: boolean;
  /** A fault on purpose: whatever is left after damage is taken for everything. */
  readonly trustDamage?: boolean;
}

/** From the present state of a key to the next one. `undefined` leaves it as it is, `null` removes it. Called once, at the commit. */
export type Change = (current: Json | undefined) => Json | undefined;

/** `actor`: the incarnation that founded this copy. `complete`: nothing that was once synced here can be missing. */
type Identity = { readonly actor: number; readonly complete: boolean };

/** What it needs of its host. */
export type StoreHost = Pick<Host, 'name' | 'incarnation' | 'disk' | 'sleep' | 'exit' | 'note'>;

interface Waiting {
  readonly key: string;
  readonly change: Change;
  readonly resolve: (state: Json | undefined) => void;
  readonly reject: (error: HostError) => void;
}

/**
 * States by key, for replicas that merge what they hear: a change is on stable storage before anybody hears of it or reads it (group commit on
 * a write-ahead log, with checkpoints, as in `DurableStore`).
 *
 * *Damage.* A replica can get back from others what its disk lost, but must know that it lost something. Whenever the disk holds less than it may have
 * held (it is empty, a record is damaged, even if it looks like one that was never finished), the copy gets a new identity: a new `actor`, so that no number
 * that was given out before is given out again, and `complete` is false until `completed` is called. Both are on disk before anything is repaired.
 */
export class MergeStore {
  private readonly host: StoreHost;
  private readonly options: MergeStoreOptions;
  private readonly states = new Map<string, Json>();
  private log: WriteAheadLog | undefined;
  private identity: Identity = { actor: 0, complete: false };
  private waiting: Waiting[] = [];
  private committing = false;
  private stopped: HostError | undefined;
  /** Grows with every change. */
  version = 0;

  constructor(host: StoreHost, options: MergeStoreOptions) {
    this.host = host;
    this.options = options;
  }

  /** Reads what the disk holds. @throws DiskFailure if the disk is gone under this process. */
  async open(): Promise<void> {
    for (;;) {
      try {
        await this.load();
        return;
      } catch (error) {
        if (error instanceof SyncFailure) return stopped(this.host, error);
        if (!(error instanceof DiskFull)) throw error;
        await this.host.sleep(FULL_PAUSE);
      }
    }
  }

  /** Differs from that of every other copy that ever was on this or any other host. */
  get actor(): string {
    return `${this.host.name}/${this.identity.actor}`;
  }

  get complete(): boolean {
    return this.identity.complete;
  }

  /** Whatever was lost was got back. @throws DiskFull, DiskFailure */
  async completed(): Promise<void> {
    await this.identify({ ...this.identity, complete: true });
  }

  get(key: string): Json | undefined {
    return this.states.get(key);
  }

  /** All keys with their states, in the order of first writing. */
  entries(): IterableIterator<[key: string, state: Json]> {
    return this.states.entries();
  }

  /**
   * Changes a key and resolves with its state once that is on stable storage. Changes that are asked for in the same breath (nothing is awaited between) are kept or lost together.
   * @throws DiskFull: nothing was changed. DiskFailure: nobody knows; the store then refuses everything.
   */
  update(key: string, change: Change): Promise<Json | undefined> {
    if (this.stopped !== undefined) return Promise.reject(this.stopped);
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, change, resolve, reject });
      if (!this.committing) void this.commitAll();
    });
  }

  private async commitAll(): Promise<void> {
    this.committing = true;
    // What is changed at the same instant is one record: all of it is kept, or none.
    await undefined;
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      await this.commit(group);
    }
    this.committing = false;
  }

  private async commit(group: readonly Waiting[]): Promise<void> {
    const log = this.log!;
    const changed = new Map<string, Json>();
    const results = group.map(({ key, change }) => {
      const current = changed.has(key) ? (changed.get(key) ?? undefined) : this.states.get(key);
      const next = change(current);
      if (next === undefined) return current;
      changed.set(key, next);
      return next ?? undefined;
    });
    try {
      if (this.stopped !== undefined) throw this.stopped;
      if (changed.size > 0) await log.append([...changed], this.options.skipSync !== true);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (!(error instanceof DiskFull)) this.stop(error);
      for (const { reject } of group) reject(error);
      return;
    }
    for (const [key, state] of changed) this.put(key, state);
    if (changed.size > 0) this.version++;
    group.forEach(({ resolve }, nth) => {
      resolve(results[nth]);
    });
    await this.tidy(log);
  }

  private put(key: string, state: Json): void {
    if (state === null) this.states.delete(key);
    else this.states.set(key, state);
  }

  /** Between two groups: a checkpoint if the log has grown long, or the mark that the last record is whole. */
  private async tidy(log: WriteAheadLog): Promise<void> {
    try {
      if (log.bytes >= this.options.checkpointBytes) {
        const checkpoint = seal({ sequence: log.sequence, entries: [...this.states] });
        await this.host.disk.replace(CHECKPOINT, checkpoint, { sync: true });
        await log.cut();
      } else if (this.waiting.length === 0) await log.mark();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // A full disk has no room for a second checkpoint: the log stays, and the next group tries again.
      if (!(error instanceof DiskFull)) this.stop(error);
    }
  }

  private stop(error: HostError): void {
    // What is on the disk is not known any more: the process ends, and the next one finds out.
    this.stopped = error;
    this.host.exit(error.message);
  }

  private async load(): Promise<void> {
    const { disk } = this.host;
    const identity = await this.readIdentity();
    const damage = identity === undefined ? 'no identity' : await this.damageOf();
    if (identity !== undefined) this.identity = identity;
    if (damage !== undefined) {
      this.host.note('damaged-copy', { damage });
      if (this.options.trustDamage !== true) {
        await this.identify({ actor: this.host.incarnation, complete: false });
      } else if (identity === undefined) await this.identify({ actor: 1, complete: true });
    }
    try {
      await this.readAll();
    } catch (error) {
      if (!(error instanceof HostError) || error instanceof DiskFull || error instanceof SyncFailure)
        throw error;
      await disk.remove(LOG);
      await disk.remove(CHECKPOINT);
      await this.readAll();
    }
  }

  private async readAll(): Promise<void> {
    const { disk } = this.host;
    this.states.clear();
    const checkpoint = loadSealed(await disk.read(CHECKPOINT), CHECKPOINT) as
      | { readonly sequence: number; readonly entries: readonly (readonly [string, Json])[] }
      | undefined;
    for (const [key, state] of checkpoint?.entries ?? []) this.states.set(key, state);
    const { log, payloads } = await WriteAheadLog.open(disk, LOG, checkpoint?.sequence ?? 0);
    for (const changes of payloads as readonly (readonly (readonly [string, Json])[])[]) {
      for (const [key, state] of changes) this.put(key, state);
    }
    this.log = log;
  }

  /** Why the log and the checkpoint may hold less than they once did. */
  private async damageOf(): Promise<string | undefined> {
    try {
      const { damage } = scanRecords(await this.host.disk.read(LOG));
      loadSealed(await this.host.disk.read(CHECKPOINT), CHECKPOINT);
      return damage?.what;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return error.code;
    }
  }

  private async readIdentity(): Promise<Identity | undefined> {
    try {
      return loadSealed(await this.host.disk.read(IDENTITY), IDENTITY) as Identity | undefined;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return undefined;
    }
  }

  private async identify(identity: Identity): Promise<void> {
    await this.host.disk.replace(IDENTITY, seal(identity), { sync: true });
    this.identity = identity;
  }
}
