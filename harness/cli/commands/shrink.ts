import { type Command, Option } from 'commander';
import { plural } from '../../../checkers/index.ts';
import { describeVerdict } from '../../report/index.ts';
import { addBudgetFlags, type BudgetFlags, budgetOf, wholeNumber } from '../options.ts';
import { exitOf } from '../outcome.ts';
import { withPool } from '../pool.ts';
import { Progress } from '../progress.ts';
import { readRecorded } from '../recorded.ts';
import { keep } from '../shrink-failures.ts';
import { shrinkInPool } from '../shrinking.ts';
import { UsageError } from '../usage-error.ts';

interface ShrinkFlags extends BudgetFlags {
  readonly system?: string;
  readonly out?: string;
  readonly runs: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `sixways shrink FILE`: the few faults and operations that matter. */
export function addShrink(program: Command): void {
  const command = program
    .command('shrink')
    .summary('makes a failing history smaller: the few faults and operations that matter')
    .description('Shrinks the plan of a failing history while it fails with the same checker and anomaly.')
    .argument('<file>', 'a failing history that sixways wrote')
    .option('--system <path>', 'load the system from here instead of where the history says')
    .option('--out <file>', 'where the small history goes (default: beside the file, with -shrunk)')
    .addOption(new Option('--runs <n>', 'most runs').argParser(wholeNumber(1)).default(400))
    .addOption(
      new Option('--threads <n>', 'worker threads (default: one for each core)').argParser(
        wholeNumber(1, 256),
      ),
    )
    .option('--json', 'print the result as JSON');
  addBudgetFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  sixways shrink .sixways/raft-17.jsonl\n  sixways shrink failure.jsonl --runs 1000 --out small.jsonl',
    )
    .action(async (file: string, flags: ShrinkFlags) => {
      const { plan, system } = await readRecorded(file, flags.system);
      const out = flags.out ?? file.replace(/(\.jsonl)?$/, '-shrunk.jsonl');
      await withPool({ ...flags, memory: plan.limits.memoryMegabytes }, async (pool) => {
        const before = await pool.run({ system, plan, check: budgetOf(flags), want: { operations: true } });
        const signature = before.signatures[0];
        if (signature === undefined) {
          throw new UsageError(
            'not-failing',
            `${file}: expected a history whose plan fails, got one that is ${before.validity} when run again`,
          );
        }
        const progress = new Progress(file, flags.json === true);
        const shrunk = await shrinkInPool(pool, system, plan, {
          signature,
          budget: flags.runs,
          check: budgetOf(flags),
          onProgress: (text) => progress.say(text),
        });
        progress.end();
        const kept = await keep(pool, system, shrunk.plan, out, budgetOf(flags));
        if (flags.json) {
          console.log(
            JSON.stringify(
              { signature, runs: shrunk.runs, ended: shrunk.ended, ...kept, plan: shrunk.plan },
              null,
              2,
            ),
          );
        } else {
          console.log(`${signature.checker}: ${signature.anomaly}`);
          console.log(
            `${plural(plan.schedule.length, 'fault')} and ${plural(before.operations, 'operation')} -> ${kept.faults} and ${kept.operations}, in ${plural(shrunk.runs, 'run')}`,
          );
          for (const line of kept.schedule) console.log(`  ${line}`);
          const verdict = kept.run.verdicts.find(({ checker }) => checker === signature.checker);
          if (verdict) console.log(describeVerdict(verdict));
          console.log(`history: ${out}`);
        }
        process.exitCode = exitOf(kept.run.validity);
      });
    });
}
