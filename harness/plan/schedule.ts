import fc, { type Arbitrary } from 'fast-check';
import { MILLISECOND, type Nanos, type ScheduledFault, SECOND } from '../contract/index.ts';
import type { FaultKind } from './fault-kinds.ts';

/**
 * Swarm testing: each seed has a temper of its own, draws a subset of the fault kinds, and stresses these. A schedule in which every
 * kind appears a little finds less than many schedules of which each leaves most out: faults hide each other (Groce et al., 2012).
 */
interface Temper {
  readonly weight: number;
  /** How many different kinds. */
  readonly kinds: readonly [least: number, most: number];
  /** How many events (a fault, or a formation of several) in ten seconds. */
  readonly events: readonly [least: number, most: number];
  /** One after the other has healed, with a pause between. */
  readonly inTurn: boolean;
}

/** None draws just a fault or two: they would often meet nothing, and a run without effect proves nothing. */
const TEMPERS: { readonly [name: string]: Temper } = {
  calm: { weight: 1, kinds: [3, 4], events: [4, 6], inTurn: true },
  single: { weight: 2, kinds: [1, 1], events: [6, 12], inTurn: false },
  turns: { weight: 3, kinds: [2, 8], events: [4, 10], inTurn: true },
  mixed: { weight: 4, kinds: [2, 10], events: [5, 14], inTurn: false },
  storm: { weight: 2, kinds: [8, 100], events: [12, 25], inTurn: false },
};

const LENGTHS_BY_DEFAULT: readonly [Nanos, Nanos] = [50 * MILLISECOND, 5 * SECOND];

/** Schedules of any temper over these kinds, by beginning, before the ledger has looked at them. Empty without kinds. */
export function scheduleArbitrary(kinds: readonly FaultKind[], duration: Nanos): Arbitrary<ScheduledFault[]> {
  if (kinds.length === 0) return fc.constant([]);
  return fc.oneof(
    ...Object.values(TEMPERS).map((temper) => ({
      weight: temper.weight,
      arbitrary: ofTemper(temper, kinds, duration),
    })),
  );
}

function ofTemper(temper: Temper, kinds: readonly FaultKind[], duration: Nanos): Arbitrary<ScheduledFault[]> {
  const leastKinds = Math.min(temper.kinds[0], kinds.length);
  const mostKinds = Math.min(temper.kinds[1], kinds.length);
  const [leastEvents, mostEvents] = temper.events.map((events) =>
    Math.ceil((events * duration) / (10 * SECOND)),
  );
  return fc
    .record({
      chosen: fc.shuffledSubarray([...kinds], { minLength: leastKinds, maxLength: mostKinds }),
      // Without the last faults the system may come to rest before everything is healed, or not.
      quiet: fc.constantFrom(0, 0, 0.1, 0.3),
    })
    .chain(({ chosen, quiet }) => {
      const latest = Math.floor(duration * (1 - quiet));
      // Each chosen kind in turn, so that none was chosen in vain where there are enough events.
      return fc.integer({ min: leastEvents!, max: mostEvents! }).chain((count) => {
        const events = Array.from({ length: count }, (_, nth) =>
          formation(chosen[nth % chosen.length]!, chosen, latest, duration),
        );
        return fc.tuple(...events);
      });
    })
    .map((events) => {
      const placed = temper.inTurn ? oneAfterTheOther(events, duration) : events.flat();
      return placed.sort((a, b) => a.at - b.at);
    });
}

/** One fault; or the same kind several times in short order; or a swizzle. */
function formation(
  kind: FaultKind,
  chosen: readonly FaultKind[],
  latest: Nanos,
  duration: Nanos,
): Arbitrary<ScheduledFault[]> {
  const one = faultArbitrary(kind, latest, duration);
  const burst = fc
    .record({
      faults: fc.array(one, { minLength: 2, maxLength: 5, size: 'max' }),
      gap: instant(duration / 20),
    })
    .map(({ faults, gap }) =>
      faults
        .map((fault, nth) => ({ ...fault, at: faults[0]!.at + nth * gap }))
        .filter(({ at }) => at < duration)
        .map((fault) => cut(fault, duration)),
    );
  const isolating = chosen.find(({ nemesis }) => nemesis.name === 'partition-one');
  return fc.oneof(
    { weight: 6, arbitrary: one.map((fault) => [fault]) },
    { weight: 2, arbitrary: burst },
    ...(isolating ? [{ weight: 1, arbitrary: swizzle(isolating, latest, duration) }] : []),
  );
}

/** Some hosts are cut off one by one and come back in another order, as FoundationDB's swizzle-clogging does. */
function swizzle(kind: FaultKind, latest: Nanos, duration: Nanos): Arbitrary<ScheduledFault[]> {
  const { candidates } = kind.surroundings;
  return fc
    .record({
      first: faultArbitrary(kind, latest, duration),
      hosts: fc.shuffledSubarray([...candidates], { minLength: 1 }),
      back: fc.shuffledSubarray([...candidates], { minLength: candidates.length }),
      gap: instant(duration / 20),
    })
    .map(({ first, hosts, back, gap }) => {
      const returning = back.filter((host) => hosts.includes(host));
      return hosts
        .map((host, nth) => {
          const at = first.at + nth * gap;
          const until = first.at + (hosts.length + returning.indexOf(host)) * gap;
          return { ...first, at, for: Math.max(1, until - at), target: { hosts: [host] } };
        })
        .filter(({ at }) => at < duration)
        .map((fault) => cut(fault, duration));
    });
}

function faultArbitrary(
  { nemesis, surroundings, forced }: FaultKind,
  latest: Nanos,
  duration: Nanos,
): Arbitrary<ScheduledFault> {
  const [shortest, longest] = nemesis.lengths ?? LENGTHS_BY_DEFAULT;
  return fc
    .record({
      at: instant(latest),
      // Short ones twice as often: they fall between two actions of the system.
      length: fc.oneof(lengthBetween(shortest, longest), lengthBetween(shortest, 4 * shortest)),
      aim: nemesis.arbitrary(surroundings),
    })
    .map(({ at, length, aim }) => {
      const parameters = { ...aim.parameters, ...forced };
      const what = { fault: nemesis.name, target: aim.target, parameters };
      return nemesis.momentary ? { at, ...what } : cut({ at, for: length, ...what }, duration);
    });
}

/** In whole milliseconds where the phase is long enough: easier to read. */
function instant(latest: Nanos): Arbitrary<Nanos> {
  const unit = latest >= 100 * MILLISECOND ? MILLISECOND : 1;
  return fc.nat({ max: Math.max(0, Math.floor(latest / unit) - 1) }).map((units) => units * unit);
}

function lengthBetween(shortest: Nanos, longest: Nanos): Arbitrary<Nanos> {
  return fc
    .integer({ min: Math.ceil(shortest / MILLISECOND), max: Math.ceil(longest / MILLISECOND) })
    .map((milliseconds) => milliseconds * MILLISECOND);
}

function cut(fault: ScheduledFault, duration: Nanos): ScheduledFault {
  if (fault.for === undefined) return fault;
  return { ...fault, for: Math.max(1, Math.min(fault.for, duration - fault.at)) };
}

/** Moves each event behind the end of the one before, keeping the order of their beginnings; what no longer fits is left out. */
function oneAfterTheOther(events: readonly ScheduledFault[][], duration: Nanos): ScheduledFault[] {
  const placed: ScheduledFault[] = [];
  const pause = duration / 20;
  let free = 0;
  for (const event of [...events].sort((a, b) => beginning(a) - beginning(b))) {
    const shift = Math.max(0, Math.ceil(free - beginning(event)));
    for (const fault of event) {
      const at = fault.at + shift;
      if (at >= duration) continue;
      placed.push(cut({ ...fault, at }, duration));
      free = Math.max(free, at + (fault.for ?? 0) + pause);
    }
  }
  return placed;
}

function beginning(event: readonly ScheduledFault[]): Nanos {
  return Math.min(...event.map(({ at }) => at));
}
