import type { Guarantee } from '../guarantees.ts';
import { type Operation, orders, type World } from './worlds.ts';

/** The definition, rule by rule: the least sets of visible writes, then every order of the writes. */
export function hasGuarantees(world: World, guarantees: readonly Guarantee[]): boolean {
  const { operations, source, before } = world;
  const has = (guarantee: Guarantee): boolean => guarantees.includes(guarantee);
  const reads = operations.filter(({ writes }) => !writes);
  const writes = operations.filter((operation) => operation.writes);
  const visible = new Map(reads.map((read): [Operation, Set<Operation>] => [read, new Set()]));
  for (const read of reads) {
    const write = source.get(read);
    if (write !== undefined) visible.get(read)!.add(write);
  }
  for (let changed = true; changed; ) {
    changed = false;
    const show = (read: Operation, write: Operation): void => {
      if (visible.get(read)!.has(write)) return;
      visible.get(read)!.add(write);
      changed = true;
    };
    for (const read of reads) {
      if (has('read-your-writes')) for (const write of writes) if (before(write, read)) show(read, write);
      if (has('monotonic-reads')) {
        for (const earlier of reads) {
          if (before(earlier, read)) for (const write of visible.get(earlier)!) show(read, write);
        }
      }
      for (const write of [...visible.get(read)!]) {
        if (has('monotonic-writes')) for (const first of writes) if (before(first, write)) show(read, first);
        if (has('writes-follow-reads')) {
          for (const earlier of reads) {
            if (before(earlier, write)) for (const first of visible.get(earlier)!) show(read, first);
          }
        }
      }
    }
  }
  const precedes = (a: Operation, b: Operation): boolean =>
    (has('monotonic-writes') && before(a, b)) ||
    (has('writes-follow-reads') && reads.some((read) => visible.get(read)!.has(a) && before(read, b)));
  for (const order of orders(writes, precedes)) {
    const explains = reads.every((read) => {
      const last = order.filter((write) => write.key === read.key && visible.get(read)!.has(write)).at(-1);
      return last === source.get(read);
    });
    if (explains) return true;
  }
  return false;
}
