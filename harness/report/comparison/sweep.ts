import Table from 'cli-table3';
import colours from 'picocolors';
import type { Comparison, Row } from '../../compare/index.ts';
import { wrap } from '../summary.ts';
import { columns, NOTHING } from './cells.ts';
import { heading, legend, remarks } from './words.ts';

/** A comparison at one value of what is varied. */
export interface SweptComparison {
  readonly at?: { readonly name: string; readonly value: string };
  readonly comparison: Comparison;
}

/** What is shown of each point, and how a system is ranked by it: the smallest number first. */
const RANKED: readonly { readonly head: string; rank(row: Row): number }[] = [
  { head: 'p50', rank: ({ latency }) => latency.p50 ?? Number.POSITIVE_INFINITY },
  { head: 'p99', rank: ({ latency }) => latency.p99 ?? Number.POSITIVE_INFINITY },
  { head: 'nines', rank: ({ availability }) => -(availability ?? 0) },
  { head: 'msg/op', rank: ({ messages }) => messages ?? Number.POSITIVE_INFINITY },
];

/** A sweep for a terminal: for each profile and figure all systems at all values, and whether their order survives. */
export function describeSweep(points: readonly SweptComparison[]): string {
  const first = points[0]?.comparison;
  if (first === undefined) return 'nothing was compared';
  const name = points[0]?.at?.name ?? 'value';
  return [
    wrap(heading(first), ''),
    ...first.profiles.flatMap(({ profile, summary }, nth) => [
      '',
      `${colours.bold(profile)}: ${summary}`,
      ...RANKED.flatMap(({ head, rank }) => [
        table(name, head, points, nth),
        wrap(ranking(head, points, nth, rank), '  '),
      ]),
      table(name, 'keeps', points, nth),
      ...points.flatMap(({ at, comparison }) =>
        remarks(comparison.profiles[nth]!, comparison.seeds).map(
          (remark) => `  ${colours.yellow(`${name}=${at?.value}: ${remark}`)}`,
        ),
      ),
    ]),
    '',
    wrap(legend({ profiles: points.flatMap(({ comparison }) => comparison.profiles) }), ''),
  ].join('\n');
}

function table(name: string, head: string, points: readonly SweptComparison[], profile: number): string {
  const shown = new Table({
    head: [`${head} at ${name}`, ...points.map(({ at }) => at?.value ?? NOTHING)],
    colAligns: ['left', ...points.map(() => (head === 'keeps' ? ('left' as const) : ('right' as const)))],
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  const labels = points[0]?.comparison.contenders ?? [];
  for (const [nth, label] of labels.entries()) {
    shown.push([
      label,
      ...points.map(({ comparison }) => {
        const row = comparison.profiles[profile]?.rows[nth];
        const column = columns(comparison.conditions.deadline).find((each) => each.head === head);
        return row === undefined || column === undefined ? NOTHING : column.cell(row);
      }),
    ]);
  }
  return shown.toString();
}

/** The order of the systems, and where it changes. Equal ones stay in the order of the command line. */
function ranking(
  head: string,
  points: readonly SweptComparison[],
  profile: number,
  rank: (row: Row) => number,
): string {
  const orders = points.map(({ at, comparison }) => ({
    value: at?.value ?? '',
    order: [...(comparison.profiles[profile]?.rows ?? [])]
      .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)))
      .map(({ label }) => label)
      .join(', '),
  }));
  const changes = orders.filter(({ order }, nth) => order !== orders[nth - 1]?.order);
  if (changes.length === 1) return `by ${head} everywhere: ${changes[0]!.order}`;
  return `the order by ${head} changes: ${changes.map(({ value, order }) => `from ${value} ${order}`).join('; ')}`;
}
