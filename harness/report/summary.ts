import colours from 'picocolors';
import type { Verdict } from '../../checkers/index.ts';
import type { Validity } from '../../histories/index.ts';
import { formatDuration, type Nanos } from '../contract/index.ts';

/** What a run came to, as far as reports need it. */
export interface ReportedRun {
  readonly seed: number;
  readonly validity: Validity;
  readonly reasons: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly faults: readonly { readonly fault: string; readonly outcome: string }[];
  readonly operations: number;
  readonly events: number;
  readonly simulated: Nanos;
  readonly realMilliseconds: number;
  readonly digest?: string;
  readonly history?: string;
}

const PAINT = { valid: colours.green, invalid: colours.red, unknown: colours.yellow } as const;

export function paintValidity(validity: Validity): string {
  return PAINT[validity](validity);
}

/** Wraps text at 100 columns, each line behind the indent. */
export function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + line.length + 1 + word.length > 100) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.map((line) => indent + line).join('\n');
}

/** How many anomalies of one verdict are told in full. */
const TOLD = 3;

/** One verdict: a line, and for a bad one its story. */
export function describeVerdict(verdict: Verdict): string {
  const { checker, validity, anomalies, reason } = verdict;
  const lines = [`  ${paintValidity(validity)}  ${checker}${reason === undefined ? '' : `: ${reason}`}`];
  for (const anomaly of anomalies.slice(0, TOLD)) {
    const key = anomaly.key === undefined ? '' : ` on ${anomaly.key}`;
    lines.push(`      ${colours.bold(anomaly.name)}${key}`, wrap(anomaly.explanation, '        '));
  }
  if (anomalies.length > TOLD) lines.push(`      and ${anomalies.length - TOLD} more`);
  return lines.join('\n');
}

/** A run, for a terminal. */
export function describeRun(run: ReportedRun): string {
  const lines = [
    `seed ${run.seed}: ${paintValidity(run.validity)}`,
    `  ${run.operations} operations, ${run.events} events, ${formatDuration(run.simulated)} simulated in ${Math.round(run.realMilliseconds)} ms${run.digest === undefined ? '' : `, digest ${run.digest}`}`,
  ];
  const tally = new Map<string, Map<string, number>>();
  for (const { fault, outcome } of run.faults) {
    const outcomes = tally.get(fault) ?? new Map<string, number>();
    tally.set(fault, outcomes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  if (tally.size > 0) {
    const kinds = [...tally.entries()].map(
      ([fault, outcomes]) =>
        `${fault} (${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')})`,
    );
    lines.push(wrap(`faults: ${kinds.join('; ')}`, '  '));
  }
  for (const reason of run.validity === 'unknown' ? run.reasons : [])
    lines.push(wrap(`because ${reason}`, '  '));
  lines.push(...run.verdicts.map(describeVerdict));
  if (run.history !== undefined) lines.push(`  history: ${run.history}`);
  return lines.join('\n');
}
