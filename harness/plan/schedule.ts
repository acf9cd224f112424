import fc, { type Arbitrary } from 'fast-check';
import { MILLISECOND, type Nanos, type ScheduledFault, SECOND } from '../contract/index.ts';
import { dealer } from './deal.ts';
import type { FaultKind } from './fault-kinds.ts';

/** How soon after it heals a fault may be followed by another. */
const RELAPSE = SECOND;
const LENGTHS_BY_DEFAULT: readonly [Nanos, Nanos] = [50 * MILLISECOND, 5 * SECOND];

/** For each seed its schedules over these kinds, by beginning, before the ledger has looked at them. Empty without kinds. */
export function scheduleArbitrary(
  kinds: readonly FaultKind[],
  duration: Nanos,
): (seed: number) => Arbitrary<ScheduledFault[]> {
  if (kinds.length === 0) return () => fc.constant([]);
  const byName = [...new Set(kinds.map(({ nemesis }) => nemesis.name))].map((name) =>
    kinds.filter(({ nemesis }) => nemesis.name === name),
  );
  const hands = dealer(
    byName.map((rows) => Math.max(...rows.map(({ weight }) => weight))),
    duration / (10 * SECOND),
  );
  return (seed) => {
    const { temper, events, kinds: dealt } = hands(seed);
    const chosen = dealt.map((nth) => byName[nth]!);
    // Without the last faults the system may come to rest before everything is healed, or not.
    return fc.constantFrom(0, 0, 0.1, 0.3).chain((quiet) => {
      const latest = Math.floor(duration * (1 - quiet));
      return fc
        .tuple(
          // Each chosen kind in turn, so that none was chosen in vain.
          ...Array.from({ length: events }, (_, nth) =>
            fc
              .constantFrom(...chosen[nth % chosen.length]!)
              .chain((kind) => formation(kind, chosen.flat(), kinds, latest, duration)),
          ),
        )
        .map((formations) => {
          const placed = temper.inTurn ? oneAfterTheOther(formations, duration) : formations.flat();
          return placed.sort((a, b) => a.at - b.at);
        });
    });
  };
}

/** One fault; or the same kind several times in short order; or one and another as it heals; or one with what makes it felt; or a swizzle. */
function formation(
  kind: FaultKind,
  chosen: readonly FaultKind[],
  kinds: readonly FaultKind[],
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
  const revealing = kinds.filter(({ nemesis }) => kind.nemesis.revealedBy?.includes(nemesis.name));
  const isolating = chosen.find(({ nemesis }) => nemesis.name === 'partition-one');
  return fc.oneof(
    { weight: 6, arbitrary: one.map((fault) => [fault]) },
    { weight: 2, arbitrary: burst },
    { weight: 3, arbitrary: relapse(one, chosen, duration) },
    ...(revealing.length > 0 ? [{ weight: 40, arbitrary: revealed(one, revealing, duration) }] : []),
    ...(isolating ? [{ weight: 1, arbitrary: swizzle(isolating, latest, duration) }] : []),
  );
}

/**
 * A fault and, about when it heals, another: who has just come back, or has just taken over, is in a state that long calm never shows. At the same target as
 * often as at another.
 */
function relapse(
  first: Arbitrary<ScheduledFault>,
  kinds: readonly FaultKind[],
  duration: Nanos,
): Arbitrary<ScheduledFault[]> {
  const second = fc
    .constantFrom(...kinds)
    .chain((kind) => faultArbitrary(kind, duration, duration).map((fault) => ({ kind, fault })));
  return fc
    .record({ first, second, isSame: fc.boolean(), gap: fc.oneof(instant(RELAPSE / 10), instant(RELAPSE)) })
    .map(({ first, second: { kind, fault }, isSame, gap }) => {
      const at = Math.min(first.at + (first.for ?? 0) + gap, duration - 1);
      const target = isSame && mayBeAimedAt(first, kind) ? first.target : fault.target;
      return [first, cut({ ...fault, at, target }, duration)];
    });
}

function mayBeAimedAt({ target }: ScheduledFault, { nemesis, surroundings }: FaultKind): boolean {
  if (!('hosts' in target) || nemesis.targets?.includes('hosts') === false) return false;
  const { candidates, most } = surroundings;
  return target.hosts.length <= most && target.hosts.every((host) => candidates.includes(host));
}

/** A latent fault, and soon after it one on the same hosts that makes them look: damage on disks is met when a process reads its state. */
function revealed(
  latent: Arbitrary<ScheduledFault>,
  revealing: readonly FaultKind[],
  duration: Nanos,
): Arbitrary<ScheduledFault[]> {
  const second = fc.constantFrom(...revealing).chain((kind) => faultArbitrary(kind, duration, duration));
  return fc.record({ first: latent, second, gap: instant(duration / 100) }).map(({ first, second, gap }) => {
    const at = Math.min(first.at + gap, duration - 1);
    // What waits for the disk to be written to may come when the damage is written over.
    const parameters =
      'moment' in second.parameters ? { ...second.parameters, moment: 'now' } : second.parameters;
    return [first, cut({ ...second, at, target: first.target, parameters }, duration)];
  });
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

/**
 * Moves each event behind the end of the one before, keeping the order of their beginnings. Where they have no room together, all are
 * made shorter alike; none is left out.
 */
function oneAfterTheOther(events: readonly ScheduledFault[][], duration: Nanos): ScheduledFault[] {
  const pause = duration / 20;
  const room = duration - events.length * pause;
  const whole = events.reduce((sum, event) => sum + end(event) - beginning(event), 0);
  const scale = Math.min(1, room / whole);
  let rest = Math.min(whole, room) + events.length * pause;
  let free = 0;
  return [...events]
    .sort((a, b) => beginning(a) - beginning(b))
    .flatMap((event) => {
      const first = beginning(event);
      const from = Math.max(free, Math.min(first, duration - rest));
      const length = scale * (end(event) - first);
      free = from + length + pause;
      rest -= length + pause;
      return event.map((fault) => {
        const at = Math.floor(from + scale * (fault.at - first));
        return cut(
          fault.for === undefined ? { ...fault, at } : { ...fault, at, for: Math.ceil(scale * fault.for) },
          duration,
        );
      });
    });
}

function beginning(event: readonly ScheduledFault[]): Nanos {
  return Math.min(...event.map(({ at }) => at));
}

function end(event: readonly ScheduledFault[]): Nanos {
  return Math.max(...event.map((fault) => fault.at + (fault.for ?? 0)));
}
