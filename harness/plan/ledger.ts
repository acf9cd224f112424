import type { Nanos, ScheduledFault, Target } from '../contract/index.ts';
import { type Charge, counts, type Excess, endOf, type ToleranceTable } from './tolerance-table.ts';

/** How often a fault may be put off before it is dropped. */
const DELAYS_MAX = 4;

/**
 * Keeps a schedule within a tolerance table at every instant. Faults are admitted in the order of their beginnings; one that would exceed
 * a budget is, in this order of preference, aimed at hosts that count already, aimed at fewer, put off until what is in its way
 * has healed (ending when it would have ended, if half of its length is left), or dropped. Faults without any row are dropped.
 *
 * Since nothing that begins later is admitted earlier, it is enough to look at the instant at which a fault begins: all that
 * is in force at a later instant of it either was in force then, or is admitted later and looked at in its turn.
 *
 * @param end Length of the fault phase in nanoseconds.
 * @returns The adapted schedule, by beginning. Cost: faults² × rows × hosts.
 */
export function keepWithin(
  table: ToleranceTable,
  schedule: readonly ScheduledFault[],
  end: Nanos,
): ScheduledFault[] {
  const waiting = inOrder(schedule).map((fault) => ({ fault, delays: 0 }));
  const admitted: Charge[] = [];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { fault, delays } = next;
    const charge = admit(table, fault, admitted, end);
    if (charge) {
      admitted.push(charge);
      continue;
    }
    const later = delays < DELAYS_MAX ? putOff(table, fault, admitted, end) : undefined;
    if (!later) continue;
    const place = waiting.findIndex((other) => other.fault.at > later.at);
    waiting.splice(place < 0 ? waiting.length : place, 0, { fault: later, delays: delays + 1 });
  }
  return admitted.map(({ fault }) => fault);
}

/** The first instant at which the schedule exceeds the table, or a fault that has no row at all. */
export function firstExcess(
  table: ToleranceTable,
  schedule: readonly ScheduledFault[],
  end: Nanos,
): Excess | { readonly outside: ScheduledFault } | undefined {
  const charges: Charge[] = [];
  for (const fault of inOrder(schedule)) {
    const charge = table.charge(fault, end);
    if (!charge) return { outside: fault };
    charges.push(charge);
    const excess = table.excessAt(fault.at, charges);
    if (excess) return excess;
  }
  return undefined;
}

/** By beginning; equal ones stay in order. */
export function inOrder(schedule: readonly ScheduledFault[]): ScheduledFault[] {
  return [...schedule].sort((a, b) => a.at - b.at);
}

function admit(
  table: ToleranceTable,
  fault: ScheduledFault,
  admitted: readonly Charge[],
  end: Nanos,
): Charge | undefined {
  for (const target of targets(table, fault, admitted)) {
    const charge = table.charge({ ...fault, target }, end);
    if (charge && !table.excessAt(fault.at, [...admitted, charge])) return charge;
  }
  return undefined;
}

/** The target itself, then ones that cost less. */
function* targets(
  table: ToleranceTable,
  { fault, at, target }: ScheduledFault,
  admitted: readonly Charge[],
): Generator<Target> {
  yield target;
  if ('hosts' in target || 'role' in target) {
    const wanted = 'hosts' in target ? target.hosts.length : 1;
    for (const row of table.for(fault)) {
      const counted = admitted.filter((charge) => counts(charge, row.budget, at, admitted));
      const hosts = table.hostsOf(row, counted).slice(0, wanted);
      if (hosts.length > 0) yield { hosts };
    }
  }
  if ('hosts' in target) for (const hosts of shorter(target.hosts)) yield { hosts };
  if ('racks' in target) for (const racks of shorter(target.racks)) yield { racks };
  if ('switches' in target) for (const switches of shorter(target.switches)) yield { switches };
}

function* shorter(names: readonly string[]): Generator<readonly string[]> {
  for (let length = names.length - 1; length > 0; length--) yield names.slice(0, length);
}

/** The same fault after the first of those that are in its way has healed. */
function putOff(
  table: ToleranceTable,
  fault: ScheduledFault,
  admitted: readonly Charge[],
  end: Nanos,
): ScheduledFault | undefined {
  const charge = table.charge(fault, end);
  if (!charge) return undefined;
  const excess = table.excessAt(fault.at, [...admitted, charge]);
  if (!excess) return undefined;
  const ends = excess.charges
    .filter((other) => other.fault !== fault)
    .map((other) => endOf(other, excess.row.budget));
  const at = Math.max(fault.at, Math.min(...ends)) + 1;
  if (!(at < end)) return undefined;
  if (fault.for === undefined) return { ...fault, at };
  const left = Math.max(fault.for - (at - fault.at), Math.ceil(fault.for / 2));
  return { ...fault, at, for: Math.min(left, end - at) };
}
