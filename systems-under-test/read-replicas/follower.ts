import {
  DiskFull,
  type Host,
  HostError,
  type Json,
  type Nanos,
  type Setting,
} from '../../harness/contract/index.ts';
import type { Position } from '../shared/position.ts';
import { Replica } from '../shared/replica.ts';
import type { Key } from '../shared/value-table.ts';
import type { Feed } from './messages.ts';
import type { ReadReplicasOptions } from './options.ts';

/** Least time between two notes about the lag. */
const NOTE_EVERY: Nanos = 100_000_000;

/**
 * A read replica: follows the writer's log, record by record, onto its own disk, and answers reads from what is there. So it
 * always shows a state that the writer once had, and never an older one than before, not even after a crash.
 */
export class Follower {
  private readonly host: Host;
  private readonly options: ReadReplicasOptions;
  private readonly writer: string;
  private readonly replica: Replica;
  private readonly servesHoweverOld: boolean;
  private readonly ignoresTokens: boolean;
  /** At this moment the copy had everything that the writer had. */
  private freshAt: Nanos | undefined;
  /** Reads that wait for a record. */
  private waiting: (() => void)[] = [];
  private notedAt: Nanos = 0;

  constructor(host: Host, { options, hosts, flaw }: Setting<ReadReplicasOptions>) {
    this.host = host;
    this.options = options;
    this.writer = hosts.writer![0]!;
    this.replica = new Replica(host, options.checkpointBytes);
    this.servesHoweverOld = flaw('serves-however-old');
    this.ignoresTokens = flaw('ignores-tokens');
  }

  async run(): Promise<void> {
    const { host, replica } = this;
    try {
      const damage = await replica.open();
      if (damage !== undefined) host.note('gave-up-copy', { damage });
    } catch (error) {
      return this.trouble(error);
    }
    host.network.onRequest((request) => {
      const { key, atLeast } = request as { readonly key: Key; readonly atLeast: number };
      return this.read(key, this.ignoresTokens ? 0 : atLeast);
    });
    for (;;) await this.follow();
  }

  /** First the value, then the clock: a pause between the two makes the answer late, not wrong. */
  private async read(key: Key, atLeast: number): Promise<Json> {
    const { replica, options } = this;
    await this.reached(atLeast);
    const { sequence } = replica.position;
    if (sequence < atLeast) return { type: 'behind' };
    const value = replica.table.get(key);
    // A copy that has not been compared with the writer's since it started may have lost its end, or everything.
    if (this.freshAt === undefined) return { type: 'lagging' };
    const bounded = options.maxLag > 0 && !this.servesHoweverOld;
    if (bounded && this.age(this.freshAt) > options.maxLag) return { type: 'lagging' };
    return { type: 'ok', value: [value, sequence] };
  }

  /** Nothing is missing here that the writer acknowledged before so many nanoseconds. */
  private age(freshAt: Nanos): Nanos {
    return this.host.clock.monotonic() - freshAt;
  }

  /** Until this record is here, or the time for it is over. */
  private async reached(sequence: number): Promise<void> {
    const { clock } = this.host;
    const until = clock.monotonic() + this.options.tokenWait;
    while (this.replica.position.sequence < sequence && clock.monotonic() < until) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        this.host.after(until - clock.monotonic(), resolve);
      });
    }
  }

  private async follow(): Promise<void> {
    const { host, replica, options } = this;
    const askedAt = host.clock.monotonic();
    try {
      // Without state, nothing says that the records from the first on are all there ever was.
      const question = { f: 'follow', after: replica.position, anew: replica.ready === 0 };
      const reply = await host.network.request(this.writer, question, { timeout: options.feedTimeout });
      const feed = reply as Feed;
      const lag = feed.end - replica.position.sequence;
      await replica.inTurn(() => this.take(feed));
      // What the writer acknowledged before it was asked is here. It may have acknowledged more before it answered.
      this.freshAt = askedAt;
      this.noteLag(lag);
    } catch (error) {
      this.trouble(error);
      await host.sleep(options.feedWait);
    }
  }

  private async take(feed: Feed): Promise<void> {
    const { replica } = this;
    if (feed.type === 'snapshot') {
      this.host.note('state-transfer', { sequence: feed.position.sequence });
      await replica.install({ position: feed.position, entries: feed.entries });
      if (replica.ready === 0) await replica.keepReady(1);
    } else if (feed.entries.length > 0) {
      const position: Position = feed.entries.at(-1)!.position;
      await replica.append(
        position,
        feed.entries.flatMap(({ changes }) => changes),
      );
      this.host.after(0, () => this.tidy());
    }
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  private async tidy(): Promise<void> {
    try {
      await this.replica.inTurn(() => this.replica.tidy());
    } catch (error) {
      this.trouble(error);
    }
  }

  /** Replication lag as its operators see it: in records, and in milliseconds since the copy was complete. */
  private noteLag(records: number): void {
    const now = this.host.clock.monotonic();
    if (this.freshAt === undefined || now - this.notedAt < NOTE_EVERY) return;
    this.notedAt = now;
    this.host.note('lag', { records, milliseconds: Math.round(this.age(this.freshAt) / 1_000_000) });
  }

  /** A writer that is silent, or a disk without room, is asked again; a disk that failed is the end of this process. */
  private trouble(error: unknown): void {
    if (!(error instanceof HostError)) throw error;
    const passing = error instanceof DiskFull || error.code !== 'disk-failure';
    if (!passing) this.host.exit(error.message);
  }
}
