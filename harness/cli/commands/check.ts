import { type Command, Option } from 'commander';
import { judge, models, only, type Part, timed } from '../../../checkers/index.ts';
import { isOperation } from '../../../histories/index.ts';
import { describeVerdict, paintValidity } from '../../report/index.ts';
import { addBudgetFlags, type BudgetFlags, budgetOf, instant, json, names, wholeNumber } from '../options.ts';
import { exitOf } from '../outcome.ts';
import { Progress } from '../progress.ts';
import { addReadingFlags, type ReadingFlags, readWith } from '../reading.ts';
import { registries } from '../registries.ts';
import { type SelectionFlags, selectionsOf } from '../selected-checkers.ts';

interface CheckFlags extends BudgetFlags, ReadingFlags, SelectionFlags {
  readonly key?: readonly (string | number)[];
  readonly process?: readonly number[];
  readonly from?: number;
  readonly until?: number;
  readonly json?: boolean;
  readonly allowUnknown?: boolean;
}

/** `sixways check FILE`: a verdict on any history, ours or another harness's. */
export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .summary('judges histories: ours, EDN as Jepsen writes it, text logs')
    .description(
      'Judges histories from anywhere. Without --checker, ours are judged as their header says, others by the checker that their operations suggest.',
    )
    .argument('<files...>', 'histories')
    .addOption(new Option('--checker <names>', 'checkers, separated by commas').argParser(names))
    .addOption(
      new Option('--model <name>', 'for linearizable: the sequential model').choices(Object.keys(models)),
    )
    .addOption(
      new Option('--initial <json>', 'for linearizable: the state before the first operation').argParser(
        json,
      ),
    )
    .addOption(
      new Option(
        '--failed-cas <how>',
        'for linearizable: whether a failed cas proves that the value was another',
      ).choices(['ignore', 'observe']),
    )
    .option('--nil-reads', 'for linearizable: a read of nil matches any state')
    .addOption(
      new Option(
        '--checker-options <json>',
        'options of the checker, by its schema; of several checkers, each under its name',
      ).argParser(json),
    )
    .addOption(
      new Option(
        '--key <keys>',
        'only operations on these keys, separated by commas; JSON or text',
      ).argParser(keys),
    )
    .addOption(
      new Option('--process <numbers>', 'only operations of these processes, separated by commas').argParser(
        (text) => names(text).map(wholeNumber(0)),
      ),
    )
    .addOption(
      new Option('--from <duration>', 'only operations complete from that time on').argParser(instant),
    )
    .addOption(
      new Option('--until <duration>', 'only operations complete before that time').argParser(instant),
    )
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--json', 'print the verdicts as JSON');
  addReadingFlags(command);
  addBudgetFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  sixways check .sixways/raft-17.jsonl
  sixways check history.edn --checker linearizable --model cas-register
  sixways check jepsen.log --failed-cas observe
  sixways check register.edn --initial 0 --nil-reads
  sixways check run.jsonl --checker sla,stats --checker-options '{"sla":{"availability":0.99}}'
  sixways check history.edn.gz --key 7 --from 10s --until 20s
  sixways check requests.csv --mapping mapping.json`,
    )
    .action(async (files: readonly string[], flags: CheckFlags) => {
      const results = [];
      for (const file of files) results.push(await checkFile(file, flags));
      if (flags.json) console.log(JSON.stringify(results, null, 2));
      const codes = results.map(({ validity }) => exitOf(validity, flags.allowUnknown));
      process.exitCode = codes.includes(1) ? 1 : Math.max(...codes);
    });
}

const realNow = performance.now.bind(performance);

async function checkFile(file: string, flags: CheckFlags) {
  const { history, format, notes } = await readWith(file, flags);
  const part = partOf(flags);
  const whole = Object.keys(part).length === 0;
  const checkers = whole ? registries.checkers : registries.checkers.map((checker) => only(checker, part));
  const progress = new Progress(file, flags.json ?? false);
  const { validity, verdicts } = judge(history, selectionsOf(history, flags), checkers, (name) => ({
    ...timed(budgetOf(flags), realNow),
    progress: (done, total) => progress.say(`${file}: ${name} ${Math.floor((100 * done) / total)} %`),
  }));
  progress.end();
  if (!flags.json) {
    const operations = history.events.filter((event) => isOperation(event) && event.type === 'invoke').length;
    console.log(`${file}: ${paintValidity(validity)} (${operations} operations, ${format})`);
    for (const note of notes) console.log(`  note: ${note}`);
    if (history.cutOff) console.log(`  cut off at line ${history.cutOff.line}: ${history.cutOff.reason}`);
    for (const verdict of verdicts) console.log(describeVerdict(verdict));
  }
  return { file, format, validity, notes, ...(history.cutOff && { cutOff: history.cutOff }), verdicts };
}

function partOf({ key, process, from, until }: CheckFlags): Part {
  return {
    ...(key && { keys: key }),
    ...(process && { processes: process }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
}

/** `7,x,"7"`: the number 7, the text x, the text 7. */
function keys(text: string): (string | number)[] {
  return names(text).map((name) => {
    try {
      const value: unknown = JSON.parse(name);
      return typeof value === 'number' || typeof value === 'string' ? value : name;
    } catch {
      return name;
    }
  });
}
