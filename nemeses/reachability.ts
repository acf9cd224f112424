import type { Topology } from '../harness/contract/index.ts';
import { serverHosts } from './hosts.ts';

/** What is broken, by name. */
export interface Broken {
  readonly switches: readonly string[];
  readonly cables: readonly string[];
}

/** Names of all switches: of racks, of clusters, and the gateways. */
export function switches(topology: Topology): string[] {
  return topology.datacenters.flatMap(({ name, racks, clusterSwitches }) => [
    ...racks.map((rack) => `${rack.name}/switch`),
    ...Array.from({ length: clusterSwitches }, (_, nth) => `${name}/cluster-${nth + 1}`),
    `${name}/gateway`,
  ]);
}

/**
 * Groups of hosts that still reach each other when these switches and cables are broken, the ones with more servers first. The
 * graph is that of the topology's contract: stacked racks form a ring, or a line of two. Cost: near-linear.
 */
export function groups(topology: Topology, broken: Broken): string[][] {
  const down = new Set(broken.switches);
  const parents = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    return root;
  };
  const join = (a: string, b: string): void => {
    if (down.has(a) || down.has(b)) return;
    const [first, second] = [rootOf(a), rootOf(b)];
    if (first !== second) parents.set(second, first);
  };

  for (const { name, racks, clusterSwitches } of topology.datacenters) {
    const rows = new Map<string, string[]>();
    for (const rack of racks) {
      const top = `${rack.name}/switch`;
      rows.set(rack.row, [...(rows.get(rack.row) ?? []), top]);
      for (const host of rack.hosts) join(top, host.name);
      for (let nth = 1; nth <= clusterSwitches; nth++) join(`${name}/cluster-${nth}`, top);
    }
    for (const row of rows.values()) {
      for (const [nth, top] of row.entries()) join(top, row[(nth + 1) % row.length]!);
    }
    for (let nth = 1; nth <= clusterSwitches; nth++) join(`${name}/gateway`, `${name}/cluster-${nth}`);
  }
  for (const cable of topology.cables) {
    if (broken.cables.includes(cable.name)) continue;
    join(`${cable.between[0]}/gateway`, `${cable.between[1]}/gateway`);
  }

  const byRoot = new Map<string, string[]>();
  for (const { name } of topology.datacenters.flatMap(({ racks }) => racks).flatMap((rack) => rack.hosts)) {
    const root = rootOf(name);
    byRoot.set(root, [...(byRoot.get(root) ?? []), name]);
  }
  const servers = new Set(serverHosts(topology));
  const serversIn = (group: readonly string[]): number => group.filter((host) => servers.has(host)).length;
  return [...byRoot.values()].sort((a, b) => serversIn(b) - serversIn(a));
}

/** Asked for many times while a schedule is generated; a topology never changes. */
const known = new WeakMap<Topology, Map<string, readonly string[]>>();

/** Servers outside the group that has most of them. */
export function cutOffServers(topology: Topology, broken: Broken): readonly string[] {
  const answers = known.get(topology) ?? new Map<string, readonly string[]>();
  known.set(topology, answers);
  const question = JSON.stringify([broken.switches, broken.cables]);
  const answer = answers.get(question) ?? cutOff(topology, broken);
  answers.set(question, answer);
  return answer;
}

function cutOff(topology: Topology, broken: Broken): string[] {
  const largest = new Set(groups(topology, broken)[0]);
  return serverHosts(topology).filter((host) => !largest.has(host));
}

/** True if no more servers than allowed, and only candidates, are cut off. */
export function bearable(
  topology: Topology,
  broken: Broken,
  { candidates, most }: { readonly candidates: readonly string[]; readonly most: number },
): boolean {
  const servers = cutOffServers(topology, broken);
  return servers.length <= most && servers.every((host) => candidates.includes(host));
}
