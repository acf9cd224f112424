import { type Command, Option } from 'commander';
import { mergeValidity } from '../../../checkers/index.ts';
import { runCampaign, seedsOf } from '../../campaign/index.ts';
import { annotate, describeCampaign, type ReportedCampaign, toJunit } from '../../report/index.ts';
import { onInterrupt } from '../interruption.ts';
import { KeptHistories } from '../kept-histories.ts';
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
import { requireWritable, writeOutput } from '../output-file.ts';
import { withPool } from '../pool.ts';
import { Progress } from '../progress.ts';
import { registries } from '../registries.ts';
import { shrinkFailures } from '../shrink-failures.ts';
import { resolveSystem } from '../system/load-system.ts';
import { UsageError } from '../usage-error.ts';
import { describeVerified, exitOfVerified, type Verified, verifySeeds } from '../verification.ts';

interface TestFlags extends GenerationFlags, BudgetFlags {
  readonly all?: boolean;
  readonly seeds?: number;
  readonly from: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly for?: number;
  readonly threads?: number;
  readonly failures?: number;
  readonly shrink: boolean;
  readonly keep: string;
  readonly junit?: string;
  readonly verify?: boolean;
  readonly json?: boolean;
  readonly allowUnknown?: boolean;
}

/** How many seeds there are without `--seeds`: a run in the live world takes as long as it says. */
const SEEDS = 100;
const LIVE_SEEDS = 10;

/** A campaign, and with `--verify` whether its seeds gave the same twice. */
type Tested = ReportedCampaign & { readonly verified?: Verified };

/** `sixways test SYSTEM...`: a campaign of seeds over all cores. */
export function addTest(program: Command): void {
  const command = program
    .command('test')
    .summary('a campaign: many seeds over all cores, failures shrunk and kept')
    .description(
      'Runs many seeds of one or more systems. Fails with a line that replays the first failure of each kind.',
    )
    .argument('[systems...]', 'names of systems, or paths of your own')
    .option('--all', 'every simulated system that comes with the harness')
    .addOption(
      new Option('--seeds <n>', 'how many seeds (default: 100; 10 of a system in the live world)').argParser(
        wholeNumber(1),
      ),
    )
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
    .option('--verify', 'also run each seed in two unlike processes, and name the first event that differs')
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--json', 'print the report as JSON');
  addBudgetFlags(addGenerationFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  sixways test raft --seeds 500
  sixways test --all --seeds 20
  sixways test raft --flaw log-not-synced --failures 1
  sixways test single-server primary-backup --faults crash,power-loss --for 5m --junit report.xml
  sixways test ./my-system.ts --seeds 1000 --shard 2/8`,
    )
    .action(async (names: readonly string[], flags: TestFlags) => {
      if (flags.junit !== undefined) requireWritable('--junit', flags.junit);
      const kept = new KeptHistories(flags.keep);
      let interrupted = false;
      const forget = onInterrupt(() => {
        interrupted = true;
      });
      const reports: Tested[] = [];
      for (const name of namedSystems(names, flags)) {
        if (interrupted) break;
        const report = await testOne(name, flags, kept);
        reports.push(report);
        if (!flags.json) console.log(describe(report, reports.length > 1));
      }
      forget();
      kept.close();
      if (flags.json) console.log(JSON.stringify(reports, null, 2));
      if (flags.junit !== undefined) writeOutput('--junit', flags.junit, toJunit(reports));
      annotate(reports, flags.json ? process.stderr : process.stdout);
      const codes = reports.flatMap(({ verified }) => (verified ? [exitOfVerified(verified)] : []));
      const verdict = exitOf(mergeValidity(reports.map(({ validity }) => validity)), flags.allowUnknown);
      process.exitCode = [verdict, ...codes].includes(1) ? 1 : Math.max(verdict, ...codes);
    });
}

/** @throws UsageError if there are none, or two ways of naming them. */
function namedSystems(names: readonly string[], { all = false }: TestFlags): readonly string[] {
  if (all === names.length > 0)
    throw new UsageError('systems', `expected names of systems or --all, got ${all ? 'both' : 'neither'}`);
  const simulated = registries.systems.filter(({ world }) => world === undefined);
  return all ? simulated.map(({ name }) => name) : names;
}

function describe({ verified, ...report }: Tested, follows: boolean): string {
  const text = `${follows ? '\n' : ''}${describeCampaign(report)}`;
  return verified ? `${text}\n${describeVerified(report.system, verified)}` : text;
}

async function testOne(name: string, flags: TestFlags, kept: KeptHistories): Promise<Tested> {
  const system = await resolveSystem(name, registries.systems);
  const generation = generationOf(flags);
  const count = flags.seeds ?? (system.live === true ? LIVE_SEEDS : SEEDS);
  const report = await withPool(flags, async (pool) => {
    const progress = new Progress(name, flags.json === true);
    try {
      const campaign = await runCampaign(pool, {
        system,
        generation,
        from: flags.from,
        seeds: count,
        ...(flags.shard && { shard: flags.shard }),
        ...(flags.for !== undefined && { realSeconds: flags.for / 1e9 }),
        ...(flags.failures !== undefined && { mostFailures: flags.failures }),
        folder: kept.folder,
        label: kept.labelFor(name),
        check: budgetOf(flags),
        onRun: (summary, done, total) => progress.run(summary, done, total),
      });
      // To make it smaller, the same plan would have to fail again and again: in real time, and by chance.
      if (!flags.shrink || system.live === true || campaign.failures.length === 0) return campaign;
      return await shrinkFailures(pool, system, campaign, budgetOf(flags), progress);
    } finally {
      progress.end();
    }
  });
  if (!flags.verify) return report;
  // Those that ran: all of them, unless the time was up.
  const seeds = seedsOf({ ...flags, seeds: count }).slice(0, report.ran);
  return { ...report, verified: await verifySeeds({ system, generation, seeds }) };
}
