import { appendFileSync } from 'node:fs';
import { describeCampaign, type ReportedCampaign } from './campaign.ts';

/** In a GitHub workflow, failures also appear as annotations, and the campaign in the job's summary. */
export function annotate(
  reports: readonly ReportedCampaign[],
  output: { write(text: string): void },
  environment: { readonly [name: string]: string | undefined } = process.env,
): void {
  if (environment.GITHUB_ACTIONS !== 'true') return;
  for (const report of reports)
    output.write(
      annotationsOf(report)
        .map((line) => `${line}\n`)
        .join(''),
    );
  const summary = environment.GITHUB_STEP_SUMMARY;
  if (summary)
    appendFileSync(
      summary,
      reports.map((report) => `\`\`\`\n${describeCampaign(report)}\n\`\`\`\n`).join('\n'),
    );
}

/** GitHub's workflow commands: an error for each kind of failure, a warning for what is unknown. */
export function annotationsOf({ system, failures, unknown, reasons }: ReportedCampaign): string[] {
  const title = escapeProperty(`sixways ${system}`);
  const errors = failures.map(({ signature, first }) => {
    const replay = first.history === undefined ? '' : `; replay: sixways replay ${first.history}`;
    return `::error title=${title}::${escapeData(`${signature.checker}: ${signature.anomaly} by seed ${first.seed}${replay}`)}`;
  });
  const doubts = [...reasons, ...unknown.map(({ seed, reasons: why }) => `seed ${seed}: ${why.join('; ')}`)];
  if (doubts.length === 0) return errors;
  return [...errors, `::warning title=${title}::${escapeData(`unknown: ${doubts.join('\n')}`)}`];
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
