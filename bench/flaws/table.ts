import type { Measured } from './measured.ts';

const BEGIN = '<!-- flaws: begin (npm run soak -- --only flaws --record) -->';
const END = '<!-- flaws: end -->';

/** The text with the table between its marks. @throws Error if there are none. */
export function withTable(text: string, measured: Measured): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`expected a text with the lines ${BEGIN} and ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n${tableOf(measured)}\n${text.slice(end)}`;
}

/** A row for each flaw; below it, at which commit each system was measured. */
function tableOf(measured: Measured): string {
  const rows = Object.entries(measured).flatMap(([system, { flaws }]) =>
    Object.entries(flaws).map(([flaw, { caughtBy, seedsNeeded, operations, faults }]) => {
      const sorted = seedsNeeded.map((seeds) => seeds ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
      const median = told(sorted[Math.floor((sorted.length - 1) / 2)]!);
      return `| ${system} | \`${flaw}\` | ${caughtBy} | ${median} | ${told(sorted.at(-1)!)} | ${operations} | ${faults} |`;
    }),
  );
  return [
    '| system | flaw | caught by | seeds, median | worst | operations | faults |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Measured at ${commitsOf(measured).join('; ')}.`,
  ].join('\n');
}

function commitsOf(measured: Measured): string[] {
  const systems = new Map<string, string[]>();
  for (const [system, { commit }] of Object.entries(measured))
    systems.set(commit, [...(systems.get(commit) ?? []), system]);
  if (systems.size === 1) return [...systems.keys()].map((commit) => `commit \`${commit}\``);
  return [...systems].map(([commit, names]) => `commit \`${commit}\`: ${names.join(', ')}`);
}

function told(seeds: number): string {
  return Number.isFinite(seeds) ? String(seeds) : 'never';
}
