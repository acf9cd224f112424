import colours from 'picocolors';
import type { Verdict } from '../../checkers/index.ts';
import type { HarnessLoad, Validity } from '../../histories/index.ts';
import { formatDuration, MILLISECOND, type Nanos } from '../contract/index.ts';

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
  /** What servers printed around the failures. */
  readonly logs?: readonly {
    readonly checker: string;
    readonly anomaly: string;
    readonly lines: readonly string[];
  }[];
  readonly harness?: HarnessLoad;
}

/** Beyond these, what a history says of latency and rate it says of the harness. */
const TOO_BUSY = 0.9;
const TOO_LATE: Nanos = 50 * MILLISECOND;

/** What the harness used of the machine; undefined in worlds that have their own time. */
function describeHarness({ harness }: Pick<ReportedRun, 'harness'>): string | undefined {
  if (harness === undefined) return undefined;
  const { busy, lag } = harness;
  const figures = `busy ${Math.round(busy * 100)}% of the time, late by ${formatDuration(lag.p50)} (median), ${formatDuration(lag.p99)} (p99), ${formatDuration(lag.max)} (worst)`;
  return busy > TOO_BUSY || lag.p99 > TOO_LATE
    ? `the harness was the bottleneck (${figures}): rates and latencies are its own, and its operations seem longer than they were`
    : `the harness: ${figures}`;
}

/** What servers printed around the failures that this checker found. */
export function describeLogs({ logs = [] }: Pick<ReportedRun, 'logs'>, found: string): string[] {
  return logs
    .filter(({ checker }) => checker === found)
    .flatMap(({ anomaly, lines }) => [
      `      what the servers printed around ${anomaly}:`,
      ...lines.map((line) => `        ${line}`),
    ]);
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
  for (const verdict of run.verdicts)
    lines.push(describeVerdict(verdict), ...describeLogs(run, verdict.checker));
  const harness = describeHarness(run);
  if (harness !== undefined) lines.push(wrap(harness, '  '));
  if (run.history !== undefined) lines.push(`  history: ${run.history}`);
  return lines.join('\n');
}
