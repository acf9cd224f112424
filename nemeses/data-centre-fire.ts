import fc from 'fast-check';
import type { Applied, Nemesis, Surroundings } from '../harness/contract/index.ts';
import { nothing, together } from './compose.ts';
import { aimedAt, hitHosts, serverHosts } from './hosts.ts';
import { NO_PARAMETERS } from './parameters.ts';

/** Data centres with servers, all of which may be hit. */
function bearable({ topology, candidates, most }: Surroundings): string[] {
  const servers = new Set(serverHosts(topology));
  return topology.datacenters
    .filter(({ racks }) => {
      const inside = racks
        .flatMap(({ hosts }) => hosts.map(({ name }) => name))
        .filter((name) => servers.has(name));
      return inside.length > 0 && inside.length <= most && inside.every((name) => candidates.includes(name));
    })
    .map(({ name }) => name);
}

/**
 * A data centre burns down: every machine in it, clients too, loses power and its disk, and nothing of it ever comes back. The switches count
 * as burnt, too; nobody is left to use them, except for packets between other data centres, which go on through the gateway.
 * May break: every byte in this data centre, acknowledged and synced or not; for good.
 * Must survive: the other data centres. What the system promised must be left there, and be served from there.
 */
export const dataCentreFire: Nemesis<Record<string, never>> = {
  name: 'data-centre-fire',
  summary: 'a data centre burns down: its machines and disks are gone for good',
  levers: ['power', 'disk-destroy'],
  targets: ['datacenters'],
  parameters: NO_PARAMETERS,
  momentary: true,
  lasting: true,
  forGood: true,
  applicable: (surroundings) => bearable(surroundings).length > 0,
  arbitrary: (surroundings) =>
    fc.record({
      target: fc.constantFrom(...bearable(surroundings)).map((name) => ({ datacenters: [name] })),
      parameters: fc.constant({}),
    }),
  hits: hitHosts,
  apply(fault, scene) {
    const hosts = aimedAt(fault, scene);
    if (hosts.length === 0) return nothing('no data centre to aim at');
    const { levers } = scene;
    return forGood(together(hosts.flatMap((host) => [levers.power(host, 'lose'), levers.destroyDisk(host)])));
  },
};

/** Never healed: no lever is let go, whatever else on these hosts is. */
function forGood({ evidence }: Applied): Applied {
  return { heal() {}, evidence };
}
