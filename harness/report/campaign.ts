import Table from 'cli-table3';
import colours from 'picocolors';
import { plural } from '../../checkers/index.ts';
import type { Validity } from '../../histories/index.ts';
import { formatDuration } from '../contract/index.ts';
import { describeLogs, describeVerdict, paintValidity, type ReportedRun, wrap } from './summary.ts';

/** A campaign, as far as reports need it. */
export interface ReportedCampaign {
  readonly system: string;
  readonly flaws: readonly string[];
  readonly from: number;
  readonly planned: number;
  readonly ran: number;
  readonly validity: Validity;
  readonly counts: Readonly<Record<Validity, number>>;
  readonly failures: readonly {
    readonly signature: { readonly checker: string; readonly anomaly: string };
    readonly first: ReportedRun;
    readonly seeds: readonly number[];
    readonly shrunk?: ShrunkFailure;
  }[];
  readonly unknown: readonly {
    readonly seed: number;
    readonly reasons: readonly string[];
    readonly history?: string;
  }[];
  readonly faults: readonly {
    readonly fault: string;
    readonly scheduled: number;
    readonly runs: number;
    readonly bit: number;
    readonly masked: number;
    readonly noEffect: number;
  }[];
  readonly operations: number;
  readonly succeeded: number;
  readonly events: number;
  readonly simulated: number;
  readonly realMilliseconds: number;
  readonly reasons: readonly string[];
}

/** A failure made small. */
export interface ShrunkFailure {
  readonly history: string;
  readonly runs: number;
  readonly faults: number;
  readonly operations: number;
  /** The remaining schedule, a line for each fault. */
  readonly schedule: readonly string[];
  readonly run: ReportedRun;
}

/** Unknown seeds that are listed one by one. */
const LISTED = 5;

/** A campaign, for a terminal or the log of a CI run. */
export function describeCampaign(campaign: ReportedCampaign): string {
  const { counts, ran, planned, from } = campaign;
  const seconds = campaign.realMilliseconds / 1000;
  const flaws = campaign.flaws.length > 0 ? ` with ${campaign.flaws.join(', ')}` : '';
  const parts = [
    `${colours.bold(campaign.system)}${flaws}: ${paintValidity(campaign.validity)}`,
    `  ${ran} of ${planned} seeds from ${from}: ${counts.valid} valid, ${counts.invalid} invalid, ${counts.unknown} unknown`,
    `  ${campaign.operations} operations, ${share(campaign.succeeded, campaign.operations)} succeeded, ${campaign.events} events, ${formatDuration(campaign.simulated)} simulated in ${seconds.toFixed(1)} s (${(ran / Math.max(seconds, 1e-9)).toFixed(1)} runs/s)`,
  ];
  if (campaign.faults.length > 0) parts.push(faultTable(campaign.faults));
  for (const reason of campaign.reasons) parts.push(`  ${colours.yellow(reason)}`);
  for (const { seed, reasons, history } of campaign.unknown.slice(0, LISTED)) {
    parts.push(wrap(`seed ${seed} unknown: ${reasons.join('; ')}${history ? ` (${history})` : ''}`, '  '));
  }
  if (campaign.unknown.length > LISTED) parts.push(`  and ${campaign.unknown.length - LISTED} more unknown`);
  for (const failure of campaign.failures) parts.push(describeFailure(failure));
  return parts.join('\n');
}

function faultTable(rows: ReportedCampaign['faults']): string {
  const table = new Table({
    head: ['fault', 'scheduled', 'in runs', 'bit', 'masked', 'no effect'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const row of rows) table.push([row.fault, row.scheduled, row.runs, row.bit, row.masked, row.noEffect]);
  return table.toString();
}

function describeFailure(failure: ReportedCampaign['failures'][number]): string {
  const { signature, first, seeds, shrunk } = failure;
  const lines = [
    '',
    `${colours.red('FAILED')} ${signature.checker}: ${signature.anomaly}, first by seed ${first.seed}${seeds.length > 1 ? `, by ${seeds.length} seeds` : ''}`,
  ];
  const told = shrunk?.run ?? first;
  const verdict = told.verdicts.find(({ checker }) => checker === signature.checker);
  if (shrunk) {
    lines.push(
      `  shrunk to ${plural(shrunk.faults, 'fault')} and ${plural(shrunk.operations, 'operation')} in ${plural(shrunk.runs, 'run')}:`,
    );
    lines.push(...shrunk.schedule.map((line) => `    ${line}`));
  }
  if (verdict !== undefined) lines.push(describeVerdict(verdict), ...describeLogs(told, verdict.checker));
  if (first.history !== undefined) lines.push(`  replay:  sixways replay ${first.history}`);
  if (shrunk) lines.push(`  smaller: sixways replay ${shrunk.history}`);
  return lines.join('\n');
}

function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(0)}%`;
}
