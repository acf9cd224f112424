import { closed, type Operation, orders, type World } from './worlds.ts';

/** What a sequence of operations leaves in a key: the last write to it. */
function lastWrite(sequence: readonly Operation[], key: Operation['key']): Operation | undefined {
  return sequence.filter((operation) => operation.writes && operation.key === key).at(-1);
}

/** Some order of the writes and of these reads that the relation permits, and in which each of the reads returns the last write. */
function isExplained(
  { source }: World,
  operations: readonly Operation[],
  reads: readonly Operation[],
  precedes: (a: Operation, b: Operation) => boolean,
): boolean {
  const items = operations.filter((operation) => operation.writes || reads.includes(operation));
  // Depth first; a read that returns something else ends a branch.
  const search = (done: readonly Operation[], left: readonly Operation[]): boolean =>
    left.length === 0 ||
    left.some((next) => {
      if (left.some((other) => other !== next && precedes(other, next))) return false;
      if (!next.writes && lastWrite(done, next.key) !== source.get(next)) return false;
      return search(
        [...done, next],
        left.filter((other) => other !== next),
      );
    });
  return search([], items);
}

/** Session order and reads-from, closed. Undefined if that is a cycle. */
function causalOrderOf({ operations, source, before }: World) {
  const precedes = closed(operations, (a, b) => before(a, b) || (!b.writes && source.get(b) === a));
  return operations.some((operation) => precedes(operation, operation)) ? undefined : precedes;
}

/** Bouajjani et al. 2017, definitions 3.2 to 3.4, with the least causal order. */
export function isCausal(world: World, variant: 'CC' | 'CM' | 'CCv'): boolean {
  const { operations, source, before } = world;
  const precedes = causalOrderOf(world);
  if (precedes === undefined) return false;
  const pastOf = (operation: Operation) =>
    operations.filter((other) => other === operation || precedes(other, operation));
  const reads = operations.filter(({ writes }) => !writes);
  if (variant === 'CC') return reads.every((read) => isExplained(world, pastOf(read), [read], precedes));
  if (variant === 'CM') {
    return operations.every((operation) => {
      const own = reads.filter((read) => read === operation || before(read, operation));
      return isExplained(world, pastOf(operation), own, precedes);
    });
  }
  const writes = operations.filter((operation) => operation.writes);
  for (const order of orders(writes, precedes)) {
    const explains = reads.every((read) => {
      const seen = order.filter((write) => precedes(write, read));
      return lastWrite(seen, read.key) === source.get(read);
    });
    if (explains) return true;
  }
  return false;
}

/** For each operation as the last of its session: all writes and the reads of its session in one order that keeps all sessions' orders. */
export function isPram(world: World): boolean {
  const { operations, before } = world;
  return operations.every((operation) => {
    const own = operations.filter(
      (other) => !other.writes && (other === operation || before(other, operation)),
    );
    // Reads of other sessions do not take part, so that order must be closed before they are left out; session order is.
    return isExplained(world, operations, own, before);
  });
}
