import type { HostSpec, Rack, Topology } from '../../harness/contract/index.ts';
import type { FileStoreOptions } from './options.ts';

/** The rack of the chunk server of this number, from 0: what the master knows of places. */
export function rackOf(chunkServer: number, { racks }: Pick<FileStoreOptions, 'racks'>): number {
  return chunkServer % racks;
}

/**
 * One data centre with two rows of racks. Chunk servers and clients are dealt over all racks, round robin; the master stands in the
 * last one, in the longer row.
 */
export function topology(
  options: Pick<FileStoreOptions, 'racks' | 'chunkServers'>,
  clients: number,
): Topology {
  const hosts: HostSpec[][] = Array.from({ length: options.racks }, () => []);
  hosts.at(-1)!.push({ name: 'master1', role: 'master' });
  for (let nth = 0; nth < options.chunkServers; nth++)
    hosts[rackOf(nth, options)]!.push({ name: `chunk${nth + 1}`, role: 'chunk' });
  for (let nth = 0; nth < clients; nth++)
    hosts[nth % options.racks]!.push({ name: `c${nth + 1}`, role: 'client' });
  const firstRow = Math.floor((options.racks - 1) / 2) || 1;
  const racks = hosts.map(
    (inRack, nth): Rack => ({
      name: `r${nth + 1}`,
      row: nth < firstRow ? 'row-1' : 'row-2',
      hosts: inRack,
    }),
  );
  return { datacenters: [{ name: 'dc1', clusterSwitches: 3, racks }], cables: [] };
}
