import type { Row } from '../../compare/index.ts';

/** A column of the table of a profile: its heading, and what it says of a row. */
export interface Column {
  readonly head: string;
  readonly left?: boolean;
  cell(row: Row): string;
}

/** Nanoseconds in three digits at most: `1.24ms`, `312us`. */
export function short(nanos: number): string {
  const [unit, length] = unitOf(Math.abs(nanos));
  return `${digits(nanos / length)}${unit}`;
}

function unitOf(nanos: number): readonly [name: string, length: number] {
  return nanos >= 1e9 ? ['s', 1e9] : nanos >= 1e6 ? ['ms', 1e6] : ['us', 1e3];
}

/** Three digits, no exponent; zero without a sign. */
export function digits(value: number): string {
  const size = Math.abs(value);
  const text = size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
  return Number(text) === 0 ? '0' : text;
}

/** A share in percent: more digits the nearer it is to 100 %, never rounded up to it. */
export function percent(share: number): string {
  if (share === 1 || share === 0) return `${share * 100}%`;
  const floor = Math.floor(share * 1e5) / 1e3;
  return `${share > 0.99 ? floor.toFixed(3) : floor.toFixed(1)}%`;
}

export const NOTHING = '-';

function withUnknown(model: string, { unknown }: Row): string {
  const count = unknown[model];
  return count === undefined ? model : `${model} (${count} unknown)`;
}

function beyond(latency: number | null, deadline: number): string {
  return latency === null ? `>${short(deadline)}` : short(latency);
}

const SYSTEM: Column = { head: 'system', left: true, cell: ({ label }) => label };

/** What a system is worth. */
export const WORTH: readonly Column[] = [
  SYSTEM,
  {
    head: 'keeps',
    left: true,
    cell: (row) => row.keeps.map((model) => withUnknown(model, row)).join(', ') || 'nothing',
  },
  {
    head: 'breaks (seed)',
    left: true,
    cell: ({ breaks }) => breaks.map(({ model, seed }) => `${model} (${seed})`).join(', ') || NOTHING,
  },
  {
    head: 'lost',
    cell: ({ lost }) => `${lost.writes}${lost.unknown > 0 ? ` (${lost.unknown} unknown)` : ''}`,
  },
  { head: 'stale', cell: ({ reads, stale }) => (reads === 0 ? NOTHING : percent(stale / reads)) },
  {
    head: 'served',
    cell: ({ availability }) => (availability === null ? NOTHING : percent(availability)),
  },
  {
    head: 'nines',
    cell: ({ nines }) => (nines === null ? NOTHING : `${nines.atLeast ? '>' : ''}${nines.value.toFixed(1)}`),
  },
  { head: 'detect', cell: ({ detect }) => (detect.mean === null ? NOTHING : short(detect.mean)) },
  { head: 'repair', cell: ({ repair }) => (repair.mean === null ? NOTHING : short(repair.mean)) },
];

/** What it costs; latencies beyond the deadline are not told apart. */
export function costs(deadline: number): readonly Column[] {
  return [
    SYSTEM,
    { head: 'p50', cell: ({ latency }) => beyond(latency.p50, deadline) },
    { head: 'p99', cell: ({ latency }) => beyond(latency.p99, deadline) },
    { head: 'p99.9', cell: ({ latency }) => beyond(latency.p999, deadline) },
    { head: 'msg/op', cell: ({ messages }) => (messages === null ? NOTHING : digits(messages)) },
    { head: 'B/op', cell: ({ bytes }) => (bytes === null ? NOTHING : bytes.toFixed(0)) },
    { head: 'op/s', cell: ({ throughput }) => digits(throughput) },
  ];
}

/** Both. */
export function columns(deadline: number): readonly Column[] {
  return [...WORTH, ...costs(deadline).slice(1)];
}

/** The columns of the table of differences. */
export const DIFFERENCES: readonly Column[] = [
  SYSTEM,
  difference('served', 'availability', () => ['%', 0.01]),
  difference('p50', 'p50', unitOf),
  difference('p99', 'p99', unitOf),
  difference('msg/op', 'messages', () => ['', 1]),
  difference('B/op', 'bytes', () => ['', 1]),
  difference('lost', 'lost', () => ['', 1]),
];

/** `+1.85ms [1.69, 2.02]`: all three in the unit of the largest. */
function difference(
  head: string,
  metric: keyof NonNullable<Row['differences']>,
  unit: (largest: number) => readonly [name: string, length: number],
): Column {
  return {
    head,
    cell({ differences }) {
      const found = differences?.[metric] ?? null;
      if (found === null) return NOTHING;
      const { mean, from, to } = found;
      if (mean === 0 && from === 0 && to === 0) return '0';
      const [name, length] = unit(Math.max(Math.abs(from), Math.abs(mean), Math.abs(to)));
      const [middle, low, high] = [mean, from, to].map((value) => digits(value / length));
      return `${mean > 0 && middle !== '0' ? '+' : ''}${middle}${name} [${low}, ${high}]`;
    },
  };
}
