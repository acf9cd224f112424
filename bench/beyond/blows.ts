import { MILLISECOND, type Nanos, type Random, type ScheduledFault } from '../../harness/contract/index.ts';

/** Most blows in one plan. */
const BLOWS_MAX = 3;
/** Most hits of one host in one blow. */
const HITS_MAX = 6;
/** From the first hit of a blow to its last: at once, before anybody knows of it, or while it is being repaired. */
const SPANS: readonly Nanos[] = [10 * MILLISECOND, 100 * MILLISECOND, 1000 * MILLISECOND];

/** Faults as they were drawn, of which kind, strength and length are taken, and neither moment nor target: of each kind the hardest. */
export interface Drawn {
  /** Of the kind whose row is exceeded; at least one. */
  readonly own: readonly ScheduledFault[];
  /** Of the kinds that share its budget. */
  readonly sharing: readonly ScheduledFault[];
  /** What makes a process read again what it has on its disk. */
  readonly restarts: readonly ScheduledFault[];
}

/**
 * One host more than a row allows, hit at about the same time, up to three times in a run. The last of the hosts is hit by the row's own kind alone, the others by
 * any that shares its budget: so the table stands all of it but the last host. Schedules that are drawn freely hit so many hosts now and then, but mostly not before the
 * first ones are repaired.
 *
 * @param hosts Names of the hosts, one more than the row allows. @param duration Length of the fault phase.
 */
export function blows(
  drawn: Drawn,
  hosts: readonly string[],
  duration: Nanos,
  random: Random,
): ScheduledFault[] {
  const faults: ScheduledFault[] = [];
  const aim = (kinds: readonly ScheduledFault[], host: string, from: Nanos, span: Nanos): Nanos => {
    const at = Math.min(from + random.integer(0, span), duration - 1);
    const { for: usual, ...fault } = hardest(kinds, random.pick(kinds).fault);
    // What is in force to the end leaves least time to come back.
    const length = usual !== undefined && random.chance(0.5) ? duration : usual;
    faults.push({
      ...fault,
      at,
      ...(length !== undefined && { for: Math.max(1, Math.min(length, duration - at)) }),
      target: { hosts: [host] },
    });
    return at;
  };
  for (let left = random.integer(1, BLOWS_MAX); left > 0; left--) {
    const from = random.integer(0, duration - 1);
    const span = random.pick(SPANS);
    for (const [nth, host] of hosts.entries()) {
      const kinds = nth < hosts.length - 1 ? [...drawn.own, ...drawn.sharing] : drawn.own;
      let last = from;
      for (let hits = random.integer(1, HITS_MAX); hits > 0; hits--)
        last = Math.max(last, aim(kinds, host, from, span));
      if (drawn.restarts.length > 0 && random.chance(0.5)) aim(drawn.restarts, host, last, span);
    }
  }
  return faults.sort((a, b) => a.at - b.at);
}

/** Of the faults of this kind the one whose numbers multiply to most. */
function hardest(faults: readonly ScheduledFault[], kind: string): ScheduledFault {
  const strength = ({ parameters }: ScheduledFault) =>
    Object.values(parameters).reduce<number>(
      (product, value) => (typeof value === 'number' ? product * value : product),
      1,
    );
  return faults
    .filter(({ fault }) => fault === kind)
    .reduce((most, fault) => (strength(fault) > strength(most) ? fault : most));
}
