import type { Generator } from '../contract/index.ts';
import { nothing, threadOf } from './generator.ts';

/** At most this many operations. */
export function limit(count: number, generator: Generator): Generator {
  if (count <= 0) return nothing;
  return {
    next(context) {
      const next = generator.next(context);
      if (next === undefined || next === 'pending') return next;
      if ('emit' in next) return { emit: next.emit, rest: limit(count - 1, next.rest) };
      return { wait: next.wait, rest: limit(count, next.rest) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : limit(count, then);
    },
  };
}

/** Ends before an operation would be emitted by the (`count` + 1)-th distinct process. */
export function processLimit(count: number, generator: Generator): Generator {
  return limitProcesses(count, new Set(), generator);
}

function limitProcesses(count: number, seen: ReadonlySet<number>, generator: Generator): Generator {
  return {
    next(context) {
      const next = generator.next(context);
      if (next === undefined || next === 'pending') return next;
      if (!('emit' in next)) return { wait: next.wait, rest: limitProcesses(count, seen, next.rest) };
      const process = context.processes[threadOf(next.emit, context)]!;
      if (seen.has(process)) return { emit: next.emit, rest: limitProcesses(count, seen, next.rest) };
      if (seen.size >= count) return undefined;
      return { emit: next.emit, rest: limitProcesses(count, new Set([...seen, process]), next.rest) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : limitProcesses(count, seen, then);
    },
  };
}
