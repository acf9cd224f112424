import fc from 'fast-check';
import type { Nemesis } from '../harness/contract/index.ts';
import { majoritiesRing } from './grudges.ts';
import { serverHosts } from './hosts.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { sideOf } from './partition-nemesis.ts';

/**
 * Every server sees a majority, and no two see the same one: the targeted hosts stand in a ring in the order given and see their
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
  hits: (fault, topology) => {
    const servers = new Set(serverHosts(topology));
    return sideOf(fault, topology).filter((host) => servers.has(host));
  },
  apply: (fault, scene) => scene.levers.block(majoritiesRing(sideOf(fault, scene.topology), scene.everyone)),
};
