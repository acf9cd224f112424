import type { Operation } from '../histories/index.ts';
import type { Attempt } from './service.ts';

/** A time in which clients asked and nobody was answered. Nanoseconds. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

/**
 * The longest time without an answer while operations were being attempted: from the first moment after an answer (or the
 * beginning) at which an operation is open, to the next answer or, if none comes, to `end`. Failures in between do not end it, and
 * neither does a silence of the clients after a failure. Undefined without attempts. Cost: O(n log n).
 */
export function longestOutage(attempts: readonly Attempt[], end: number): Outage | undefined {
  const steps = attempts.flatMap(({ invocation, completion, served }) =>
    completion === undefined
      ? [{ event: invocation as Operation, answer: false }]
      : [
          { event: invocation, answer: false },
          { event: completion, answer: served },
        ],
  );
  steps.sort((a, b) => a.event.index - b.event.index);
  let longest: Outage | undefined;
  let open = 0;
  let since: number | undefined;
  const close = (until: number) => {
    if (since === undefined) return;
    if (longest === undefined || until - since > longest.until - longest.from)
      longest = { from: since, until };
  };
  for (const { event, answer } of steps) {
    if (event.type === 'invoke') {
      open++;
      since ??= event.time;
      continue;
    }
    open--;
    if (!answer) continue;
    close(event.time);
    since = open > 0 ? event.time : undefined;
  }
  close(end);
  return longest;
}
