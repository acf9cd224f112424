import type { Json, Lever, Nemesis, Surroundings, Topology } from '../contract/index.ts';
import { oneOf } from './nearest.ts';
import { PlanError } from './plan-error.ts';
import type { ToleranceTable } from './tolerance-table.ts';

/** A fault kind that may be drawn, and what it may be aimed at. */
export interface FaultKind {
  readonly nemesis: Nemesis;
  readonly surroundings: Surroundings;
  /** Parameters that the table prescribes. */
  readonly forced: { readonly [name: string]: Json };
  /** Cards in a deck. */
  readonly weight: number;
}

export interface KindRequest {
  readonly system: string;
  readonly table: ToleranceTable;
  readonly nemeses: readonly Nemesis[];
  readonly topology: Topology;
  readonly duration: number;
  /** Kinds asked for by name; all allowed ones if absent. */
  readonly faults?: readonly string[];
  /** True if faults outside the table may be asked for, and hit every server. */
  readonly beyond: boolean;
  /** Levers of the world; all if absent. */
  readonly supported?: ReadonlySet<Lever>;
}

/**
 * The fault kinds to draw from: those in the table or, beyond it, all. A kind has an entry for each of its rows. Kinds that nobody asked for by name are
 * left out where the world lacks a lever or the topology offers nothing to aim at; one that was asked for is an error.
 * @throws PlanError
 */
export function faultKinds(request: KindRequest): FaultKind[] {
  const { nemeses, faults, beyond, table, system } = request;
  const known = nemeses.map(({ name }) => name);
  const tolerated = known.filter((name) => table.for(name).some((row) => row.most > 0));
  for (const name of faults ?? []) {
    if (GROUPS.includes(name) && tolerated.some((kind) => isAskedFor(kind, name))) continue;
    if (!known.includes(name)) throw new PlanError('unknown-name', 'faults', oneOf(known, name), name);
    if (!beyond && !tolerated.includes(name)) {
      const expected = `a fault that ${system} tolerates (${tolerated.join(', ') || 'it tolerates none'}), or --beyond`;
      throw new PlanError('not-tolerated', 'faults', expected, name);
    }
  }
  const wanted = (kind: string): boolean => {
    if (faults === undefined) return beyond || tolerated.includes(kind);
    return (
      faults.some((name) => isAskedFor(kind, name)) && (faults.includes(kind) || tolerated.includes(kind))
    );
  };
  const hosts = hostsByRole(request.topology);
  return nemeses.filter(({ name }) => wanted(name)).flatMap((nemesis) => kindsOf(nemesis, request, hosts));
}

/** Names that stand for several kinds: every tolerated one that begins so. */
const GROUPS: readonly string[] = ['partition'];

/** True if a fault of this kind was asked for by this name: its own, or that of its group. */
export function isAskedFor(kind: string, name: string): boolean {
  return kind === name || (GROUPS.includes(name) && kind.startsWith(`${name}-`));
}

function kindsOf(nemesis: Nemesis, request: KindRequest, hosts: Surroundings['hosts']): FaultKind[] {
  const { supported, faults, topology } = request;
  const asked = faults?.includes(nemesis.name) ?? false;
  const missing = nemesis.levers.filter((lever) => supported && !supported.has(lever));
  if (missing.length > 0) {
    if (!asked) return [];
    throw new PlanError(
      'lever',
      'faults',
      `a world with the levers that ${nemesis.name} needs: ${missing.join(', ')}`,
      [...(supported ?? [])],
    );
  }
  const kinds = aims(nemesis, request, hosts).filter(
    ({ surroundings }) => nemesis.applicable?.(surroundings) ?? surroundings.candidates.length > 0,
  );
  if (kinds.length === 0 && asked) {
    const expected = `a topology and tolerance in which ${nemesis.name} (${nemesis.summary}) finds something to aim at`;
    throw new PlanError('not-applicable', 'faults', expected, shape(topology));
  }
  return kinds;
}

function aims(
  nemesis: Nemesis,
  { table, topology, duration, beyond }: KindRequest,
  hosts: Surroundings['hosts'],
): FaultKind[] {
  const everything = Object.entries(hosts).flatMap(([role, names]) => (role === 'client' ? [] : names));
  if (beyond) {
    const surroundings = { topology, hosts, candidates: everything, duration, most: everything.length };
    return [{ nemesis, surroundings, forced: {}, weight: nemesis.weight ?? 1 }];
  }
  return table.for(nemesis.name).map((row) => ({
    nemesis,
    surroundings: { topology, hosts, candidates: row.hosts, duration, most: row.most },
    forced: row.parameters ?? {},
    weight: row.weight ?? nemesis.weight ?? 1,
  }));
}

/** Names of the hosts by role, in the order of the topology. */
export function hostsByRole(topology: Topology): Surroundings['hosts'] {
  const byRole: { [role: string]: string[] } = {};
  for (const { name, role } of topology.datacenters
    .flatMap(({ racks }) => racks)
    .flatMap((rack) => rack.hosts)) {
    const names = byRole[role] ?? [];
    names.push(name);
    byRole[role] = names;
  }
  return byRole;
}

function shape(topology: Topology): string {
  const roles = Object.entries(hostsByRole(topology)).map(([role, names]) => `${names.length} ${role}`);
  return `${roles.join(', ')}, ${topology.cables.length} cables`;
}
