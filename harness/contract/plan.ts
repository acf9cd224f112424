import type { Json, Objectives } from '../../histories/index.ts';
import type { Nanos } from './time.ts';
import type { Topology, WorldSettings } from './topology.ts';

/**
 * Whom a fault hits, resolved when it is applied.
 * - `hosts`: by name;
 * - `role`: the host that plays the part now (`leader`: as the system notes it; its `index`-th host of that role if nobody does);
 * - `switches`, `cables`, `racks`, `datacenters`: by name in the topology;
 * - `none`: the fault needs no target.
 */
export type Target =
  | { readonly hosts: readonly string[] }
  | { readonly role: 'leader'; readonly index: number }
  | { readonly switches: readonly string[] }
  | { readonly cables: readonly string[] }
  | { readonly racks: readonly string[] }
  | { readonly datacenters: readonly string[] }
  | { readonly none: true };

/** One fault to come. Times are nanoseconds after the beginning of the fault phase. */
export interface ScheduledFault {
  readonly at: Nanos;
  /** How long until it is healed; until the end of the phase if absent. Momentary faults ignore it. */
  readonly for?: Nanos;
  /** Name of a nemesis. */
  readonly fault: string;
  readonly target: Target;
  readonly parameters: { readonly [name: string]: Json };
  /** The run is `unknown` if this one had no effect. */
  readonly mustBite?: boolean;
}

/** Who or what must be served for a system to have recovered; each includes those before. */
export type Demand = 'keys' | 'clients' | 'kinds';

export interface Phases {
  /** Operations without faults, before. */
  readonly warmUp: Nanos;
  /** Operations under faults. */
  readonly faults: Nanos;
  /** Upper bound of the recovery after everything is healed; the system's claim if absent. */
  readonly recovery?: Nanos;
  /** Silence between recovery and final reads, in which copies may agree; what the system claims to need if absent. */
  readonly settle?: Nanos;
  /**
   * What the recovery takes: a service of each key that was used; of each client that was served before, too, by reads as far as possible, so that what was lost is not written over;
   * or of each kind of operation that succeeded before as well. `keys` if absent.
   */
  readonly demand?: Demand;
}

export interface WorkloadPlan {
  readonly name: string;
  readonly options: Json;
  readonly clients: number;
  /** Operations per second over all clients, on average. */
  readonly rate: number;
  /** An operation open for longer is recorded as `info`. */
  readonly timeout: Nanos;
  /**
   * If present, only these operations are invoked: how a plan is shrunk without moving the others. One that had to wait for those before it, which
   * are gone, keeps its time by `notBefore`, in nanoseconds from the beginning of the warm-up.
   */
  readonly only?: readonly (readonly [client: number, nth: number, notBefore?: Nanos])[];
}

/** Ends a run that does not end: the verdict is then `unknown: hang`. */
export interface Limits {
  readonly events: number;
  readonly eventsPerInstant: number;
  readonly realSeconds: number;
  readonly memoryMegabytes: number;
}

/** Everything that decides a run. Same plan and same code: same bytes. */
export interface Plan {
  readonly sixways: 1;
  readonly seed: number;
  readonly system: { readonly name: string; readonly options: Json; readonly flaws: readonly string[] };
  readonly topology: Topology;
  readonly world: WorldSettings;
  readonly workload: WorkloadPlan;
  readonly phases: Phases;
  readonly schedule: readonly ScheduledFault[];
  readonly limits: Limits;
  /** True if the schedule may exceed the system's tolerance: then liveness is not judged. */
  readonly beyond: boolean;
  readonly checkers: readonly { readonly name: string; readonly options?: Json }[];
  readonly objectives?: Objectives;
}
