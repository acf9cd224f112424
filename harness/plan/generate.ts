import fc, { type Arbitrary } from 'fast-check';
import {
  type Json,
  type Lever,
  type Limits,
  MICROSECOND,
  type Nanos,
  type Nemesis,
  type Plan,
  type System,
  type Topology,
  type Workload,
  type WorldSettings,
} from '../contract/index.ts';
import { checkOperations } from './check-names.ts';
import {
  DEFAULT_CLIENTS,
  DEFAULT_FAULT_PHASE,
  DEFAULT_LIMITS,
  DEFAULT_OPERATION_TIMEOUT,
  DEFAULT_RATE,
  DEFAULT_SETTINGS,
  DEFAULT_WARM_UP,
} from './default-settings.ts';
import { defaultTopology } from './default-topology.ts';
import { inNanoseconds } from './durations.ts';
import { faultKinds } from './fault-kinds.ts';
import { conform } from './json-schema.ts';
import { leavingClients } from './leaving-clients.ts';
import { keepWithin } from './ledger.ts';
import { oneOf } from './nearest.ts';
import { PlanError } from './plan-error.ts';
import { drawFrom } from './random-draw.ts';
import { scheduleArbitrary } from './schedule.ts';
import { systemOptions } from './system-options.ts';
import { ToleranceTable } from './tolerance-table.ts';

/** What plans are wanted. Only the system and the nemeses are needed; the rest has defaults or is drawn. */
export interface PlanRequest {
  readonly system: System;
  /** All that are known, whether wanted or not. */
  readonly nemeses: readonly Nemesis[];
  /** All that are known: gives the workload's options their defaults, and its checkers. */
  readonly workloads?: readonly Workload[];
  /** Of the system, defaults filled in from its schema. Its defaults and its variants if absent. */
  readonly options?: Json;
  readonly flaws?: readonly string[];
  /** Fault kinds to draw from; everything that the system tolerates if absent. `[]`: no faults. */
  readonly faults?: readonly string[];
  /** Length of the fault phase; 10 s if absent. */
  readonly time?: Nanos;
  readonly warmUp?: Nanos;
  /** Operations per second; drawn around 50 if absent. */
  readonly rate?: number;
  /** Number of client hosts; drawn up to 10 if absent. */
  readonly clients?: number;
  readonly timeout?: Nanos;
  /** Faults may exceed the system's tolerance: then only safety is judged. */
  readonly beyond?: boolean;
  /** Instead of the system's own workload or options of it. */
  readonly workload?: { readonly name: string; readonly options?: Json };
  /** Instead of the system's own or the default topology, clients included. */
  readonly topology?: Topology;
  /** Settings that are not drawn. */
  readonly world?: Partial<WorldSettings>;
  readonly limits?: Partial<Limits>;
  /** Levers of the world in which it will run; all if absent. */
  readonly supported?: ReadonlySet<Lever>;
}

/** The request that was made last, since a campaign asks for one seed after the other. */
let latest:
  | { readonly request: PlanRequest; readonly text: string; readonly plans: (seed: number) => Plan }
  | undefined;

/**
 * The plan of a seed: the same for the same request, seed and version. Cost: about 1 ms, and some more for the first seed of a request.
 * @throws PlanError for unknown names, options that do not fit, faults outside the tolerance or impossible in the world.
 */
export function generatePlan(request: PlanRequest & { readonly seed: number }): Plan {
  const { seed, system, nemeses, workloads, supported, ...data } = request;
  const text = JSON.stringify([data, supported && [...supported]]);
  const known =
    latest?.text === text &&
    latest.request.system === system &&
    latest.request.nemeses === nemeses &&
    latest.request.workloads === workloads;
  if (!latest || !known) latest = { request, text, plans: planGenerator(request) };
  return latest.plans(seed);
}

/** Plans by seed: `planGenerator(request)(seed)` is `generatePlan({ ...request, seed })`. @throws PlanError as that. */
export function planGenerator(request: PlanRequest): (seed: number) => Plan {
  const plans = plansBySeed(request);
  return (seed) => {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new PlanError('schema', 'seed', 'a whole number from 0 to 2^53 - 1', seed);
    }
    return { ...drawFrom(plans(seed), seed), seed };
  };
}

/** All plans of a request, for property tests; each with seed 0. Costs of a draw: a millisecond or so. @throws PlanError as `generatePlan`. */
export function planArbitrary(request: PlanRequest): Arbitrary<Plan> {
  return fc.nat().chain(plansBySeed(request));
}

/** What a seed draws from: with the defaults of the system, or in one of its variants. */
function plansBySeed(request: PlanRequest): (seed: number) => Arbitrary<Plan> {
  const plans = plansWithOptions(request);
  const variants = variantsOf(request).map((options) => plansWithOptions({ ...request, options }));
  return (seed) => (variantAt(seed, variants) ?? plans)(seed);
}

function variantsOf({
  system,
  options,
  flaws = [],
  workload,
  topology,
  faults,
}: PlanRequest): readonly Json[] {
  const named = options !== undefined || flaws.length > 0 || workload !== undefined;
  return named || topology !== undefined || faults !== undefined ? [] : (system.variants ?? []);
}

/** Two of every five seeds, so that the variants come up evenly in any campaign; undefined for the others. */
function variantAt<T>(seed: number, variants: readonly T[]): T | undefined {
  const turn = [3, 0].indexOf(seed % 5);
  return turn < 0 ? undefined : variants[(2 * Math.floor((seed + 2) / 5) + turn) % variants.length];
}

/** What a seed draws from: which tempers and kinds it may have is dealt, the rest is drawn. */
function plansWithOptions(request: PlanRequest): (seed: number) => Arbitrary<Plan> {
  const { system } = request;
  const options = systemOptions(system, request.options ?? {}, 'options');
  const flaws = request.flaws ?? [];
  for (const flaw of flaws) {
    const known = system.flaws.map(({ name }) => name);
    if (!known.includes(flaw)) throw new PlanError('unknown-name', 'flaws', oneOf(known, flaw), flaw);
  }
  const workload = workloadOf(request, options);
  const clients: Arbitrary<number> =
    request.clients === undefined
      ? fc.integer({ min: 2, max: DEFAULT_CLIENTS })
      : fc.constant(request.clients);
  const rate: Arbitrary<number> =
    request.rate === undefined
      ? fc.constantFrom(DEFAULT_RATE / 2, DEFAULT_RATE, DEFAULT_RATE, 2 * DEFAULT_RATE)
      : fc.constant(request.rate);
  const fixed = {
    sixways: 1 as const,
    seed: 0,
    system: { name: system.name, options, flaws },
    phases: { warmUp: request.warmUp ?? DEFAULT_WARM_UP, faults: request.time ?? DEFAULT_FAULT_PHASE },
    limits: { ...DEFAULT_LIMITS, ...request.limits },
    beyond: request.beyond ?? false,
    checkers: distinct([...system.checkers(options, workload.name), ...workload.checkers]),
    ...(system.objectives ? { objectives: system.objectives } : {}),
  };
  const prepare = (count: number) => {
    const topology = topologyOf(request, options, count);
    return { topology, schedule: schedules(request, options, topology) };
  };
  // At once, so that what is wrong with the request shows here.
  const first = request.clients ?? DEFAULT_CLIENTS;
  const byClients = new Map([[first, prepare(first)]]);
  const planOf = (seed: number, count: number): Arbitrary<Plan> => {
    const prepared = byClients.get(count) ?? prepare(count);
    byClients.set(count, prepared);
    const { topology } = prepared;
    return fc
      .record({
        world: worldArbitrary.map((world) => ({ ...world, ...request.world })),
        options: workload.options,
        rate,
        schedule: prepared.schedule(seed),
        // Who can only be read from has not recovered; but what was lost is hidden by what is written then.
        demand: fc.constantFrom('clients' as const, 'clients' as const, 'kinds' as const),
      })
      .map(
        ({ world, options, rate, schedule, demand }): Plan => ({
          sixways: fixed.sixways,
          seed: fixed.seed,
          system: fixed.system,
          topology,
          world,
          workload: {
            name: workload.name,
            options,
            clients: count,
            rate,
            timeout: request.timeout ?? DEFAULT_OPERATION_TIMEOUT,
          },
          phases: workload.competitive ? fixed.phases : { ...fixed.phases, demand },
          schedule,
          limits: fixed.limits,
          beyond: fixed.beyond,
          checkers: fixed.checkers,
          ...(fixed.objectives ? { objectives: fixed.objectives } : {}),
        }),
      );
  };
  return (seed) => clients.chain((count) => planOf(seed, count));
}

/** Names of the fault kinds that the plans of a request draw from. @throws PlanError as `generatePlan`. */
export function kindsDrawn(request: PlanRequest): string[] {
  const options = systemOptions(request.system, request.options ?? {}, 'options');
  const topology = topologyOf(request, options, request.clients ?? DEFAULT_CLIENTS);
  return [...new Set(faultsOf(request, options, topology).kinds.map(({ nemesis }) => nemesis.name))];
}

function topologyOf({ topology, system }: PlanRequest, options: Json, clients: number): Topology {
  return (
    topology ??
    system.topology?.(options, clients) ??
    defaultTopology({ roles: system.roles(options), clients })
  );
}

function faultsOf(request: PlanRequest, options: Json, topology: Topology) {
  const { system, nemeses, faults, supported, beyond = false, time = DEFAULT_FAULT_PHASE } = request;
  const table = new ToleranceTable(system.tolerance(options), topology, nemeses);
  const kinds = faultKinds({
    system: system.name,
    table,
    nemeses,
    topology,
    duration: time,
    beyond,
    ...(faults ? { faults } : {}),
    ...(supported ? { supported } : {}),
  });
  return { table, kinds };
}

function schedules(
  request: PlanRequest,
  options: Json,
  topology: Topology,
): (seed: number) => Arbitrary<Plan['schedule']> {
  const { beyond = false, time = DEFAULT_FAULT_PHASE } = request;
  const { table, kinds } = faultsOf(request, options, topology);
  for (const { nemesis, forced } of kinds)
    conform(nemesis.parameters, forced, `tolerance/${nemesis.name}/parameters`);
  const drawn = scheduleArbitrary(kinds, time);
  if (beyond) return drawn;
  return (seed) =>
    drawn(seed).map((schedule) =>
      leavingClients(keepWithin(table, schedule, time), topology, request.nemeses),
    );
}

/** A little different in each seed: a bug may need a slow disk or a jittery network. */
const worldArbitrary: Arbitrary<WorldSettings> = fc
  .record({
    jitter: fc.constantFrom(0, 1, 1, 1, 5, 20),
    slowShare: fc.constantFrom(0, 1, 1, 10),
    loss: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 }) },
    ),
    diskWrite: fc.constantFrom(20, 50, 50, 200),
    diskSync: fc.constantFrom(100, 500, 500, 2_000, 5_000),
  })
  .map(({ jitter, slowShare, loss, diskWrite, diskSync }) => ({
    ...DEFAULT_SETTINGS,
    jitter: jitter * DEFAULT_SETTINGS.jitter,
    slowShare: slowShare / 1000,
    loss: loss / 1000,
    diskWriteLatency: diskWrite * MICROSECOND,
    diskSyncLatency: diskSync * MICROSECOND,
  }));

interface WorkloadChoice {
  readonly name: string;
  readonly options: Arbitrary<Json>;
  readonly checkers: Plan['checkers'];
  readonly competitive: boolean;
}

/** The workload, with its number of keys drawn up to the given one where it has such an option and the request does not set it. */
function workloadOf(request: PlanRequest, systemOptions: Json): WorkloadChoice {
  const own = request.system.workload(systemOptions);
  const { name } = request.workload ?? own;
  const known = request.workloads?.find((workload) => workload.name === name);
  if (request.workloads && !known) {
    const names = request.workloads.map((workload) => workload.name);
    throw new PlanError('unknown-name', 'workload', oneOf(names, name), name);
  }
  const ownOptions = name === own.name ? own.options : undefined;
  const options = request.workload?.options ?? ownOptions ?? {};
  const complete = known
    ? conform(known.options, inNanoseconds(known.options, options, 'workload/options'), 'workload/options')
    : options;
  if (request.workloads && known)
    checkOperations(request.system, known, complete, request.workloads, 'workload');
  return {
    name,
    options: request.workload?.options === undefined ? fewerKeys(complete) : fc.constant(complete),
    checkers: known?.checkers(complete) ?? [],
    competitive: known?.competitive ?? false,
  };
}

function fewerKeys(options: Json): Arbitrary<Json> {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) return fc.constant(options);
  const named = options as { readonly [name: string]: Json };
  const { keys } = named;
  if (typeof keys !== 'number' || !Number.isInteger(keys) || keys < 2) return fc.constant(options);
  return fc.integer({ min: 1, max: keys }).map((drawn) => ({ ...named, keys: drawn }));
}

/** Each checker once; the first mention's options count. */
function distinct(checkers: Plan['checkers']): Plan['checkers'] {
  return checkers.filter(({ name }, nth) => checkers.findIndex((other) => other.name === name) === nth);
}
