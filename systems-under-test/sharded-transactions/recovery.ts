import { HostError, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import type { TransactionId } from './messages.ts';
import type { Shard } from './shard.ts';
import type { Decision, Prepared } from './shard-machine.ts';

/** Between two looks at what is left over. */
const EVERY: Nanos = 100 * MILLISECOND;
/** Patience with the group that is asked or told. */
const PATIENCE: Nanos = 300 * MILLISECOND;

/**
 * What a leader does about transactions that nobody brings to an end, since their coordinator died or its word was lost:
 * - prepared here, coordinated elsewhere: it asks the coordinating group what became of it, for as long as it takes; it never decides by itself;
 * - prepared here, coordinated here, and nobody drives it: it is aborted;
 * - committed here, and another group has not carried it out: it is told again.
 */
export class Recovery {
  private readonly shard: Shard;
  /** What was there at the last look: it had its time. */
  private seen: ReadonlySet<TransactionId> = new Set();
  private readonly asking = new Set<TransactionId>();

  constructor(shard: Shard) {
    this.shard = shard;
  }

  start(): void {
    this.shard.host.after(EVERY, () => {
      this.look();
      this.start();
    });
  }

  private look(): void {
    const { machine, node, group } = this.shard;
    const { prepared, decisions } = machine;
    const before = this.seen;
    this.seen = new Set([...prepared.keys(), ...decisions.keys()]);
    if (node.leadership === undefined) return;
    for (const part of prepared.values()) {
      if (!before.has(part.id)) continue;
      if (part.coordinator !== group) void this.once(part.id, () => this.ask(part));
      else if (!this.shard.driving.has(part.id)) {
        void this.once(part.id, async () => {
          await this.shard.command('decide', { id: part.id, timestamp: null, others: [] });
          this.shard.host.note('recovered-transaction', { id: part.id, outcome: 'aborted' });
        });
      }
    }
    for (const decision of decisions.values()) {
      if (before.has(decision.id)) void this.once(decision.id, () => this.remind(decision));
    }
  }

  /** One at a time for each transaction. */
  private async once(id: TransactionId, task: () => Promise<void>): Promise<void> {
    if (this.asking.has(id)) return;
    this.asking.add(id);
    try {
      await task();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    } finally {
      this.asking.delete(id);
    }
  }

  private get until(): Nanos {
    return this.shard.host.clock.monotonic() + PATIENCE;
  }

  private async ask({ id, coordinator }: Prepared): Promise<void> {
    const answer = await this.shard.groups.ask(coordinator, { f: 'resolve', value: id }, this.until);
    if (answer.status !== 'ok') {
      if (this.shard.flaw('aborts-after-vote')) await this.shard.command('finish', { id, timestamp: null });
      return;
    }
    const timestamp = answer.value as number | null;
    await this.shard.command('finish', { id, timestamp });
    this.shard.host.note('recovered-transaction', {
      id,
      outcome: timestamp === null ? 'aborted' : 'committed',
    });
  }

  private async remind({ id, timestamp, waiting }: Decision): Promise<void> {
    for (const group of waiting) {
      const answer = await this.shard.groups.ask(
        group,
        { f: 'finish', value: { id, timestamp } },
        this.until,
      );
      if (answer.status === 'ok') await this.shard.command('acknowledge', { id, group });
    }
  }
}
