import { type Command, Option } from 'commander';
import { addGenerationFlags, type GenerationFlags, generationOf, wholeNumber } from '../options.ts';
import { registries } from '../registries.ts';
import { resolveSystem } from '../system/load-system.ts';
import { describeVerified, exitOfVerified, fingerprint, verifySeeds } from '../verification.ts';

interface VerifyFlags extends GenerationFlags {
  readonly seeds: number;
  readonly from: number;
  readonly json?: boolean;
}

/** `sixways verify SYSTEM`: determinism measured, not believed. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .summary('measures determinism: the same seeds in two unlike processes')
    .description(
      'Runs each seed in two fresh processes that differ in time zone, locale, order of the runs and what ran before, and names the first event that differs.',
    )
    .argument('<systems...>', 'names of systems, or paths of your own')
    .addOption(new Option('--seeds <n>', 'how many seeds').argParser(wholeNumber(1)).default(20))
    .addOption(new Option('--from <n>', 'the first seed').argParser(wholeNumber(0)).default(1))
    .option('--json', 'print the result as JSON');
  addGenerationFlags(command)
    .addHelpText('after', '\nExamples:\n  sixways verify raft --seeds 200\n  sixways verify ./my-system.ts')
    .action(async (names: readonly string[], flags: VerifyFlags) => {
      const results = [];
      for (const name of names) {
        const system = await resolveSystem(name, registries.systems);
        const seeds = Array.from({ length: flags.seeds }, (_, i) => flags.from + i);
        const verified = await verifySeeds({ system, generation: generationOf(flags), seeds });
        results.push({ system: name, ...verified });
        if (!flags.json) console.log(describeVerified(name, verified));
      }
      if (flags.json) console.log(JSON.stringify(results, null, 2));
      const codes = results.map(exitOfVerified);
      process.exitCode = codes.includes(1) ? 1 : Math.max(...codes);
    });
  program
    .command('fingerprint', { hidden: true })
    .description('one side of a verification; reads its task from standard input')
    .action(fingerprint);
}
