import fc, { type Arbitrary } from 'fast-check';
import type { Surroundings, Target } from '../harness/contract/index.ts';
import { serverHosts } from './hosts.ts';

/** True if every server is a candidate: only then may a fault be aimed at whoever leads, which nobody knows in advance. */
function anyServer({ candidates, topology }: Surroundings): boolean {
  return serverHosts(topology).every((host) => candidates.includes(host));
}

/** At least one host may be hit. */
export function someHost({ candidates, most }: Surroundings): boolean {
  return candidates.length > 0 && most > 0;
}

export function onlyOneHost({ candidates }: Surroundings): Arbitrary<Target> {
  return fc.constantFrom(...candidates).map((host) => ({ hosts: [host] }));
}

export function leader({ candidates }: Surroundings): Arbitrary<Target> {
  return fc.nat({ max: candidates.length - 1 }).map((index) => ({ role: 'leader' as const, index }));
}

/** Whether `leader` may be used as a target here. */
export function leaderMayBeHit(surroundings: Surroundings): boolean {
  return someHost(surroundings) && anyServer(surroundings);
}

/** One host, several, or whoever leads: shrinks towards one host. */
export function hosts(surroundings: Surroundings): Arbitrary<Target> {
  const { candidates, most } = surroundings;
  const several = fc
    .shuffledSubarray([...candidates], { minLength: 1, maxLength: Math.min(most, candidates.length) })
    .map((names) => ({ hosts: names }));
  return fc.oneof(
    { weight: 4, arbitrary: onlyOneHost(surroundings) },
    { weight: 3, arbitrary: several },
    ...(leaderMayBeHit(surroundings) ? [{ weight: 3, arbitrary: leader(surroundings) }] : []),
  );
}
