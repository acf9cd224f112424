import type { Json } from '../operation.ts';
import type { Unit } from './schema.ts';

const DECIMALS = { ns: 0, us: 3, ms: 6, s: 9 } as const;
const FRACTION = /^(.*:\d\d)\.(\d{1,9})\d*(.*)$/;

/**
 * A point in time, or a duration, in whole nanoseconds, exactly: nanoseconds since 1970 are beyond what a double holds. Undefined for what is none.
 */
export function nanosOf(value: Json, unit: Unit): bigint | undefined {
  if (unit === 'iso') {
    const [, date, fraction = '', zone] = FRACTION.exec(String(value)) ?? [];
    const milliseconds = Date.parse(date === undefined ? String(value) : `${date}${zone}`);
    if (typeof value !== 'string' || Number.isNaN(milliseconds)) return undefined;
    return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  }
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const [, sign, whole, fraction = ''] = /^\s*(-?)(\d+)(?:\.(\d*))?\s*$/.exec(String(value)) ?? [];
  if (whole === undefined) return undefined;
  const decimals = DECIMALS[unit];
  const nanos = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return sign === '-' ? -nanos : nanos;
}
