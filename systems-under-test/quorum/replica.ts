import type { Host, Json, Setting } from '../../harness/contract/index.ts';
import { dottedVersions } from '../shared/dotted-versions.ts';
import { lastWriteWins } from '../shared/last-write-wins.ts';
import { MergeStore } from '../shared/merge-store.ts';
import type { Resolution } from '../shared/resolution.ts';
import type { QuorumOptions } from './options.ts';

const COPY = 'copy/';
const HINT = 'hint/';

/** That this server holds a copy for another one, which did not answer when it was written. */
export interface Hint {
  readonly target: string;
  readonly key: string;
}

/** The copies and hints of one server, on its disk. */
export class Replica {
  readonly resolution: Resolution;
  private readonly host: Host;
  private readonly store: MergeStore;
  private readonly setting: Setting<QuorumOptions>;
  /** Number of the last write that was coordinated here, by the present actor. */
  private written = 0;

  constructor(host: Host, setting: Setting<QuorumOptions>) {
    const { options, flaw } = setting;
    this.host = host;
    this.setting = setting;
    this.resolution =
      options.resolution === 'last-write-wins' ? lastWriteWins : dottedVersions(flaw('dot-in-vector'));
    this.store = new MergeStore(host, {
      checkpointBytes: options.checkpointBytes,
      skipSync: flaw('acknowledges-before-sync'),
      trustDamage: flaw('trusts-damaged-copy'),
    });
  }

  /** @throws DiskFailure */
  async open(): Promise<void> {
    await this.store.open();
    if (this.setting.flaw('counter-restarts')) return;
    for (const [, state] of this.copies()) {
      this.written = Math.max(this.written, this.resolution.greatest(state, this.store.actor));
    }
  }

  /** False as long as something may be missing that this server had acknowledged. */
  get complete(): boolean {
    return this.store.complete;
  }

  /** @throws DiskFull, DiskFailure */
  completed(): Promise<void> {
    return this.store.completed();
  }

  get version(): number {
    return this.store.version;
  }

  read(key: string): Json | undefined {
    return this.store.get(COPY + key);
  }

  *copies(): IterableIterator<readonly [key: string, state: Json]> {
    for (const [name, state] of this.store.entries()) {
      if (name.startsWith(COPY)) yield [name.slice(COPY.length), state];
    }
  }

  /**
   * Takes in what another copy knows; resolves when it is on the disk, together with the hints that it is owed to `owed`: a copy here without its hint would never be handed over.
   * @throws DiskFull, DiskFailure
   */
  async merge(key: string, state: Json, owed: readonly string[] = []): Promise<void> {
    const merged = this.store.update(COPY + key, (current) => {
      if (current === undefined) return state;
      const merged = this.resolution.merge(current, state);
      return merged === current ? undefined : merged;
    });
    await Promise.all([merged, ...this.hint(key, owed)]);
  }

  /**
   * A write that is coordinated here, `after` this time in any case; resolves with the state that it made, when that is on the disk, with the hints that it is owed to `owed`.
   * @throws DiskFull: it did not happen. DiskFailure: nobody knows.
   */
  async write(
    key: string,
    value: Json,
    context: Json,
    after: number | undefined,
    owed: readonly string[],
  ): Promise<Json> {
    const { resolution, host } = this;
    const written = this.store.update(COPY + key, (current) => {
      // Every coordinator knows the time of its clock; a wrong one shows that nothing rests on it where times come from a quorum.
      const now = host.clock.wall();
      const time =
        after === undefined ? now : Math.max(after, current === undefined ? 0 : resolution.time(current)) + 1;
      const dot = [this.store.actor, ++this.written] as const;
      return resolution.write(current, value, context, { dot, time });
    });
    const [state] = await Promise.all([written, ...this.hint(key, owed)]);
    return state!;
  }

  /** Puts the state in the place of the copy, whatever that knows. Only for a fault on purpose. */
  async replace(key: string, state: Json): Promise<void> {
    await this.store.update(COPY + key, () => state);
  }

  private hint(key: string, targets: readonly string[]): Promise<unknown>[] {
    return targets.map((target) => this.store.update(`${HINT}${target}/${key}`, () => ({ target, key })));
  }

  hints(): Hint[] {
    return [...this.store.entries()]
      .filter(([name]) => name.startsWith(HINT))
      .map(([, hint]) => hint as unknown as Hint);
  }

  /** The target has the copy as it was in `state`, when `hint` was the hint. What came later is still owed, and has a hint of its own. @throws DiskFull, DiskFailure */
  async handedOver(hint: Hint, state: Json): Promise<void> {
    const { target, key } = hint;
    if (this.read(key) !== state) return;
    await this.store.update(`${HINT}${target}/${key}`, (current) =>
      (current as unknown) === hint ? null : undefined,
    );
  }
}
