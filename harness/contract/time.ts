/** Durations and instants in integer nanoseconds, in plain numbers: exact up to 2^53 (104 days), further with a coarser tick of the world. */
export type Nanos = number;

export const MICROSECOND: Nanos = 1_000;
export const MILLISECOND: Nanos = 1_000_000;
export const SECOND: Nanos = 1_000_000_000;
export const MINUTE: Nanos = 60 * SECOND;

const UNITS: Readonly<Record<string, Nanos>> = {
  ns: 1,
  us: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  min: MINUTE,
  h: 60 * MINUTE,
  d: 24 * 60 * MINUTE,
};

/** The form that `parseDuration` accepts, for JSON schemas and messages. */
export const DURATION_PATTERN = '^-?[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|min|h|d)$';

/**
 * Reads `250ms`, `1.5s`, `2m`, `10us`.
 * @throws RangeError naming the expectation and the value.
 */
export function parseDuration(text: string): Nanos {
  const match = /^(-?\d+(?:\.\d+)?)(ns|us|ms|s|min|m|h|d)$/.exec(text);
  const nanos = match ? Math.round(Number(match[1]) * UNITS[match[2]!]!) : Number.NaN;
  if (!Number.isSafeInteger(nanos)) {
    throw new RangeError(`expected a duration such as 250ms, 1.5s or 2m, got ${JSON.stringify(text)}`);
  }
  return nanos;
}

/** The shortest exact form in one unit, up to three decimals otherwise: `2s`, `1.5ms`, `312us`. */
export function formatDuration(nanos: Nanos): string {
  const size = Math.abs(nanos);
  if (size === 0) return '0s';
  const [unit, length] =
    size >= SECOND
      ? ['s', SECOND]
      : size >= MILLISECOND
        ? ['ms', MILLISECOND]
        : size >= MICROSECOND
          ? ['us', MICROSECOND]
          : ['ns', 1];
  return `${Number((nanos / (length as number)).toFixed(3))}${unit}`;
}
