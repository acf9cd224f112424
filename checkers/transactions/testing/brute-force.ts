import { type History, type Json, operationPairs } from '../../../histories/index.ts';

/** A transaction for brute force: what it did if it happened, and who had to be before it. */
interface Candidate {
  readonly certain: boolean;
  readonly micros: readonly (readonly Json[])[];
  /** Whether its reads are known. */
  readonly reads: boolean;
  readonly invoked: number;
  readonly completed: number;
  readonly process: number;
}

type State = ReadonlyMap<Json, Json>;

/** Which order the transactions must keep beside what they read: none, that of each process, or that of real time. */
export type Order = 'none' | 'process' | 'realtime';

/**
 * By definition: some of the indeterminate transactions and all acknowledged ones, run one after the other, explain all reads, and keep the order.
 * Exponential.
 */
export function isSerializable(history: History, order: Order): boolean {
  const candidates = candidatesOf(history);
  const search = (left: readonly Candidate[], state: State): boolean => {
    if (left.every(({ certain }) => !certain)) return true;
    return left.some((next) => {
      const rest = left.filter((other) => other !== next);
      if (rest.some((other) => precedes(other, next, order))) return false;
      const after = run(next, state);
      return after !== undefined && search(rest, after);
    });
  };
  return search(candidates, new Map());
}

/**
 * By definition: each transaction reads the state committed before some moment, its start, and none commits if another committed
 * after that moment a write to a key that it wrote. What comes before it in the order must have committed before its start. Exponential.
 */
export function isSnapshotIsolated(history: History, order: Order): boolean {
  interface Running {
    readonly transaction: Candidate;
    readonly snapshot: State;
  }
  const search = (waiting: readonly Candidate[], running: readonly Running[], state: State): boolean => {
    if ([...waiting, ...running.map(({ transaction }) => transaction)].every(({ certain }) => !certain))
      return true;
    const commits = running.some((each) => {
      const { transaction, snapshot } = each;
      const keys = writes(transaction);
      // Written values are unique, and each append makes a list of its own.
      if (keys.some((key) => state.get(key) !== snapshot.get(key))) return false;
      const after = new Map(state);
      for (const [f, key, value] of transaction.micros) if (f !== 'r') write(after, f!, key!, value!);
      return search(
        waiting,
        running.filter((other) => other !== each),
        after,
      );
    });
    if (commits) return true;
    return waiting.some((transaction) => {
      if (run(transaction, state) === undefined) return false;
      const rest = waiting.filter((other) => other !== transaction);
      const open = [...rest, ...running.map((each) => each.transaction)];
      if (open.some((other) => precedes(other, transaction, order))) return false;
      return search(rest, [...running, { transaction, snapshot: state }], state);
    });
  };
  return search(candidatesOf(history), [], new Map());
}

function writes({ micros }: Candidate): Json[] {
  return micros.flatMap(([f, key]) => (f === 'r' ? [] : [key!]));
}

function precedes(first: Candidate, second: Candidate, order: Order): boolean {
  if (order === 'none' || !first.certain || first.completed > second.invoked) return false;
  return order === 'realtime' || first.process === second.process;
}

function candidatesOf({ events }: History): Candidate[] {
  return operationPairs(events).flatMap(({ invocation, completion }): Candidate[] => {
    if (completion?.type === 'fail') return [];
    const certain = completion?.type === 'ok';
    return [
      {
        certain,
        reads: certain,
        micros: (certain ? completion : invocation).value as readonly (readonly Json[])[],
        process: invocation.process,
        invoked: invocation.index,
        completed: certain ? completion.index : Number.POSITIVE_INFINITY,
      },
    ];
  });
}

/** The state after the transaction; `undefined` if it would have read something else. */
function run({ micros, reads }: Candidate, before: State): State | undefined {
  const state = new Map(before);
  for (const [f, key, value] of micros) {
    if (f !== 'r') write(state, f!, key!, value!);
    else if (reads && text(state.get(key!)) !== text(value)) return undefined;
  }
  return state;
}

function write(state: Map<Json, Json>, f: Json, key: Json, value: Json): void {
  if (f === 'w') state.set(key, value);
  else state.set(key, [...((state.get(key) ?? []) as readonly Json[]), value]);
}

/** The empty list and nil are the same: nothing was written. */
function text(value: Json | undefined): string {
  return Array.isArray(value) && value.length === 0 ? 'null' : JSON.stringify(value ?? null);
}
