import { HostError, type Json, type Nanos } from '../../harness/contract/index.ts';
import { moduloRouter } from '../shared/modulo-router.ts';
import type { Router } from '../shared/router.ts';
import type { Answer } from './groups.ts';
import type { Micro, TransactionId } from './messages.ts';
import { ORACLE } from './options.ts';
import type { Shard } from './shard.ts';

/** What a client is told: the results of its micro-operations in order. */
type Told =
  | { readonly type: 'ok'; readonly value: Json }
  | { readonly type: 'fail' | 'info'; readonly error: string };

/** The micro-operations of one group, and where they stand in the transaction. */
interface Part {
  readonly group: string;
  readonly micros: Micro[];
  readonly places: number[];
}

const failed = (error: string): Told => ({ type: 'fail', error });

/**
 * Two-phase commit (Gray 1978; Spanner, section 4.2.1, with a timestamp oracle as in Percolator in the place of TrueTime). The coordinator is the leader of one
 * of the participating groups.
 *
 * 1. Every group prepares: it locks the keys, carries its micro-operations out on the side, puts all into its log, and votes.
 * 2. With all votes in, the transaction gets its timestamp: later than that of any transaction that released a lock which this one holds.
 * 3. The decision goes into the log of the coordinating group. That is the moment of the commit; the client is told then.
 * 4. The others carry it out and release their locks.
 *
 * Transactions that only read take no locks: they draw a timestamp, and read everything as of then.
 */
export class Coordinator {
  private readonly shard: Shard;
  private readonly router: Router;
  private readonly patience: Nanos;

  constructor(shard: Shard, groups: readonly string[], patience: Nanos) {
    this.shard = shard;
    this.router = moduloRouter(groups);
    this.patience = patience;
  }

  async run(micros: readonly Micro[]): Promise<Told> {
    const until = this.shard.host.clock.monotonic() + this.patience;
    const parts = this.split(micros);
    try {
      if (micros.every(([f]) => f === 'r')) return await this.readAll(parts, until);
      // The coordinating group takes part in what it decides, or its log could not tell an aborted transaction from one it never saw.
      if (!parts.some(({ group }) => group === this.shard.group)) return failed('wrong-coordinator');
      const id = await this.timestamp(until);
      this.shard.driving.add(id);
      return await this.drive(id, parts, until).finally(() => this.shard.driving.delete(id));
    } catch (error) {
      if (error instanceof HostError) return failed(error.code);
      throw error;
    }
  }

  private split(micros: readonly Micro[]): Part[] {
    const parts = new Map<string, Part>();
    for (const [place, micro] of micros.entries()) {
      const group = this.router.owner(micro[1]);
      const part = parts.get(group) ?? { group, micros: [], places: [] };
      parts.set(group, part);
      part.micros.push(micro);
      part.places.push(place);
    }
    return [...parts.values()];
  }

  private async timestamp(until: Nanos): Promise<number> {
    const answer = await this.shard.groups.ask(ORACLE, { f: 'timestamp', value: null }, until);
    if (answer.status === 'ok') return answer.value as number;
    throw new HostError(answer.error, 'the oracle refused', true);
  }

  private async readAll(parts: readonly Part[], until: Nanos): Promise<Told> {
    const timestamp = await this.timestamp(until);
    const answers = await Promise.all(
      parts.map(({ group, micros }) =>
        this.shard.groups.ask(
          group,
          { f: 'snapshot', value: { timestamp, keys: micros.map(([, key]) => key) } },
          until,
        ),
      ),
    );
    return this.merged(parts, answers);
  }

  private async drive(id: TransactionId, parts: readonly Part[], until: Nanos): Promise<Told> {
    const others = parts.map(({ group }) => group).filter((group) => group !== this.shard.group);
    // Some of the time is left for the decision.
    const votesUntil = until - this.patience / 2;
    const votes = await Promise.all(parts.map((part) => this.prepare(id, part, votesUntil)));
    const refused = votes.find((vote) => vote.status === 'fail');
    const timestamp = refused === undefined ? await this.commitTimestamp(until) : undefined;
    if (timestamp === undefined) {
      // Nobody but this process could decide otherwise: it certainly does not happen.
      void this.abort(
        id,
        parts.filter((_, nth) => votes[nth]!.status === 'ok' || isSilence(votes[nth]!)),
      );
      return failed(refused?.status === 'fail' ? refused.error : 'no-timestamp');
    }
    const decided = await this.shard.command('decide', { id, timestamp, others });
    if (decided.status !== 'ok') return { type: 'info', error: 'undecided' };
    for (const group of others) this.tell(group, id, decided.value as number | null);
    return decided.value === null ? failed('aborted') : this.merged(parts, votes);
  }

  private async commitTimestamp(until: Nanos): Promise<number | undefined> {
    try {
      return await this.timestamp(until);
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }

  private async prepare(id: TransactionId, { group, micros }: Part, until: Nanos): Promise<Answer> {
    const part = { id, coordinator: this.shard.group, micros };
    try {
      if (group !== this.shard.group)
        return await this.shard.groups.ask(group, { f: 'prepare', value: part }, until);
      const vote = await this.shard.prepare(part);
      return vote.status === 'ok' || vote.status === 'fail' ? vote : SILENCE;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (this.shard.flaw('commits-on-silence'))
        return { status: 'ok', value: micros.map(([, , value]) => value) };
      return SILENCE;
    }
  }

  private async abort(id: TransactionId, parts: readonly Part[]): Promise<void> {
    for (const { group } of parts) {
      if (group === this.shard.group) await this.shard.command('decide', { id, timestamp: null, others: [] });
      else this.tell(group, id, null);
    }
  }

  /** Once and without waiting: who does not hear it asks (`recovery.ts`). */
  private tell(group: string, id: TransactionId, timestamp: number | null): void {
    const { clock } = this.shard.host;
    this.shard.groups
      .ask(group, { f: 'finish', value: { id, timestamp } }, clock.monotonic() + this.patience)
      .then(() => timestamp !== null && this.shard.command('acknowledge', { id, group }))
      .catch(() => {});
  }

  private merged(parts: readonly Part[], answers: readonly Answer[]): Told {
    const results: Json[] = [];
    for (const [nth, { places }] of parts.entries()) {
      const answer = answers[nth]!;
      if (answer.status === 'fail') return failed(answer.error);
      const values = answer.value as readonly Json[];
      for (const [at, place] of places.entries()) results[place] = values[at]!;
    }
    return { type: 'ok', value: results };
  }
}

/** No vote came: as good as a no. */
const SILENCE: Answer = { status: 'fail', error: 'no-vote' };

function isSilence(vote: Answer): boolean {
  return vote === SILENCE;
}
