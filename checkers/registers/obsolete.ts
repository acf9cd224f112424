import type { Identity } from '../shared/identity.ts';
import type { Mutation, Register, Sight } from './registers.ts';

/** Proof that a value is gone: the last moment at which it can have been written, and who overwrote it after that. */
export interface Overwrite {
  /** The only operation that wrote the value; undefined for the initial value or where several did. */
  readonly writer?: Mutation;
  /** Index of the event by which every possible writer of the value had taken effect; -1 for the initial value. */
  readonly settled: number;
  /** The acknowledged operation after that which completed first: it certainly replaced the value. */
  readonly first: Mutation;
}

/**
 * Tells when a value of a register is *certainly obsolete*, from real time alone. Let s be the moment by which every operation that
 * may have written v had taken effect: the latest of their acknowledgements (never, if one is indeterminate; before the beginning, if v is the initial
 * value); for a sole writer also the first completion of a read that saw v, if that was earlier. An acknowledged write or cas of another value invoked
 * after s replaced v for good, at the latest when it completed. Every read invoked after that and seeing v is impossible in
 * a linearizable register, with any number of indeterminate operations around: so there are no false alarms.
 *
 * Order is by index. Cost: O(n log n) for a register of n operations, then O(log n) for a question.
 */
export class Obsolescence {
  private readonly register: Register;
  /** Of `register.acknowledged[i..]`, the one that completed first. */
  private readonly earliestFrom: readonly Mutation[];
  private readonly firstSight = new Map<Identity, number>();

  constructor(register: Register) {
    this.register = register;
    const { acknowledged } = register;
    const earliest = new Array<Mutation>(acknowledged.length);
    for (let i = acknowledged.length - 1; i >= 0; i--) {
      const here = acknowledged[i]!;
      const later = earliest[i + 1];
      earliest[i] = later !== undefined && completedAt(later) < completedAt(here) ? later : here;
    }
    this.earliestFrom = earliest;
    for (const { identity, completion } of register.sights) {
      const known = this.firstSight.get(identity);
      if (known === undefined || completion.index < known) this.firstSight.set(identity, completion.index);
    }
  }

  /** Who overwrote the value that was seen, before it was seen; undefined if it may still have been current, or nobody is known to have written it. */
  overwritten(sight: Sight): Overwrite | undefined {
    const settled = this.settled(sight.identity);
    if (settled === undefined) return undefined;
    const first = this.earliestFrom[this.firstInvokedAfter(settled)];
    if (first === undefined || completedAt(first) >= sight.invocation.index) return undefined;
    const writers = this.register.writers.get(sight.identity) ?? [];
    const isInitial = sight.identity === this.register.initial;
    return { settled, first, ...(writers.length === 1 && !isInitial && { writer: writers[0]! }) };
  }

  /** The acknowledged operations that were invoked after the index `from` and completed before this read was invoked, by at least `lag` nanoseconds. */
  between(from: number, { invocation }: Sight, lag: number): Mutation[] {
    return this.register.acknowledged
      .slice(this.firstInvokedAfter(from))
      .filter(
        (mutation) =>
          completedAt(mutation) < invocation.index &&
          (mutation.completion?.time ?? Number.POSITIVE_INFINITY) + lag <= invocation.time,
      );
  }

  /**
   * Of each sight, how many versions are certainly newer than what it saw and older than its invocation: the acknowledged operations that were invoked after
   * `settled` and completed before. Cost: O(n log n) for all.
   */
  versionsSince(seen: readonly { readonly sight: Sight; readonly settled: number }[]): number[] {
    const { acknowledged } = this.register;
    const completions = acknowledged.map(completedAt).sort((a, b) => a - b);
    const counts = new Array<number>(seen.length).fill(0);
    // From the latest settled value to the earliest, counting those invoked since in a tree over the order of completion.
    const tree = new Int32Array(completions.length + 1);
    let next = acknowledged.length - 1;
    const order = seen.map((_, n) => n).sort((a, b) => seen[b]!.settled - seen[a]!.settled);
    for (const n of order) {
      const { sight, settled } = seen[n]!;
      for (; next >= 0 && acknowledged[next]!.invocation.index > settled; next--) {
        const rank = below(completions, completedAt(acknowledged[next]!));
        for (let at = rank + 1; at < tree.length; at += at & -at) tree[at]!++;
      }
      for (let at = below(completions, sight.invocation.index); at > 0; at -= at & -at)
        counts[n]! += tree[at]!;
    }
    return counts;
  }

  private settled(identity: Identity): number | undefined {
    const writers = this.register.writers.get(identity) ?? [];
    const isInitial = identity === this.register.initial;
    if (writers.length === 0) return isInitial ? -1 : undefined;
    let latest = -1;
    for (const writer of writers) latest = Math.max(latest, completedAt(writer));
    if (writers.length === 1 && !isInitial) {
      const seen = this.firstSight.get(identity);
      // Seen before it was written: somebody else's doing (see `corruption`), and no proof that the writer was done.
      if (seen !== undefined && seen > writers[0]!.invocation.index) latest = Math.min(latest, seen);
    }
    return latest === Number.POSITIVE_INFINITY ? undefined : latest;
  }

  private firstInvokedAfter(index: number): number {
    const { acknowledged } = this.register;
    let low = 0;
    let high = acknowledged.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (acknowledged[middle]!.invocation.index > index) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function completedAt({ completion }: Mutation): number {
  return completion?.type === 'ok' ? completion.index : Number.POSITIVE_INFINITY;
}

/** How many of the sorted numbers are smaller. */
function below(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
