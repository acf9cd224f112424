import type { Host, Json } from '../../harness/contract/index.ts';
import type { ClientReply, ClientRequest, Entry } from '../raft/messages.ts';
import type { StateMachine } from '../raft/state-machine.ts';
import type { Key } from '../shared/value-table.ts';
import { Finished, type FinishedState } from './finished.ts';
import type {
  Acknowledge,
  Decide,
  Finish,
  Outcome,
  Prepare,
  SnapshotAnswer,
  SnapshotQuestion,
  TransactionId,
} from './messages.ts';
import { evaluate, exclude, locksOf } from './micro-operations.ts';
import { Versions, type VersionsState } from './versions.ts';

/** A part of a transaction that has its locks and waits for the decision. */
export type Prepared = {
  readonly id: TransactionId;
  readonly coordinator: string;
  readonly read: readonly Key[];
  readonly write: readonly Key[];
  readonly results: readonly Json[];
  readonly writes: readonly (readonly [key: Key, value: Json])[];
};

/** A commit that some participants have still to carry out. */
export type Decision = {
  readonly id: TransactionId;
  readonly timestamp: number;
  readonly waiting: readonly string[];
};

type ShardState = {
  readonly versions: VersionsState;
  readonly prepared: readonly Prepared[];
  readonly decisions: readonly Decision[];
  readonly finished: FinishedState;
};

const ok = (value: Json): ClientReply => ({ status: 'ok', value });
const fail = (error: string): ClientReply => ({ status: 'fail', error });

/**
 * What the log of a shard replicates: versions of keys, prepared transactions with their locks, and the decisions on the transactions that
 * this group coordinates. Locks are granted by the log, so that a new leader has those of the former one.
 *
 * Of a key that a prepared transaction writes nobody else prepares anything; of a key that it reads nobody else prepares a write. Who cannot
 * have a lock gets a no.
 */
export class ShardMachine implements StateMachine {
  private readonly host: Pick<Host, 'always'>;
  private readonly versions: Versions;
  private readonly readThroughLocks: boolean;
  readonly prepared = new Map<TransactionId, Prepared>();
  readonly decisions = new Map<TransactionId, Decision>();
  private readonly finished = new Finished();
  /** Called when locks have been released. */
  onRelease: () => void = () => {};

  constructor(host: Pick<Host, 'always'>, versions: number, readThroughLocks: boolean) {
    this.host = host;
    this.versions = new Versions(versions);
    this.readThroughLocks = readThroughLocks;
  }

  refusal(_command: ClientRequest): undefined {
    return undefined;
  }

  apply({ f, value }: Entry): ClientReply {
    switch (f) {
      case 'prepare':
        return this.prepare(value as Prepare);
      case 'decide':
        return this.decide(value as Decide);
      case 'finish':
        return this.finish(value as Finish);
      default:
        return this.acknowledge(value as Acknowledge);
    }
  }

  /** What a vote on this would be now. */
  vote({ id, coordinator, micros }: Prepare): Prepared | string {
    if (this.finished.has(id)) return 'finished';
    const { read, write } = locksOf(micros);
    for (const other of this.prepared.values()) if (exclude({ read, write }, other)) return 'conflict';
    const effects = evaluate(micros, (key) => this.versions.latest(key));
    return typeof effects === 'string' ? effects : { id, coordinator, read, write, ...effects };
  }

  /** What was decided on a transaction that this group coordinates; undefined if nothing was. Final, once known. */
  outcome(id: TransactionId): Outcome | undefined {
    return this.decisions.get(id)?.timestamp ?? this.finished.outcome(id);
  }

  read(question: Json): Json {
    const { timestamp, keys } = question as SnapshotQuestion;
    const undecided = this.readThroughLocks ? [] : this.writersOf(keys);
    if (undecided.length > 0) return { undecided } satisfies SnapshotAnswer;
    const values = keys.map((key) => this.versions.at(key, timestamp));
    if (values.includes(undefined)) return { tooOld: true } satisfies SnapshotAnswer;
    return { values: values as Json[] } satisfies SnapshotAnswer;
  }

  private writersOf(keys: readonly Key[]): TransactionId[] {
    const writers = [...this.prepared.values()].filter(({ write }) =>
      write.some((key) => keys.includes(key)),
    );
    return writers.map(({ id }) => id);
  }

  private prepare(part: Prepare): ClientReply {
    const known = this.prepared.get(part.id);
    const vote = known ?? this.vote(part);
    if (typeof vote === 'string') return fail(vote);
    this.prepared.set(part.id, vote);
    return ok(vote.results);
  }

  /** The coordinating group is a participant itself: what it has not prepared, or has aborted, cannot be committed any more. */
  private decide({ id, timestamp, others }: Decide): ClientReply {
    const decided = this.outcome(id);
    if (decided !== undefined) return ok(decided);
    const outcome = this.prepared.has(id) ? timestamp : null;
    this.release(id, outcome);
    if (outcome !== null && others.length > 0)
      this.decisions.set(id, { id, timestamp: outcome, waiting: others });
    else this.finished.add(id, outcome);
    return ok(outcome);
  }

  private finish({ id, timestamp }: Finish): ClientReply {
    if (!this.prepared.has(id)) {
      this.host.always(
        timestamp === null || (this.finished.has(id) && this.finished.outcome(id) !== null),
        'a commit finds what was prepared',
        { id, timestamp },
      );
    }
    this.release(id, timestamp);
    if (!this.finished.has(id)) this.finished.add(id, timestamp);
    return ok(null);
  }

  private acknowledge({ id, group }: Acknowledge): ClientReply {
    const decision = this.decisions.get(id);
    if (decision === undefined) return ok(null);
    const waiting = decision.waiting.filter((other) => other !== group);
    if (waiting.length > 0) this.decisions.set(id, { ...decision, waiting });
    else {
      this.decisions.delete(id);
      this.finished.add(id, decision.timestamp);
    }
    return ok(null);
  }

  private release(id: TransactionId, outcome: Outcome): void {
    const part = this.prepared.get(id);
    if (part === undefined) return;
    this.prepared.delete(id);
    if (outcome !== null) {
      for (const [key, value] of part.writes) {
        const newest = this.versions.newest(key);
        this.host.always(newest < outcome, 'versions of a key come in the order of their timestamps', {
          key,
          newest,
          committed: outcome,
        });
        this.versions.put(key, outcome, value);
      }
    }
    this.onRelease();
  }

  state(): Json {
    return {
      versions: this.versions.state(),
      prepared: [...this.prepared.values()],
      decisions: [...this.decisions.values()],
      finished: this.finished.state(),
    } satisfies ShardState;
  }

  restore(state: Json | undefined): void {
    const { versions, prepared, decisions, finished } = (state ?? EMPTY) as ShardState;
    this.versions.restore(versions);
    this.prepared.clear();
    for (const part of prepared) this.prepared.set(part.id, part);
    this.decisions.clear();
    for (const decision of decisions) this.decisions.set(decision.id, decision);
    this.finished.restore(finished);
    this.onRelease();
  }
}

const EMPTY: ShardState = { versions: [], prepared: [], decisions: [], finished: { outcomes: [], floor: 0 } };
