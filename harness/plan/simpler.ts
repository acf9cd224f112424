import {
  type Json,
  MILLISECOND,
  type Nanos,
  type Nemesis,
  type Plan,
  type ScheduledFault,
  type Target,
} from '../contract/index.ts';
import { mildest } from './mildness.ts';
import type { Schema } from './schema.ts';

/** Faults that are simpler than this one by one step, the boldest first: fewer targets, milder parameters, shorter. */
export function simplerFaults(fault: ScheduledFault, nemesis: Nemesis | undefined): ScheduledFault[] {
  return [
    ...fewerTargets(fault.target).map((target) => ({ ...fault, target })),
    ...milderParameters(fault.parameters, nemesis).map((parameters) => ({ ...fault, parameters })),
    ...shorter(fault.for).map((length) => ({ ...fault, for: length })),
  ];
}

function fewerTargets(target: Target): Target[] {
  if ('hosts' in target) return fewer(target.hosts).map((hosts) => ({ hosts }));
  if ('racks' in target) return fewer(target.racks).map((racks) => ({ racks }));
  if ('switches' in target) return fewer(target.switches).map((switches) => ({ switches }));
  if ('cables' in target) return fewer(target.cables).map((cables) => ({ cables }));
  if ('datacenters' in target) return fewer(target.datacenters).map((datacenters) => ({ datacenters }));
  return [];
}

/** Each name alone, where there are few; the first half; all but one. */
function fewer(names: readonly string[]): (readonly string[])[] {
  if (names.length < 2) return [];
  const alone = names.length <= 5 ? names.map((name) => [name]) : [names.slice(0, 1)];
  const half = names.length > 3 ? [names.slice(0, Math.ceil(names.length / 2))] : [];
  const allButOne = names.length > 2 ? names.map((_, left) => names.filter((_, nth) => nth !== left)) : [];
  return [...alone, ...half, ...allButOne];
}

function milderParameters(
  parameters: ScheduledFault['parameters'],
  nemesis: Nemesis | undefined,
): ScheduledFault['parameters'][] {
  const schemas = (nemesis?.parameters.properties ?? {}) as { readonly [name: string]: Schema };
  return Object.entries(parameters).flatMap(([name, value]) =>
    milder(value, schemas[name] ?? {}).map((other) => ({ ...parameters, [name]: other })),
  );
}

/** See the contract of `Nemesis.parameters` for what is milder. */
function milder(value: Json, schema: Schema): Json[] {
  if (Array.isArray(schema.enum)) {
    const place = schema.enum.indexOf(value);
    return place > 0 ? schema.enum.slice(0, place) : [];
  }
  if (typeof value !== 'number') return [];
  const least = mildest(schema);
  const whole = schema.type === 'integer' || Number.isInteger(value);
  const half = least + (value - least) / 2;
  const unit = schema.$comment === 'duration' && Math.abs(half) >= MILLISECOND ? MILLISECOND : 1;
  const halfway = whole ? Math.trunc(half / unit) * unit : Math.round(half * 1000) / 1000;
  return [least, halfway].filter((other, nth, all) => other !== value && all.indexOf(other) === nth);
}

function shorter(length: Nanos | undefined): Nanos[] {
  if (length === undefined) return [];
  return [length / 8, length / 4, length / 2, (length * 3) / 4]
    .map(readable)
    .filter((part, nth, all) => part < length && all.indexOf(part) === nth);
}

/** Up to whole milliseconds, at least one: nothing is gained by less, and people read it. */
export function readable(length: Nanos): Nanos {
  return Math.max(1, Math.ceil(length / MILLISECOND)) * MILLISECOND;
}

/** The plan with a fault phase that ends here: faults that begin later are gone, others end in time. */
export function endingAt(plan: Plan, faults: Nanos): Plan {
  const schedule = plan.schedule
    .filter(({ at }) => at < faults)
    .map((fault) =>
      fault.for === undefined
        ? fault
        : { ...fault, for: Math.max(1, Math.min(fault.for, faults - fault.at)) },
    );
  return { ...plan, schedule, phases: { ...plan.phases, faults } };
}

/** The plan in quieter worlds: without any noise of the network, or without one kind of it. */
export function quieterWorlds(plan: Plan): Plan[] {
  const { world } = plan;
  const noises = (['jitter', 'slowShare', 'loss'] as const).filter((noise) => world[noise] !== 0);
  const silenced = noises.map((noise): Plan => ({ ...plan, world: { ...world, [noise]: 0 } }));
  if (noises.length < 2) return silenced;
  return [{ ...plan, world: { ...world, jitter: 0, slowShare: 0, loss: 0 } }, ...silenced];
}
