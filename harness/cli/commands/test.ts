import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { mergeValidity } from '../../../checkers/index.ts';
import { type CampaignReport, runCampaign } from '../../campaign/index.ts';
import { describeCampaign, type ReportedCampaign, toJunit } from '../../report/index.ts';
import { resolveSystem } from '../load-system.ts';
import {
  addBudgetFlags,
  addGenerationFlags,
  type BudgetFlags,
  budgetOf,
  duration,
  type GenerationFlags,
  generationOf,
  shard,
  wholeNumber,
} from '../options.ts';
import { exitOf } from '../outcome.ts';
import { withPool } from '../pool.ts';
import { Progress } from '../progress.ts';
import { registries } from '../registries.ts';
import { shrinkFailures } from '../shrink-failures.ts';

interface TestFlags extends GenerationFlags, BudgetFlags {
  readonly seeds: number;
  readonly from: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly for?: number;
  readonly threads?: number;
  readonly failures?: number;
  readonly shrink: boolean;
  readonly keep: string;
  readonly junit?: string;
  readonly json?: boolean;
  readonly allowUnknown?: boolean;
}

/** `sixways test SYSTEM...`: a campaign of seeds over all cores. */
export function addTest(program: Command): void {
  const command = program
    .command('test')
    .summary('a campaign: many seeds over all cores, failures shrunk and kept')
    .description(
      'Runs many seeds of one or more systems. Fails with a line that replays the first failure of each kind.',
    )
    .argument('<systems...>', 'names of systems, or paths of your own')
    .addOption(new Option('--seeds <n>', 'how many seeds').argParser(wholeNumber(1)).default(100))
    .addOption(new Option('--from <n>', 'the first seed').argParser(wholeNumber(0)).default(1))
    .addOption(new Option('--shard <i/n>', 'only the i-th of n parts of the seeds').argParser(shard))
    .addOption(
      new Option('--for <duration>', 'begin no new run after this much real time').argParser(duration),
    )
    .addOption(
      new Option('--threads <n>', 'worker threads (default: one for each core)').argParser(
        wholeNumber(1, 256),
      ),
    )
    .addOption(new Option('--failures <n>', 'stop after this many failing seeds').argParser(wholeNumber(1)))
    .option('--no-shrink', 'do not make failures smaller')
    .option('--keep <folder>', 'where the histories of failures go', '.sixways')
    .option('--junit <file>', "write JUnit's XML")
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--json', 'print the report as JSON');
  addBudgetFlags(addGenerationFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  sixways test raft --seeds 500
  sixways test raft --flaw log-not-synced --failures 1
  sixways test single-server primary-backup --faults crash,power-loss --for 5m --junit report.xml
  sixways test ./my-system.ts --seeds 1000 --shard 2/8`,
    )
    .action(async (names: readonly string[], flags: TestFlags) => {
      const reports: ReportedCampaign[] = [];
      mkdirSync(flags.keep, { recursive: true });
      for (const name of names) reports.push(await testOne(name, flags));
      console.log(flags.json ? JSON.stringify(reports, null, 2) : reports.map(describeCampaign).join('\n\n'));
      if (flags.junit !== undefined) writeFileSync(flags.junit, toJunit(reports));
      annotate(reports);
      process.exitCode = exitOf(mergeValidity(reports.map(({ validity }) => validity)), flags.allowUnknown);
    });
}

async function testOne(name: string, flags: TestFlags): Promise<ReportedCampaign> {
  const system = await resolveSystem(name, registries.systems);
  return withPool(flags, async (pool) => {
    const progress = new Progress(name, flags.json === true);
    let report: CampaignReport;
    try {
      report = await runCampaign(pool, {
        system,
        generation: generationOf(flags),
        from: flags.from,
        seeds: flags.seeds,
        ...(flags.shard && { shard: flags.shard }),
        ...(flags.for !== undefined && { realSeconds: flags.for / 1e9 }),
        ...(flags.failures !== undefined && { mostFailures: flags.failures }),
        folder: flags.keep,
        check: budgetOf(flags),
        onRun: (summary, done, total) => progress.run(summary, done, total),
      });
    } finally {
      progress.end();
    }
    if (!flags.shrink || report.failures.length === 0) return report;
    return shrinkFailures(pool, system, report, budgetOf(flags), progress);
  });
}

/** In a GitHub workflow, failures also appear as annotations. */
function annotate(reports: readonly ReportedCampaign[]): void {
  if (process.env.GITHUB_ACTIONS !== 'true') return;
  for (const { system, failures } of reports) {
    for (const { signature, first } of failures) {
      console.log(
        `::error title=sixways ${system}::${signature.checker}: ${signature.anomaly} by seed ${first.seed}`,
      );
    }
  }
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary)
    appendFileSync(
      summary,
      reports.map((report) => `\`\`\`\n${describeCampaign(report)}\n\`\`\`\n`).join('\n'),
    );
}
