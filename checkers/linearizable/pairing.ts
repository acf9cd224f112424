import { type HistoryEvent, isOperation, type Operation } from '../../histories/index.ts';

/** A history that no checker can judge: a defect of what recorded or imported it, not of the system under test. */
export class UncheckableHistory extends Error {
  readonly code = 'uncheckable-history';
  constructor(message: string) {
    super(message);
    this.name = 'UncheckableHistory';
  }
}

/** Operations of clients on one key, paired. Positions are those in the history's list of events. */
export interface KeyOperations {
  readonly key: string | number | undefined;
  /** Positions of the invocations, ascending. */
  readonly invocations: Int32Array;
  /** Position of each one's completion, or -1 where none was recorded. */
  readonly completions: Int32Array;
}

/**
 * Pairs each invocation with its completion and splits them by key, keys in order of first appearance.
 *
 * Checking keys one by one is exact: linearizability is local (Herlihy and Wing 1990, theorem 1): a history over
 * several objects is linearizable if and only if its restriction to each object is. That holds as long as one
 * operation touches one key, which is what `Operation.key` says.
 *
 * Cost: linear. @throws UncheckableHistory for a completion without invocation or a second invocation of a process.
 */
export function pairByKey(events: readonly HistoryEvent[]): KeyOperations[] {
  const invocations = new Int32Array(events.length);
  const completions = new Int32Array(events.length).fill(-1);
  const keyOf = new Int32Array(events.length);
  const keys = new KeyNumbers();
  const open = new OpenOperations(events.length);
  let count = 0;
  for (let position = 0; position < events.length; position++) {
    const event = events[position]!;
    if (!isOperation(event)) continue;
    const pending = open.get(event.process);
    if (event.type === 'invoke') {
      if (pending >= 0) throw stillOpen(event, events[invocations[pending]!] as Operation);
      open.set(event.process, count);
      keyOf[count] = keys.number(event.key);
      invocations[count++] = position;
    } else {
      if (pending < 0) throw neverInvoked(event);
      completions[pending] = position;
      open.set(event.process, -1);
    }
  }
  return groups(keys, keyOf.subarray(0, count), invocations, completions);
}

/** Counting sort by key: operations of one key become a run. */
function groups(
  { names }: KeyNumbers,
  keyOf: Int32Array,
  invocations: Int32Array,
  completions: Int32Array,
): KeyOperations[] {
  const count = keyOf.length;
  if (names.length === 1) {
    const all = { invocations: invocations.subarray(0, count), completions: completions.subarray(0, count) };
    return [{ key: names[0], ...all }];
  }
  const starts = new Int32Array(names.length + 1);
  for (let n = 0; n < count; n++) starts[keyOf[n]! + 1]!++;
  for (let key = 0; key < names.length; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const sortedInvocations = new Int32Array(count);
  const sortedCompletions = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    const at = next[keyOf[n]!]!++;
    sortedInvocations[at] = invocations[n]!;
    sortedCompletions[at] = completions[n]!;
  }
  return names.map((key, k) => ({
    key,
    invocations: sortedInvocations.subarray(starts[k]!, starts[k + 1]!),
    completions: sortedCompletions.subarray(starts[k]!, starts[k + 1]!),
  }));
}

/** Numbers keys in order of first appearance; operations without a key share one. */
class KeyNumbers {
  readonly names: (string | number | undefined)[] = [];
  private readonly numbers = new Map<string | number | undefined, number>();
  private last: string | number | undefined;
  private lastNumber = -1;

  number(key: string | number | undefined): number {
    if (key === this.last && this.lastNumber >= 0) return this.lastNumber;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.names.length;
      this.names.push(key);
      this.numbers.set(key, number);
    }
    this.last = key;
    this.lastNumber = number;
    return number;
  }
}

/** Which operation each process has open, -1 for none. Most process numbers are small. */
class OpenOperations {
  private readonly small: Int32Array;
  private readonly others = new Map<number, number>();

  constructor(events: number) {
    this.small = new Int32Array(Math.min(events + 1024, 1 << 16)).fill(-1);
  }

  get(process: number): number {
    return process >= 0 && process < this.small.length
      ? this.small[process]!
      : (this.others.get(process) ?? -1);
  }

  set(process: number, operation: number): void {
    if (process >= 0 && process < this.small.length) this.small[process] = operation;
    else this.others.set(process, operation);
  }
}

function stillOpen(event: Operation, first: Operation): UncheckableHistory {
  return new UncheckableHistory(
    `operation ${event.index}: process ${event.process} invokes ${event.f} while its ${first.f} of operation ${first.index} is still open; expected one operation at a time`,
  );
}

function neverInvoked(event: Operation): UncheckableHistory {
  return new UncheckableHistory(
    `operation ${event.index}: process ${event.process} completes ${event.f} (${event.type}); expected an open invocation of this process, found none`,
  );
}
