import {
  type Json,
  MILLISECOND,
  type Nanos,
  type Plan,
  SECOND,
  type System,
  type Topology,
  type WorldSettings,
} from '../contract/index.ts';
import { DEFAULT_LIMITS, DEFAULT_SETTINGS } from '../plan/index.ts';
import { randomOf } from '../simulator/index.ts';
import type { Profile } from './profiles.ts';
import { scheduleOf } from './schedule.ts';
import { commonTopology, rangeOf, withRoles } from './topology.ts';

/** What is the same for all systems of a comparison. */
export interface Conditions {
  /** Number of machines: as many as the largest of the systems needs. */
  readonly machines: number;
  readonly clients: number;
  /** Operations per second over all clients. */
  readonly rate: number;
  readonly keys: number;
  /** Share of the operations that read. */
  readonly readShare: number;
  /** Length of the fault phase. */
  readonly time: Nanos;
  /** An operation counts as served if it is answered so long after it was due. */
  readonly deadline: Nanos;
  /** Silence before the final reads: as long as the slowest of the systems claims to need until its copies agree. */
  readonly settle: Nanos;
  /** Of several data centres, say: that of the first system that has one of its own, for as many clients; the default one if none has. */
  readonly topology?: Topology;
  /** What is not as in every other simulated world. */
  readonly world: Partial<WorldSettings>;
}

export const DEFAULT_CONDITIONS: Conditions = {
  machines: 1,
  clients: 10,
  rate: 100,
  keys: 6,
  readShare: 0.6,
  time: 2 * SECOND,
  deadline: 500 * MILLISECOND,
  settle: 0,
  world: {},
};

const WARM_UP = 500 * MILLISECOND;
/** After this a client gives an operation up, and goes on as somebody else. */
const TIMEOUT = SECOND;
const RECOVERY = 10 * SECOND;

/** Judges a kept run when it is replayed. */
const CHECKERS = [
  { name: 'linearizable' },
  { name: 'durability', options: { unclaimed: true } },
  { name: 'corruption' },
] as const;

/** A system with the options with which it takes part. */
export interface Entrant {
  readonly system: System;
  readonly options: Json;
}

/**
 * The plan of a seed for one system: machines, clients, workload, arrivals and faults are functions of conditions, profile and seed alone, so that runs of
 * different systems differ by the systems. The tolerance of the system is not asked.
 */
export function comparisonPlan(
  { system, options }: Entrant,
  conditions: Conditions,
  profile: Profile,
  seed: number,
): Plan {
  const {
    machines,
    clients,
    topology: own,
    rate,
    keys,
    readShare,
    time,
    deadline,
    settle,
    world,
  } = conditions;
  const topology: Topology = commonTopology(machines, clients, own);
  const draws = randomOf(seed, `compare/${profile.name}`);
  return {
    sixways: 1,
    seed,
    system: { name: system.name, options, flaws: [] },
    topology: withRoles(topology, system.roles(options)),
    world: { ...DEFAULT_SETTINGS, ...world },
    workload: {
      name: 'register',
      options: { keys, readShare, writeShare: 1 - readShare, casShare: 0, valueMode: 'unique' },
      clients,
      rate,
      timeout: TIMEOUT,
    },
    phases: { warmUp: WARM_UP, faults: time, recovery: RECOVERY, settle },
    schedule: scheduleOf(profile, rangeOf(topology), time, draws),
    limits: DEFAULT_LIMITS,
    beyond: true,
    checkers: CHECKERS,
    objectives: { deadline },
  };
}

/** What these systems need together: the machines of the largest, the silence of the slowest to converge, the topology of the first that has one of its own. */
export function needsOf(
  entrants: readonly Entrant[],
  clients: number,
): Pick<Conditions, 'machines' | 'settle' | 'topology'> {
  const wide = entrants.find(({ system }) => system.topology !== undefined);
  const topology = wide?.system.topology?.(wide.options, clients);
  return {
    machines: Math.max(
      ...entrants.map(({ system, options }) =>
        Object.values(system.roles(options)).reduce((sum, count) => sum + count, 0),
      ),
    ),
    settle: Math.max(
      0,
      ...entrants.map(({ system, options }) => system.claims(options).convergesWithin ?? 0),
    ),
    ...(topology && { topology }),
  };
}
