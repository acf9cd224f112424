import type {
  AtOnce,
  Nanos,
  Nemesis,
  ScheduledFault,
  Tolerance,
  ToleranceRow,
  Topology,
} from '../contract/index.ts';
import { asMildAs } from './mildness.ts';
import { oneOf } from './nearest.ts';
import { PlanError } from './plan-error.ts';
import type { Schema } from './schema.ts';

/** Most hosts out of `hosts` that may be hit at once. */
export function most(atOnce: AtOnce, hosts: number): number {
  switch (atOnce) {
    case 'all':
      return hosts;
    case 'all-but-one':
      return Math.max(0, hosts - 1);
    case 'minority':
      return Math.max(0, Math.floor((hosts - 1) / 2));
    default:
      return Math.min(atOnce, hosts);
  }
}

export interface Row extends ToleranceRow {
  readonly budget: string;
  readonly lasting: boolean | Nanos;
  /** Hosts of the row's roles, in the order of the topology. */
  readonly hosts: readonly string[];
  /** Most of these hosts that may be hit at once. */
  readonly most: number;
  readonly nemesis: Nemesis;
}

/** A fault as the ledger sees it: from when to when it counts, for whom, under which rows. */
export interface Charge {
  readonly fault: ScheduledFault;
  readonly from: Nanos;
  /** Inclusive: what heals at this instant may overlap with what begins at it. */
  readonly healed: Nanos;
  /** Hosts hit by name; `unnamed` more are known only at run time. */
  readonly hosts: readonly string[];
  readonly unnamed: number;
  /** Rows that allow it. */
  readonly rows: readonly Row[];
}

/** A row exceeded at an instant. */
export interface Excess {
  readonly at: Nanos;
  readonly row: Row;
  readonly hit: number;
  /** The charges that count, in order. */
  readonly charges: readonly Charge[];
}

/** Each parameter that the row prescribes has that value, or a milder one. */
function withinParameters({ parameters }: ScheduledFault, row: Row): boolean {
  const schemas = (row.nemesis.parameters.properties ?? {}) as { readonly [name: string]: Schema };
  return Object.entries(row.parameters ?? {}).every(([name, bound]) =>
    asMildAs(parameters[name], bound, schemas[name] ?? {}),
  );
}

/** When a charge counts no longer under this budget, at the earliest: Infinity if never. */
export function endOf({ healed, rows }: Charge, budget: string): Nanos {
  const under = rows.filter((row) => row.budget === budget);
  return Math.max(
    ...under.map(({ lasting }) => (lasting === true ? Number.POSITIVE_INFINITY : healed + Number(lasting))),
  );
}

/** True if a charge counts under this budget at an instant; `charges` are all that begin before it. */
export function counts(charge: Charge, budget: string, at: Nanos, charges: readonly Charge[]): boolean {
  if (charge.from > at) return false;
  const end = endOf(charge, budget);
  const { healed } = charge;
  return at <= end || (end > healed && calmBetween(healed, at, charges) < end - healed);
}

/** The longest time between two instants in which no fault was in force. */
function calmBetween(from: Nanos, to: Nanos, charges: readonly Charge[]): Nanos {
  let longest = 0;
  let free = from;
  for (const charge of [...charges].sort((a, b) => a.from - b.from)) {
    longest = Math.max(longest, Math.min(charge.from, to) - free);
    free = Math.max(free, charge.healed);
  }
  return Math.max(longest, to - free);
}

/** The published table of a system, resolved against a topology. */
export class ToleranceTable {
  readonly rows: readonly Row[];
  private readonly nemeses: ReadonlyMap<string, Nemesis>;
  private readonly topology: Topology;

  /** @throws PlanError for a row that names an unknown fault, or an impossible `atOnce`. */
  constructor(tolerance: Tolerance, topology: Topology, nemeses: readonly Nemesis[]) {
    this.topology = topology;
    this.nemeses = new Map(nemeses.map((nemesis) => [nemesis.name, nemesis]));
    const specs = topology.datacenters.flatMap(({ racks }) => racks).flatMap((rack) => rack.hosts);
    this.rows = tolerance.map((row, nth): Row => {
      const nemesis = this.nemeses.get(row.fault);
      const place = `tolerance/${nth}`;
      if (!nemesis) {
        const known = nemeses.map(({ name }) => name);
        throw new PlanError('unknown-name', `${place}/fault`, oneOf(known, row.fault), row.fault);
      }
      if (typeof row.atOnce === 'number' && !(Number.isInteger(row.atOnce) && row.atOnce >= 0)) {
        throw new PlanError('tolerance', `${place}/atOnce`, 'a whole number of hosts', row.atOnce);
      }
      if (row.weight !== undefined && !(Number.isInteger(row.weight) && row.weight > 0)) {
        throw new PlanError('tolerance', `${place}/weight`, 'a whole number from 1', row.weight);
      }
      const hosts = specs
        .filter(({ role }) => (row.roles ? row.roles.includes(role) : role !== 'client'))
        .map(({ name }) => name);
      return {
        ...row,
        budget: row.budget ?? row.fault,
        lasting: row.lasting ?? nemesis.lasting,
        hosts,
        most: most(row.atOnce, hosts.length),
        nemesis,
      };
    });
  }

  /** Rows for a fault kind. */
  for(fault: string): Row[] {
    return this.rows.filter((row) => row.fault === fault);
  }

  /** What a fault costs; undefined if no row allows one of the hosts that it hits. `end` is the length of the fault phase. */
  charge(fault: ScheduledFault, end: Nanos): Charge | undefined {
    const rows = this.for(fault.fault).filter((row) => withinParameters(fault, row));
    const nemesis = this.nemeses.get(fault.fault);
    if (rows.length === 0 || !nemesis) return undefined;
    const hit = nemesis.hits(fault, this.topology);
    const hosts = typeof hit === 'number' ? [] : hit;
    if (!hosts.every((host) => rows.some((row) => row.hosts.includes(host)))) return undefined;
    const used =
      hosts.length === 0 ? rows : rows.filter((row) => hosts.some((host) => row.hosts.includes(host)));
    const healed = nemesis.momentary ? fault.at : fault.for === undefined ? end : fault.at + fault.for;
    return {
      fault,
      from: fault.at,
      healed,
      hosts,
      unnamed: typeof hit === 'number' ? hit : 0,
      rows: used,
    };
  }

  /**
   * The first row exceeded at this instant, if any: while a charge of a row is in force, the distinct hosts of the row hit by all
   * charges of its budget, and the unnamed ones on top, are at most `row.most`. Cost: charges × rows × hosts.
   */
  excessAt(at: Nanos, charges: readonly Charge[]): Excess | undefined {
    const inForce = (budget: string) => charges.filter((charge) => counts(charge, budget, at, charges));
    const rows = charges.flatMap((charge) =>
      charge.rows.filter(({ budget }) => counts(charge, budget, at, charges)),
    );
    for (const row of new Set(rows)) {
      const counted = inForce(row.budget);
      const unnamed = counted.reduce((sum, charge) => sum + charge.unnamed, 0);
      const hit = Math.min(this.hostsOf(row, counted).length + unnamed, row.hosts.length);
      if (hit > row.most) return { at, row, hit, charges: counted };
    }
    return undefined;
  }

  /** Hosts of a row that these charges hit, in the order of the topology. */
  hostsOf(row: Row, charges: readonly Charge[]): string[] {
    const hit = new Set(charges.flatMap(({ hosts }) => hosts));
    return row.hosts.filter((host) => hit.has(host));
  }
}
