import { type History, type Json, operationPairs } from '../../../histories/index.ts';

/** A transaction for brute force: what it did if it happened, and who had to be before it. */
interface Candidate {
  readonly certain: boolean;
  readonly micros: readonly (readonly Json[])[];
  /** Whether its reads are known. */
  readonly reads: boolean;
  readonly invoked: number;
  readonly completed: number;
}

type State = ReadonlyMap<Json, readonly Json[]>;

/**
 * By definition: some of the indeterminate transactions and all acknowledged ones, run one after the other, explain all reads; in real-time order
 * too if `strict`. Exponential.
 */
export function isSerializable(history: History, strict: boolean): boolean {
  const candidates = candidatesOf(history);
  const search = (left: readonly Candidate[], state: State): boolean => {
    if (left.every(({ certain }) => !certain)) return true;
    return left.some((next) => {
      const rest = left.filter((other) => other !== next);
      if (strict && rest.some(({ certain, completed }) => certain && completed < next.invoked)) return false;
      const after = run(next, state);
      return after !== undefined && search(rest, after);
    });
  };
  return search(candidates, new Map());
}

/**
 * By definition: each transaction reads the state committed before some moment, its start, and none commits if another committed
 * after that moment an append to a key that it appended to. Exponential.
 */
export function isSnapshotIsolated(history: History): boolean {
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
      if (keys.some((key) => (state.get(key)?.length ?? 0) !== (snapshot.get(key)?.length ?? 0)))
        return false;
      const after = new Map(state);
      for (const [f, key, value] of transaction.micros) {
        if (f === 'append') after.set(key!, [...(after.get(key!) ?? []), value!]);
      }
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
      return search(rest, [...running, { transaction, snapshot: state }], state);
    });
  };
  return search(candidatesOf(history), [], new Map());
}

function writes({ micros }: Candidate): Json[] {
  return micros.flatMap(([f, key]) => (f === 'append' ? [key!] : []));
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
    const list = state.get(key!) ?? [];
    if (f === 'append') state.set(key!, [...list, value!]);
    else if (reads && JSON.stringify(list) !== JSON.stringify(value ?? [])) return undefined;
  }
  return state;
}
