import fc from 'fast-check';
import type { Nemesis, ScheduledFault, Topology } from '../harness/contract/index.ts';
import { nothing } from './compose.ts';
import { majoritiesRing, othersThan } from './grudges.ts';
import { serverHosts } from './hosts.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { sideOf } from './partition-nemesis.ts';

/** All servers: the targeted ones first, as they are named, then the others. */
function ring(fault: ScheduledFault, topology: Topology): string[] {
  const servers = serverHosts(topology);
  const named = sideOf(fault, topology).filter((host) => servers.includes(host));
  return [...named, ...othersThan(named, servers)];
}

/**
 * Every server sees a majority, and no two see the same one: all servers stand in a ring, in the order of the target, and see their
 * neighbours. Clients stand beside them in turn and see what they see.
 * May break: every packet between hosts that do not see each other.
 * Must survive: packets between neighbours; all state. Majorities overlap, so at most one value may be decided.
 */
export const partitionMajoritiesRing: Nemesis<Record<string, never>> = {
  name: 'partition-majorities-ring',
  summary: 'every server sees a majority, no two see the same one',
  levers: ['partition'],
  targets: ['hosts'],
  parameters: NO_PARAMETERS,
  momentary: false,
  lasting: false,
  applicable: ({ candidates, topology, most }) => {
    const servers = serverHosts(topology);
    return (
      servers.length >= 3 && most >= servers.length && servers.every((host) => candidates.includes(host))
    );
  },
  arbitrary: ({ topology }) => {
    const servers = [...serverHosts(topology)];
    return fc.record({
      target: fc.shuffledSubarray(servers, { minLength: servers.length }).map((hosts) => ({ hosts })),
      parameters: fc.constant({}),
    });
  },
  hits: (_, topology) => serverHosts(topology),
  apply(fault, scene) {
    const order = ring(fault, scene.topology);
    if (order.length < 3) return nothing('fewer than three servers: no ring of majorities');
    return scene.levers.block(majoritiesRing(order, scene.everyone));
  },
};
