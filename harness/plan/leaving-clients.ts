import type { Nemesis, ScheduledFault, Topology } from '../contract/index.ts';

/** Without the faults after which no client would be left, for good: nobody could say how the system does. */
export function leavingClients(
  schedule: readonly ScheduledFault[],
  topology: Topology,
  nemeses: readonly Nemesis[],
): ScheduledFault[] {
  const forGood = new Set(nemeses.filter((nemesis) => nemesis.forGood).map(({ name }) => name));
  let left = topology.datacenters.filter(({ racks }) =>
    racks.some(({ hosts }) => hosts.some(({ role }) => role === 'client')),
  );
  return schedule.filter(({ fault, target }) => {
    if (!forGood.has(fault) || !('datacenters' in target)) return true;
    const after = left.filter(({ name }) => !target.datacenters.includes(name));
    if (after.length === 0) return false;
    left = after;
    return true;
  });
}
