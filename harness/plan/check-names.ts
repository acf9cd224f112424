import type { Json, System, Topology, Workload } from '../contract/index.ts';
import { oneOf } from './nearest.ts';
import { PlanError } from './plan-error.ts';

/** Names in a topology by the form of target that may mention them. */
export interface NamesByTarget {
  readonly hosts: readonly string[];
  readonly switches: readonly string[];
  readonly cables: readonly string[];
  readonly racks: readonly string[];
  readonly datacenters: readonly string[];
}

/** @throws PlanError for a name used twice, a cable that ends nowhere, and if there is no client. */
export function checkTopology(topology: Topology): NamesByTarget {
  const racks = topology.datacenters.flatMap((datacenter) => datacenter.racks);
  const names: NamesByTarget = {
    hosts: racks.flatMap((rack) => rack.hosts.map(({ name }) => name)),
    switches: topology.datacenters.flatMap((datacenter) => [
      ...datacenter.racks.map(({ name }) => `${name}/switch`),
      ...Array.from(
        { length: datacenter.clusterSwitches },
        (_, nth) => `${datacenter.name}/cluster-${nth + 1}`,
      ),
      `${datacenter.name}/gateway`,
    ]),
    cables: topology.cables.map(({ name }) => name),
    racks: racks.map(({ name }) => name),
    datacenters: topology.datacenters.map(({ name }) => name),
  };
  for (const [what, list] of Object.entries(names) as [string, readonly string[]][]) {
    const twice = list.find((name, nth) => list.indexOf(name) !== nth);
    if (twice !== undefined) throw new PlanError('schema', '/topology', `distinct names of ${what}`, twice);
  }
  if (!racks.some((rack) => rack.hosts.some(({ role }) => role === 'client')))
    throw new PlanError('schema', '/topology', 'at least one host of role client', names.hosts);
  for (const [nth, { between }] of topology.cables.entries()) {
    for (const [end, name] of between.entries()) {
      const pointer = `/topology/cables/${nth}/between/${end}`;
      if (!names.datacenters.includes(name))
        throw new PlanError('unknown-name', pointer, oneOf(names.datacenters, name), name);
    }
  }
  return names;
}

/** @throws PlanError, with the nearest known name. */
export function find<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  pointer: string,
): T {
  const found = list.find((item) => item.name === name);
  if (found) return found;
  const known = list.map((item) => item.name);
  throw new PlanError('unknown-name', pointer, oneOf(known, name), name);
}

/** @throws PlanError naming the operations of the workload, with these options, that the system's client does not understand. */
export function checkOperations(
  { name, operations }: System,
  workload: Workload,
  options: Json,
  known: readonly Workload[],
  pointer: string,
): void {
  const lacking = (needed: readonly string[]) => needed.filter((f) => !operations.includes(f));
  const missing = lacking(workload.needs?.(options) ?? workload.operations);
  if (missing.length === 0) return;
  const suitable = known.filter((other) => lacking(other.operations).length === 0).map((other) => other.name);
  const which = suitable.length > 0 ? `such as ${suitable.join(', ')}` : 'of which there is none here';
  throw new PlanError(
    'operations',
    pointer,
    `a workload that ${name} has the operations of, ${which} (it lacks ${missing.join(', ')})`,
    workload.name,
  );
}
