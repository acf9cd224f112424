import type { Difference, Row } from '../../compare/index.ts';

/** A column of the table of a profile: its heading, and what it says of a row. */
export interface Column {
  readonly head: string;
  readonly left?: boolean;
  cell(row: Row): string;
}

/** Nanoseconds in three digits at most: `1.24ms`, `312us`. */
export function short(nanos: number): string {
  const size = Math.abs(nanos);
  const [unit, length] = size >= 1e9 ? ['s', 1e9] : size >= 1e6 ? ['ms', 1e6] : ['us', 1e3];
  const value = nanos / (length as number);
  return `${digits(value)}${unit}`;
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

/** What a row says, in words and figures for people. */
export function columns(deadline: number): readonly Column[] {
  return [
    { head: 'system', left: true, cell: ({ label }) => label },
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
      head: 'nines',
      cell: ({ nines }) =>
        nines === null ? NOTHING : `${nines.atLeast ? '>' : ''}${nines.value.toFixed(1)}`,
    },
    { head: 'p50', cell: ({ latency }) => beyond(latency.p50, deadline) },
    { head: 'p99', cell: ({ latency }) => beyond(latency.p99, deadline) },
    { head: 'p99.9', cell: ({ latency }) => beyond(latency.p999, deadline) },
    { head: 'detect', cell: ({ detect }) => (detect.mean === null ? NOTHING : short(detect.mean)) },
    { head: 'repair', cell: ({ repair }) => (repair.mean === null ? NOTHING : short(repair.mean)) },
    { head: 'msg/op', cell: ({ messages }) => (messages === null ? NOTHING : digits(messages)) },
    { head: 'B/op', cell: ({ bytes }) => (bytes === null ? NOTHING : bytes.toFixed(0)) },
    { head: 'op/s', cell: ({ throughput }) => digits(throughput) },
  ];
}

/** The columns of the table of differences. */
export const DIFFERENCES: readonly Column[] = [
  { head: 'system', left: true, cell: ({ label }) => label },
  difference('served', 'availability', (value) => `${digits(value * 100)}%`),
  difference('p50', 'p50', short),
  difference('p99', 'p99', short),
  difference('msg/op', 'messages', digits),
  difference('B/op', 'bytes', (value) => value.toFixed(0)),
  difference('lost', 'lost', digits),
];

function difference(
  head: string,
  metric: keyof NonNullable<Row['differences']>,
  text: (value: number) => string,
): Column {
  return { head, cell: ({ differences }) => interval(differences?.[metric] ?? null, text) };
}

function interval(found: Difference | null, text: (value: number) => string): string {
  if (found === null) return NOTHING;
  const { mean, from, to } = found;
  return `${mean > 0 ? '+' : ''}${text(mean)} [${text(from)}, ${text(to)}]`;
}
