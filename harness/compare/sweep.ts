import { formatDuration, MILLISECOND, parseDuration } from '../contract/index.ts';
import type { Conditions } from './plan.ts';

/** Hops between hosts in racks of different rows, there and back. */
const HOPS_OF_A_ROUND_TRIP = 8;
const POINTS = 5;

/** A figure of the conditions that can be varied. */
interface Dial {
  readonly name: string;
  readonly summary: string;
  readonly kind: 'duration' | 'whole' | 'share' | 'number';
  set(conditions: Conditions, value: number): Conditions;
}

export const DIALS: readonly Dial[] = [
  {
    name: 'rtt',
    summary: 'round trip between machines in different rows of racks',
    kind: 'duration',
    set: (conditions, value) => ({
      ...conditions,
      world: { ...conditions.world, hopLatency: Math.round(value / HOPS_OF_A_ROUND_TRIP) },
    }),
  },
  {
    name: 'rate',
    summary: 'operations a second',
    kind: 'number',
    set: (conditions, rate) => ({ ...conditions, rate }),
  },
  {
    name: 'clients',
    summary: 'client hosts',
    kind: 'whole',
    set: (conditions, clients) => ({ ...conditions, clients }),
  },
  { name: 'keys', summary: 'registers', kind: 'whole', set: (conditions, keys) => ({ ...conditions, keys }) },
  {
    name: 'read-share',
    summary: 'share of the operations that read',
    kind: 'share',
    set: (conditions, readShare) => ({ ...conditions, readShare }),
  },
  {
    name: 'loss',
    summary: 'share of packets lost without any fault',
    kind: 'share',
    set: (conditions, loss) => ({ ...conditions, world: { ...conditions.world, loss } }),
  },
  {
    name: 'disk-sync',
    summary: 'time of a disk sync',
    kind: 'duration',
    set: (conditions, diskSyncLatency) => ({
      ...conditions,
      world: { ...conditions.world, diskSyncLatency },
    }),
  },
];

export interface SweepPoint {
  /** For people. */
  readonly value: string;
  apply(conditions: Conditions): Conditions;
}

export interface Sweep {
  readonly name: string;
  readonly points: readonly SweepPoint[];
}

/**
 * Reads `rtt=1ms..200ms` (five values, each so many times the one before) or `rate=10,100,1000`.
 * @throws RangeError naming the expectation and the value
 */
export function parseSweep(text: string): Sweep {
  const [name = '', values = ''] = splitAt(text, '=');
  const dial = DIALS.find((each) => each.name === name);
  if (dial === undefined) {
    const known = DIALS.map((each) => each.name).join(', ');
    throw new RangeError(
      `expected one of ${known} and values, such as rtt=1ms..200ms, got ${JSON.stringify(text)}`,
    );
  }
  const [first, last] = splitAt(values, '..');
  const numbers =
    last === undefined
      ? values.split(',').map((value) => numberOf(dial, value))
      : between(dial, numberOf(dial, first!), numberOf(dial, last));
  return {
    name,
    points: numbers.map((number) => ({
      value: dial.kind === 'duration' ? formatDuration(number) : String(number),
      apply: (conditions) => dial.set(conditions, number),
    })),
  };
}

function splitAt(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function numberOf({ name, kind }: Dial, text: string): number {
  const expectation = {
    duration: 'a duration above 0 such as 20ms',
    whole: 'a whole number above 0',
    share: 'a share from 0 to 1',
    number: 'a number above 0',
  }[kind];
  let value = Number.NaN;
  if (kind === 'duration') {
    try {
      value = parseDuration(text);
    } catch {
      // Said below.
    }
  } else if (text.trim() !== '') value = Number(text);
  const fits =
    kind === 'share'
      ? value >= 0 && value <= 1
      : value > 0 && Number.isFinite(value) && (kind !== 'whole' || Number.isInteger(value));
  if (!fits) throw new RangeError(`expected ${expectation} for ${name}, got ${JSON.stringify(text)}`);
  return value;
}

/** Equal steps by multiplication; by addition from 0 on. Each value once. */
function between({ kind }: Dial, first: number, last: number): number[] {
  const values = Array.from({ length: POINTS }, (_, nth) => {
    const way = nth / (POINTS - 1);
    const value = first > 0 && last > 0 ? first * (last / first) ** way : first + (last - first) * way;
    if (kind === 'duration') return roundedTo(value, MILLISECOND / 10);
    return kind === 'whole' ? Math.round(value) : Number(value.toPrecision(2));
  });
  values[0] = first;
  values[POINTS - 1] = last;
  return [...new Set(values)];
}

/** Two digits, at least one unit. */
function roundedTo(value: number, unit: number): number {
  return Math.max(unit, Math.round(Number(value.toPrecision(2)) / unit) * unit);
}
