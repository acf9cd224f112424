import Table from 'cli-table3';
import colours from 'picocolors';
import type { Comparison, ProfileResult, Row } from '../../compare/index.ts';
import { wrap } from '../summary.ts';
import { type Column, costs, DIFFERENCES, WORTH } from './cells.ts';
import { heading, legend, remarks } from './words.ts';

/** A comparison for a terminal: for each profile what each system is worth, and what that costs against the baseline. */
export function describeComparison(comparison: Comparison): string {
  const { baseline, conditions, profiles, seeds } = comparison;
  return [
    wrap(heading(comparison), ''),
    ...profiles.flatMap((profile) => [
      '',
      `${colours.bold(profile.profile)}: ${profile.summary}`,
      tableOf(WORTH, profile.rows),
      tableOf(costs(conditions.deadline), profile.rows),
      ...differences(profile, baseline),
      ...remarks(profile, seeds).map((remark) => `  ${colours.yellow(remark)}`),
    ]),
    '',
    wrap(legend(comparison), ''),
  ].join('\n');
}

function differences({ rows }: ProfileResult, baseline: string): string[] {
  const others = rows.filter(({ differences }) => differences !== undefined);
  if (others.length === 0) return [];
  return [
    `against ${baseline}, a seed at a time: mean difference [95% confidence]`,
    tableOf(DIFFERENCES, others),
  ];
}

function tableOf(shown: readonly Column[], rows: readonly Row[]): string {
  const table = new Table({
    head: shown.map(({ head }) => head),
    colAligns: shown.map(({ left }) => (left ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const row of rows) table.push(shown.map(({ cell }) => cell(row)));
  return table.toString();
}
