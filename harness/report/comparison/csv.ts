import { type Comparison, METRICS, type Row } from '../../compare/index.ts';

/** A value that varied over the comparisons of a sweep; absent where there was none. */
export type At = { readonly name: string; readonly value: string } | undefined;

const FIGURES: readonly (readonly [
  name: string,
  figure: (row: Row) => string | number | null | undefined,
])[] = [
  ['system', ({ label }) => label],
  ['judged', ({ judged }) => judged],
  ['unfinished', ({ unfinished }) => unfinished.length],
  ['keeps', ({ keeps }) => keeps.join(' ')],
  ['breaks', ({ breaks }) => breaks.map(({ model, seed }) => `${model}@${seed}`).join(' ')],
  ['lost_writes', ({ lost }) => lost.writes],
  ['losing_seeds', ({ lost }) => lost.seeds],
  ['first_losing_seed', ({ lost }) => lost.first],
  ['reads', ({ reads }) => reads],
  ['stale_reads', ({ stale }) => stale],
  ['demands', ({ demands }) => demands],
  ['served', ({ served }) => served],
  ['nines', ({ nines }) => nines?.value],
  ['p50_ns', ({ latency }) => latency.p50],
  ['p99_ns', ({ latency }) => latency.p99],
  ['p999_ns', ({ latency }) => latency.p999],
  ['faults', ({ faults }) => faults],
  ['faults_bit', ({ bit }) => bit],
  ['detect_ns', ({ detect }) => detect.mean],
  ['repair_ns', ({ repair }) => repair.mean],
  ['messages_per_op', ({ messages }) => messages],
  ['bytes_per_op', ({ bytes }) => bytes],
  ['ops_per_second', ({ throughput }) => throughput],
  ...METRICS.flatMap((metric) =>
    (['mean', 'from', 'to'] as const).map(
      (part) => [`${metric}_difference_${part}`, (row: Row) => row.differences?.[metric]?.[part]] as const,
    ),
  ),
];

/** Comparisons as CSV with a heading: a line for each system and profile. What there is no figure for is empty. */
export function comparisonsAsCsv(
  comparisons: readonly { readonly at?: At; readonly comparison: Comparison }[],
): string {
  const sweep = comparisons[0]?.at?.name;
  const head = [...(sweep === undefined ? [] : [sweep]), 'profile', ...FIGURES.map(([name]) => name)];
  const lines = comparisons.flatMap(({ at, comparison }) =>
    comparison.profiles.flatMap(({ profile, rows }) =>
      rows.map((row) => [
        ...(at === undefined ? [] : [at.value]),
        profile,
        ...FIGURES.map(([, figure]) => rounded(figure(row))),
      ]),
    ),
  );
  return [head, ...lines].map((cells) => cells.map(cellOf).join(',')).join('\n');
}

function rounded(value: string | number | null | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  return String(Number.isInteger(value) ? value : Number(value.toFixed(6)));
}

function cellOf(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
