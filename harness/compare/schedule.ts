import type { Nanos, Random, ScheduledFault } from '../contract/index.ts';
import type { Profile } from './profiles.ts';
import type { Range } from './topology.ts';

/** Pause between two faults, as a share of the phase. */
const PAUSE = [0.05, 0.15] as const;

/** One fault after the other, drawn from the profile, through the whole phase: a function of the arguments alone, whatever system will meet it. */
export function scheduleOf(
  profile: Profile,
  range: Range,
  duration: Nanos,
  random: Random,
): ScheduledFault[] {
  const schedule: ScheduledFault[] = [];
  if (profile.hardships.length === 0) return schedule;
  const pause = (): Nanos => Math.round(duration * (PAUSE[0] + random.fraction() * (PAUSE[1] - PAUSE[0])));
  for (let at = pause(); at < duration; at += pause()) {
    const { fault, shortest, longest, aim } = random.pick(profile.hardships);
    const length = Math.min(random.integer(shortest, longest), duration - at);
    const { target, parameters } = aim(range, random);
    // What would be cut to a moment at the end of the phase is left out, unless it is all there is.
    if (length < shortest / 2 && schedule.length > 0) break;
    schedule.push({ at, for: length, fault, target, parameters });
    at += length;
  }
  return schedule;
}
