import { type Command, Option } from 'commander';
import { describeRun } from '../../report/index.ts';
import {
  addBudgetFlags,
  addGenerationFlags,
  type BudgetFlags,
  budgetOf,
  GENERATION_FLAGS,
  type GenerationFlags,
  generationOf,
  wholeNumber,
} from '../options.ts';
import { exitOf } from '../outcome.ts';
import { planFromFile } from '../plan-file.ts';
import { withPool } from '../pool.ts';
import { registries } from '../registries.ts';
import { resolveSystem } from '../system/load-system.ts';
import { describeVerified, exitOfVerified, verifySeeds } from '../verification.ts';

interface RunFlags extends GenerationFlags, BudgetFlags {
  readonly seed?: number;
  readonly plan?: string;
  readonly out?: string;
  readonly verify?: boolean;
  readonly json?: boolean;
  readonly allowUnknown?: boolean;
}

/** `sixways run SYSTEM`: one run, with its verdict. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .summary('one run: a seed, or a plan of your own, from plan to verdict')
    .description(
      'One run of a system: the plan of a seed, or a plan from a file; its history and its verdict.',
    )
    .argument('<system>', 'name of a system, or the path of your own (./my-system.ts)')
    .addOption(
      new Option('--seed <n>', 'the seed that decides everything').argParser(wholeNumber(0)).default(1),
    )
    .addOption(
      new Option('--plan <file>', 'run this plan (JSON) instead of generating one').conflicts([
        'seed',
        ...GENERATION_FLAGS,
      ]),
    )
    .option('--out <file>', 'write the history here, operation by operation')
    .option('--verify', 'also run it in two unlike processes, and name the first event that differs')
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--json', 'print the summary as JSON');
  addBudgetFlags(addGenerationFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  sixways run raft --seed 7 --out history.jsonl
  sixways run primary-backup --options '{"mode":"asynchronous"}' --faults partition-primary
  sixways run ./my-system.ts --plan plan.json`,
    )
    .action(async (name: string, flags: RunFlags) => {
      const system = await resolveSystem(name, registries.systems);
      const plan = flags.plan === undefined ? undefined : await planFromFile(flags.plan, system);
      const summary = await withPool(
        { threads: 1, memory: plan?.limits.memoryMegabytes ?? flags.memory },
        (pool) =>
          pool.run({
            system,
            ...(plan ? { plan } : { seed: flags.seed ?? 1, generation: generationOf(flags) }),
            ...(flags.out !== undefined && { history: flags.out }),
            check: budgetOf(flags),
          }),
      );
      const verified = flags.verify
        ? await verifySeeds({
            system,
            generation: generationOf(flags),
            seeds: [summary.seed],
            ...(plan && { plan }),
          })
        : undefined;
      if (flags.json) {
        console.log(JSON.stringify({ ...summary, ...(verified && { verified }) }, null, 2));
      } else {
        console.log(describeRun(summary));
        if (verified) console.log(describeVerified(name, verified));
      }
      process.exitCode =
        exitOf(summary.validity, flags.allowUnknown) || (verified ? exitOfVerified(verified) : 0);
    });
}
