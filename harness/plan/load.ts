import type {
  Json,
  Lever,
  Nemesis,
  Plan,
  ScheduledFault,
  System,
  Target,
  TargetKind,
  Workload,
} from '../contract/index.ts';
import { checkOperations, checkTopology, find, type NamesByTarget } from './check-names.ts';
import { DEFAULT_CLIENTS } from './default-settings.ts';
import { defaultTopology } from './default-topology.ts';
import { inNanoseconds } from './durations.ts';
import { conform } from './json-schema.ts';
import { firstExcess } from './ledger.ts';
import { oneOf } from './nearest.ts';
import { PlanError } from './plan-error.ts';
import { PLAN_SCHEMA, type Schema } from './schema.ts';
import { systemOptions } from './system-options.ts';
import { ToleranceTable } from './tolerance-table.ts';

/** What names in a plan may refer to. What is absent is not checked. */
export interface Known {
  /** False for a plan out of a history: it was accepted once, whatever the table says today. True if absent. */
  readonly tolerance?: boolean;
  readonly nemeses: readonly Nemesis[];
  readonly systems?: readonly System[];
  readonly workloads?: readonly Workload[];
  readonly checkers?: readonly { readonly name: string; readonly options: Schema }[];
}

type Fields = { readonly [name: string]: Json };

/**
 * Reads a plan written by hand or by `generatePlan`: durations as text or nanoseconds, defaults filled in, names and parameters
 * checked. If its system is among the known ones, topology, workload and checkers may be left out, options are checked,
 * and a schedule that exceeds the system's tolerance is refused unless it says `"beyond": true`.
 * @throws PlanError with the place, the expectation and what was found.
 */
export function parsePlan(source: string | Json, known: Known): Plan {
  const raw = typeof source === 'string' ? fromText(source) : source;
  const filled = isFields(raw) ? filledIn(raw, known) : raw;
  const plan = conform<Plan>(PLAN_SCHEMA, inNanoseconds(PLAN_SCHEMA, filled, ''), '');
  const names = checkTopology(plan.topology);
  const schedule = plan.schedule.map((fault, nth) =>
    checkFault(fault, `/schedule/${nth}`, plan, known, names),
  );
  const complete = { ...plan, ...checkNames(plan, known), schedule };
  if (known.tolerance !== false) checkTolerance(complete, known);
  return complete;
}

/** @throws PlanError naming the fault, and the levers that this world lacks. */
export function requireLevers(plan: Plan, nemeses: readonly Nemesis[], supported: ReadonlySet<Lever>): void {
  for (const [nth, { fault }] of plan.schedule.entries()) {
    const nemesis = find(nemeses, fault, `/schedule/${nth}/fault`);
    const missing = nemesis.levers.filter((lever) => !supported.has(lever));
    if (missing.length === 0) continue;
    const has = [...supported].sort().join(', ') || 'none';
    const expected = `a fault that this world can cause (it has the levers ${has}; ${fault} needs ${missing.join(', ')})`;
    throw new PlanError('lever', `/schedule/${nth}/fault`, expected, fault);
  }
}

function fromText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new PlanError('not-json', '', `JSON (${(error as Error).message})`, text);
  }
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds what follows from the system, where it is missing. Leaves complaints about the rest to the schema. */
function filledIn(raw: Fields, { systems, workloads }: Known): Fields {
  const name = isFields(raw.system) ? raw.system.name : undefined;
  const system = systems?.find((candidate) => candidate.name === name);
  if (!system || !isFields(raw.system)) return raw;
  const options = systemOptions(system, raw.system.options ?? {}, '/system/options');
  const own = system.workload(options);
  const given = isFields(raw.workload) ? raw.workload : {};
  const workloadName = given.name ?? own.name;
  const workload: Fields = {
    ...given,
    ...(given.name === undefined ? { name: own.name } : {}),
    ...(given.options === undefined && workloadName === own.name ? { options: own.options ?? {} } : {}),
    ...(given.clients === undefined ? { clients: DEFAULT_CLIENTS } : {}),
  };
  const clients = typeof workload.clients === 'number' ? workload.clients : DEFAULT_CLIENTS;
  const topology =
    raw.topology ??
    asJson(system.topology?.(options, clients) ?? defaultTopology({ roles: system.roles(options), clients }));
  const found = workloads?.find((candidate) => candidate.name === workload.name);
  const checkers =
    raw.checkers ??
    asJson([
      ...system.checkers(options, String(workload.name)),
      ...(found?.checkers(complete(found, workload.options ?? {})) ?? []),
    ]);
  return {
    ...raw,
    topology,
    workload: raw.workload === undefined || isFields(raw.workload) ? workload : raw.workload,
    checkers,
    ...(raw.objectives === undefined && system.objectives ? { objectives: asJson(system.objectives) } : {}),
  };
}

/** Options of the workload with their defaults. @throws PlanError */
function complete({ options }: Workload, given: Json): Json {
  const place = '/workload/options';
  return conform(options, inNanoseconds(options, given, place), place);
}

function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function checkFault(
  fault: ScheduledFault,
  pointer: string,
  plan: Plan,
  { nemeses }: Known,
  names: NamesByTarget,
): ScheduledFault {
  const nemesis = find(nemeses, fault.fault, `${pointer}/fault`);
  if (fault.at > plan.phases.faults) {
    const expected = `an instant within the fault phase of ${plan.phases.faults} ns`;
    throw new PlanError('schema', `${pointer}/at`, expected, fault.at);
  }
  checkTarget(fault.target, nemesis, `${pointer}/target`, names);
  const parameters = inNanoseconds(nemesis.parameters, fault.parameters, `${pointer}/parameters`);
  return {
    ...fault,
    parameters: conform<ScheduledFault['parameters']>(
      nemesis.parameters,
      parameters,
      `${pointer}/parameters`,
    ),
  };
}

function checkTarget(target: Target, nemesis: Nemesis, pointer: string, names: NamesByTarget): void {
  const kinds = Object.keys(target).filter((key) => key !== 'index');
  const allowed: readonly TargetKind[] = nemesis.targets ?? [
    'hosts',
    'role',
    'switches',
    'cables',
    'racks',
    'datacenters',
    'none',
  ];
  const kind = allowed.find((candidate) => candidate === kinds[0]);
  if (kind === undefined || kinds.length !== 1 || 'role' in target !== 'index' in target) {
    const forms = allowed.map((form) => (form === 'role' ? 'role with index' : form)).join(', ');
    throw new PlanError('target', pointer, `for ${nemesis.name}, exactly one of: ${forms}`, target);
  }
  if (kind === 'role' || kind === 'none') return;
  const listed = (target as { readonly [form: string]: readonly string[] })[kind] ?? [];
  for (const [nth, name] of listed.entries()) {
    if (!names[kind].includes(name))
      throw new PlanError('unknown-name', `${pointer}/${kind}/${nth}`, oneOf(names[kind], name), name);
  }
}

/** Checks names and options of system, workload and checkers; returns them with the defaults of their options. */
function checkNames(plan: Plan, known: Known): Pick<Plan, 'system' | 'workload' | 'checkers'> {
  let { system, workload, checkers } = plan;
  if (known.systems) {
    const found = find(known.systems, system.name, '/system/name');
    system = {
      ...system,
      options: conform(
        found.options,
        inNanoseconds(found.options, system.options, '/system/options'),
        '/system/options',
      ),
    };
    for (const [nth, flaw] of system.flaws.entries()) find(found.flaws, flaw, `/system/flaws/${nth}`);
  }
  if (known.workloads) {
    const found = find(known.workloads, workload.name, '/workload/name');
    const tested = known.systems?.find(({ name }) => name === system.name);
    workload = { ...workload, options: complete(found, workload.options) };
    if (tested) checkOperations(tested, found, workload.options, known.workloads, '/workload/name');
  }
  if (known.checkers) {
    const all = known.checkers;
    checkers = checkers.map(({ name, options }, nth) => {
      const found = find(all, name, `/checkers/${nth}/name`);
      if (options === undefined) return { name };
      const given = inNanoseconds(found.options, options, `/checkers/${nth}/options`);
      conform(found.options, given, `/checkers/${nth}/options`);
      return { name, options: given };
    });
  }
  return { system, workload, checkers };
}

/** True if the plan may exceed its system's tolerance, or does not. For shrinking: `accept`. */
export function isTolerated(plan: Plan, system: System, nemeses: readonly Nemesis[]): boolean {
  return plan.beyond || excessOf(plan, system, nemeses) === undefined;
}

function excessOf(plan: Plan, system: System, nemeses: readonly Nemesis[]) {
  const table = new ToleranceTable(system.tolerance(plan.system.options), plan.topology, nemeses);
  return firstExcess(table, plan.schedule, plan.phases.faults);
}

function checkTolerance(plan: Plan, { systems, nemeses }: Known): void {
  const system = systems?.find(({ name }) => name === plan.system.name);
  if (!system || plan.beyond) return;
  const excess = excessOf(plan, system, nemeses);
  if (!excess) return;
  const fault = 'outside' in excess ? excess.outside : excess.charges.at(-1)!.fault;
  const place = plan.schedule.indexOf(fault);
  const expected =
    'outside' in excess
      ? `a fault that ${system.name} tolerates on these hosts with these parameters, or "beyond": true`
      : `at most ${excess.row.most} hosts of budget ${excess.row.budget} hit at once (here ${excess.hit}), or "beyond": true`;
  throw new PlanError('not-tolerated', `/schedule/${place}`, expected, fault);
}
