import { type Command, Option } from 'commander';
import { planOf } from '../../campaign/index.ts';
import { describeFault } from '../../report/index.ts';
import { addGenerationFlags, type GenerationFlags, generationOf, wholeNumber } from '../options.ts';
import { registries } from '../registries.ts';
import { loadSystem, resolveSystem } from '../system/load-system.ts';

/** `sixways plan SYSTEM`: what a seed means, to read or to edit by hand. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .summary('prints the plan of a seed, to read or to edit')
    .description('Prints the plan that a seed gives, as JSON; `run --plan` takes it back.')
    .argument('<system>', 'name of a system, or the path of your own')
    .addOption(new Option('--seed <n>', 'the seed').argParser(wholeNumber(0)).default(1))
    .option('--text', 'only the schedule, a line for each fault')
    .option('--json', 'plans are JSON anyway');
  addGenerationFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  sixways plan raft --seed 7 > plan.json\n  sixways plan raft --seed 7 --text',
    )
    .action(
      async (name: string, flags: GenerationFlags & { readonly seed: number; readonly text?: boolean }) => {
        const system = await loadSystem(await resolveSystem(name, registries.systems), registries.systems);
        const plan = planOf(generationOf(flags), flags.seed, system, registries);
        console.log(flags.text ? plan.schedule.map(describeFault).join('\n') : JSON.stringify(plan, null, 2));
      },
    );
}
