import type { Attempt } from './service.ts';

/** A time in which clients asked and nobody was answered. Nanoseconds. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

const BEGAN = 1;
const FAILED = 2;
const ANSWERED = 3;

/**
 * The longest time without an answer while operations were being attempted: from the first moment after an answer (or the
 * beginning) at which an operation is open, to the next answer or, if none comes, to `end`. Failures in between do not end it, and
 * neither does a silence of the clients after a failure. Undefined without attempts. Cost: O(n).
 */
export function longestOutage(attempts: readonly Attempt[], end: number): Outage | undefined {
  // By index, because that is the order of events: who began, who ended and how.
  const size = attempts.reduce(
    (most, { invocation, completion }) => Math.max(most, (completion ?? invocation).index),
    -1,
  );
  const steps = new Uint8Array(size + 1);
  const times = new Float64Array(size + 1);
  for (const { invocation, completion, served } of attempts) {
    steps[invocation.index] = BEGAN;
    times[invocation.index] = invocation.time;
    if (completion === undefined) continue;
    steps[completion.index] = served ? ANSWERED : FAILED;
    times[completion.index] = completion.time;
  }
  let longest: Outage | undefined;
  let open = 0;
  let since: number | undefined;
  const close = (until: number) => {
    if (since === undefined) return;
    if (longest === undefined || until - since > longest.until - longest.from)
      longest = { from: since, until };
  };
  for (let index = 0; index <= size; index++) {
    const step = steps[index];
    const time = times[index]!;
    if (step === BEGAN) {
      open++;
      since ??= time;
    } else if (step === FAILED) {
      open--;
    } else if (step === ANSWERED) {
      open--;
      close(time);
      since = open > 0 ? time : undefined;
    }
  }
  close(end);
  return longest;
}
