import type { Comparison, Row } from '../../compare/index.ts';
import { type Column, columns, DIFFERENCES } from './cells.ts';
import { heading, legend, remarks } from './words.ts';

/** A comparison as Markdown. */
export function comparisonAsMarkdown(comparison: Comparison): string {
  const { baseline, conditions, profiles, seeds } = comparison;
  return [
    `${heading(comparison)}.`,
    ...profiles.flatMap((profile) => {
      const others = profile.rows.filter(({ differences }) => differences !== undefined);
      return [
        `### ${profile.profile}: ${profile.summary}`,
        tableOf(columns(conditions.deadline), profile.rows),
        ...(others.length === 0
          ? []
          : [
              `Against ${baseline}, a seed at a time: mean difference [95% confidence].`,
              tableOf(DIFFERENCES, others),
            ]),
        ...remarks(profile, seeds),
      ];
    }),
    legend(comparison),
  ].join('\n\n');
}

function tableOf(shown: readonly Column[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(shown.map(({ head }) => head)),
    line(shown.map(({ left }) => (left ? '---' : '--:'))),
    ...rows.map((row) => line(shown.map(({ cell }) => cell(row).replaceAll('|', '\\|')))),
  ].join('\n');
}
