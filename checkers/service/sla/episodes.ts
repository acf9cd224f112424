import { type FaultRecord, inForce } from '../../shared/timeline.ts';
import { type Attempt, inTime } from '../service.ts';

/** A stretch of time in which clients were not served as promised. Times in nanoseconds. */
export interface Episode {
  /** Invocation of the first operation that was not served in time. */
  readonly from: number;
  /** When the first client noticed: an error came, or a deadline passed. */
  readonly noticed: number;
  /** First answer in time to an operation invoked after the last one that was not; undefined if none came. */
  readonly repaired?: number;
  /** The operations that were not served in time, in the order of invocation. */
  readonly unserved: readonly Attempt[];
  /** What was in force between `from` and `noticed`, or had been healed no longer than the settling time before. */
  readonly faults: readonly FaultRecord[];
  /** Those of them that were applied last before it was noticed: the prime suspects. */
  readonly suspects: readonly FaultRecord[];
}

/** What one fault did to the clients. Times in nanoseconds. */
export interface Effect {
  readonly fault: FaultRecord;
  /** From its application until a client noticed; undefined if none did. */
  readonly detected?: number;
  /**
   * From its application until operations were served again for good; the longest, if there were several episodes. It counts from the episode's beginning where
   * operations had been served since the application. Undefined if no client noticed, or it was never repaired.
   */
  readonly repaired?: number;
  /** How long the unrepaired episode has lasted at the end of the history; undefined if there is none. */
  readonly unrepaired?: number;
  /** Those that are put down to it. */
  readonly episodes: readonly Episode[];
}

/** When it was noticed that this operation is not served in time. */
export function noticedAt(
  { invocation, completion, latency }: Attempt,
  deadline: number,
  end: number,
): number {
  return completion !== undefined && latency <= deadline
    ? completion.time
    : Math.min(invocation.time + deadline, completion?.time ?? end);
}

/** Answers the question: when was something served that was invoked at this time or later? O(log n) after O(n). */
export class Served {
  private readonly invoked: Float64Array;
  private readonly earliest: Float64Array;

  /** Takes the attempts that were served in time, in the order of invocation. */
  constructor(served: readonly Attempt[]) {
    this.invoked = Float64Array.from(served, ({ invocation }) => invocation.time);
    this.earliest = Float64Array.from(
      served,
      ({ completion }) => completion?.time ?? Number.POSITIVE_INFINITY,
    );
    for (let i = this.earliest.length - 2; i >= 0; i--) {
      this.earliest[i] = Math.min(this.earliest[i]!, this.earliest[i + 1]!);
    }
  }

  /** Time of the first answer to an operation invoked at this time or later; infinite if there is none. */
  since(time: number): number {
    let low = 0;
    let high = this.invoked.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.invoked[middle]! >= time) high = middle;
      else low = middle + 1;
    }
    return this.earliest[low] ?? Number.POSITIVE_INFINITY;
  }
}

/**
 * Groups what was not served in time into episodes. An episode is over when operations invoked after its last failure are served, and the
 * settling time has passed since that failure was noticed without another one being invoked.
 * Cost: O(n log n), and O(faults) for each episode.
 */
export function episodesOf(
  attempts: readonly Attempt[],
  faults: readonly FaultRecord[],
  bounds: { readonly deadline: number; readonly settle: number; readonly end: number },
): { readonly episodes: Episode[]; readonly served: Served } {
  const { deadline, settle, end } = bounds;
  const served = new Served(attempts.filter((attempt) => inTime(attempt, deadline)));
  const episodes: Episode[] = [];
  let unserved: Attempt[] = [];
  let noticed = Number.POSITIVE_INFINITY;
  let quietFrom = Number.NEGATIVE_INFINITY;
  let repaired = Number.POSITIVE_INFINITY;
  const finish = () => {
    const first = unserved[0];
    if (first === undefined) return;
    const from = first.invocation.time;
    const around = inForce(faults, from - settle, noticed);
    const latest = around.reduce((time, fault) => Math.max(time, fault.from ?? 0), 0);
    episodes.push({
      from,
      noticed,
      ...(Number.isFinite(repaired) && { repaired }),
      unserved,
      faults: around,
      suspects: around.filter((fault) => fault.from === latest),
    });
  };
  for (const attempt of attempts) {
    if (inTime(attempt, deadline)) continue;
    const { time } = attempt.invocation;
    if (time > Math.max(quietFrom + settle, repaired)) {
      finish();
      unserved = [];
      noticed = Number.POSITIVE_INFINITY;
      quietFrom = Number.NEGATIVE_INFINITY;
    }
    unserved.push(attempt);
    const at = noticedAt(attempt, deadline, end);
    noticed = Math.min(noticed, at);
    quietFrom = Math.max(quietFrom, at);
    // An operation invoked at the very same time may have been luckier: it proves nothing.
    repaired = served.since(time + 1);
  }
  finish();
  return { episodes, served };
}

/**
 * What each applied fault did. An episode is put down to its suspects, and to whatever was applied while it lasted.
 * Cost: O(faults × (episodes + unserved)).
 */
export function effectsOf(
  faults: readonly FaultRecord[],
  { episodes, served }: { readonly episodes: readonly Episode[]; readonly served: Served },
  bounds: { readonly deadline: number; readonly end: number },
): Effect[] {
  return faults.flatMap((fault): Effect[] => {
    const applied = fault.from;
    if (applied === undefined) return [];
    const own = episodes.filter(
      ({ suspects, noticed, repaired }) =>
        suspects.includes(fault) || (applied > noticed && applied <= (repaired ?? bounds.end)),
    );
    const lengths = own.map((episode) => repairTime(episode, applied, served));
    const never = own.find(({ repaired }) => repaired === undefined);
    const moments = own.flatMap(({ unserved }) =>
      unserved
        .map((attempt) => noticedAt(attempt, bounds.deadline, bounds.end))
        .filter((at) => at >= applied),
    );
    const detected = moments.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY) - applied;
    return [
      {
        fault,
        episodes: own,
        ...(Number.isFinite(detected) && { detected }),
        ...(own.length > 0 && never === undefined && { repaired: Math.max(...lengths) }),
        ...(never !== undefined && { unrepaired: bounds.end - clockStart(never, applied, served) }),
      },
    ];
  });
}

function repairTime(episode: Episode, applied: number, served: Served): number {
  return (episode.repaired ?? Number.POSITIVE_INFINITY) - clockStart(episode, applied, served);
}

/** The application, unless operations were served between it and the episode. */
function clockStart({ from }: Episode, applied: number, served: Served): number {
  return from > applied && served.since(applied) <= from ? from : applied;
}
