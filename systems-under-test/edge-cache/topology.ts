import type { Cable, Datacenter, HostSpec, Topology } from '../../harness/contract/index.ts';
import type { EdgeCacheOptions } from './options.ts';

const SWITCHES = 2;

/** A data centre for the origin, and one for each edge with the clients of its region; cables from the origin to all. */
export function topologyOf({ edges, distance }: EdgeCacheOptions, clients: number): Topology {
  const regions = Array.from({ length: edges }, (_, region): Datacenter => {
    const hosts: HostSpec[] = [{ name: `edge${region + 1}`, role: 'edge' }];
    return datacenter(`region-${region + 1}`, hosts);
  });
  const datacenters = [datacenter('home', [{ name: 'origin1', role: 'origin' }]), ...regions];
  const cables = regions.map(
    ({ name }): Cable => ({ name: `home-${name}`, between: ['home', name], latency: distance }),
  );
  return { datacenters: withClients(datacenters, edges, clients), cables };
}

function datacenter(name: string, hosts: readonly HostSpec[]): Datacenter {
  return { name, clusterSwitches: SWITCHES, racks: [{ name: `${name}-rack`, row: `${name}-row`, hosts }] };
}

/** Client c1 lives in the first region, c2 in the second, and so on in turn. */
function withClients(datacenters: readonly Datacenter[], edges: number, clients: number): Datacenter[] {
  return datacenters.map((one, nth) => {
    const rack = one.racks[0]!;
    const here = Array.from(
      { length: clients },
      (_, client): HostSpec => ({ name: `c${client + 1}`, role: 'client' }),
    );
    const mine = nth === 0 ? [] : here.filter((_, client) => client % edges === nth - 1);
    return { ...one, racks: [{ ...rack, hosts: [...rack.hosts, ...mine] }] };
  });
}
