import { describeFault, type FaultRecord, inForce } from '../../shared/timeline.ts';
import { list } from '../../shared/words.ts';
import type { Attempt } from '../service.ts';

/** Some faults with what is put down to them. */
export interface Cause {
  readonly faults: readonly FaultRecord[];
  count: number;
}

/** Of the faults in force in this time those that were applied last: the prime suspects. Cost: linear in the faults. */
export function suspectsIn(faults: readonly FaultRecord[], from: number, until: number): FaultRecord[] {
  const around = inForce(faults, from, until);
  const latest = around.reduce((time, fault) => Math.max(time, fault.from ?? 0), 0);
  return around.filter((fault) => fault.from === latest);
}

/** Each of these operations put down to the fault applied last before it ended. */
export function blameFor(attempts: readonly Attempt[], faults: readonly FaultRecord[]): Cause[] {
  return blame(
    attempts.map(({ invocation, latency }) => ({
      faults: suspectsIn(faults, invocation.time, invocation.time + latency),
      count: 1,
    })),
  );
}

/** Adds up by fault, the most guilty first. */
export function blame(shares: readonly Readonly<Cause>[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const { faults, count } of shares) {
    const id = faults.map(({ fault }) => fault).join();
    const cause = causes.get(id);
    if (cause === undefined) causes.set(id, { faults, count });
    else cause.count += count;
  }
  return [...causes.values()].sort((a, b) => b.count - a.count);
}

export function causesInWords(causes: readonly Cause[]): string {
  return list(
    causes.map(
      ({ faults, count }) =>
        `${count} to ${faults.length === 0 ? 'none (no fault was in force)' : `the ${list(faults.map(describeFault))}`}`,
    ),
  );
}

export function causesAsData(causes: readonly Cause[]) {
  return causes.map(({ faults, count }) => ({ faults: faults.map(({ fault }) => fault), count }));
}
