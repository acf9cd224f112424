import type { Cable, Datacenter, HostSpec, Topology } from '../../harness/contract/index.ts';
import type { GeoReplicatedOptions } from './options.ts';

/** Name of the server of this site, from 1. */
export function serverOf(site: number): string {
  return `n${site}`;
}

/**
 * Data centres in a row, `dc1`, `dc2`, ..., each joined to each other by a cable, the longer the further apart: a cut cable means a detour. Each has a
 * rack with its server and a rack with users; these are dealt out round.
 */
export function topology({ sites, cableLatency }: GeoReplicatedOptions, clients: number): Topology {
  const numbers = Array.from({ length: sites }, (_, index) => index + 1);
  const users: HostSpec[] = Array.from({ length: clients }, (_, index) => ({
    name: `c${index + 1}`,
    role: 'client',
  }));
  const datacenters = numbers.map((site): Datacenter => {
    const name = `dc${site}`;
    const server: HostSpec = { name: serverOf(site), role: 'server', ecc: 'sec-ded' };
    const here = users.filter((user) => siteOf(user.name, sites) === site);
    return {
      name,
      clusterSwitches: 2,
      racks: [
        { name: `${name}-r1`, row: `${name}-row-1`, hosts: [server] },
        { name: `${name}-r2`, row: `${name}-row-2`, hosts: here },
      ],
    };
  });
  const cables = numbers.flatMap((from) =>
    numbers
      .filter((to) => to > from)
      .map(
        (to): Cable => ({
          name: `cable-${from}-${to}`,
          between: [`dc${from}`, `dc${to}`],
          latency: (to - from) * cableLatency,
        }),
      ),
  );
  return { datacenters, cables };
}

/**
 * Number of the data centre of this user, from 1. They are dealt out round, but not more than two to the first one: what is read at the end is read by the
 * first three users in the order of the topology, and one fire must not silence all of them.
 */
export function siteOf(client: string, sites: number): number {
  const nth = Number(client.slice(1));
  if (nth <= sites) return nth;
  return nth === sites + 1 ? 1 : 2 + ((nth - sites - 2) % (sites - 1));
}
