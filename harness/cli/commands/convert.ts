import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import { isOperation, writeEdn, writeHistory, writeLog } from '../../../histories/index.ts';
import { addReadingFlags, type ReadingFlags, readWith } from '../reading.ts';
import { UsageError } from '../usage-error.ts';

const BY_EXTENSION: { readonly [extension: string]: Target } = {
  '.jsonl': 'sixways',
  '.edn': 'edn',
  '.log': 'log',
  '.txt': 'log',
};
const TARGETS = ['sixways', 'edn', 'log'] as const;
type Target = (typeof TARGETS)[number];

interface ConvertFlags extends ReadingFlags {
  readonly to?: Target;
  readonly keys?: 'tuple' | 'field';
  readonly json?: boolean;
}

/** `sixways convert IN OUT`: from any format that is read to any that is written. */
export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .summary('rewrites a history in another format')
    .description('Reads a history of any format and writes it as ours, as EDN or as a text log of Jepsen.')
    .argument('<in>', 'the history')
    .argument('<out>', 'the new file: .jsonl is ours, .edn, .log or .txt the text log')
    .addOption(
      new Option('--to <format>', 'what to write (default: by the name of the new file)').choices(TARGETS),
    )
    .addOption(
      new Option('--keys <how>', 'in EDN: keys as [key value] or in a field :key (default: tuple)').choices([
        'tuple',
        'field',
      ]),
    )
    .option('--json', 'print what was done as JSON');
  addReadingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  sixways convert .sixways/raft-17.jsonl raft-17.edn
  sixways convert history.edn.gz history.jsonl
  sixways convert requests.csv requests.jsonl --mapping mapping.json`,
    )
    .action(async (from: string, out: string, flags: ConvertFlags) => {
      const to = flags.to ?? BY_EXTENSION[extname(out)];
      if (to === undefined) {
        const known = Object.keys(BY_EXTENSION).join(', ');
        throw new UsageError('bad-format', `expected a name that ends in ${known}, or --to, got ${out}`);
      }
      const { history, format, notes } = await readWith(from, flags);
      if (to === 'sixways') writeHistory(out, history);
      else if (to === 'edn') writeEdn(out, history, { keys: flags.keys ?? 'tuple' });
      else writeLog(out, history);
      const operations = history.events.filter(
        (event) => isOperation(event) && event.type === 'invoke',
      ).length;
      if (flags.json) {
        console.log(JSON.stringify({ from: format, to, operations, notes, cutOff: history.cutOff }, null, 2));
        return;
      }
      console.log(`${out}: ${operations} operations, from ${format} to ${to}`);
      for (const note of notes) console.log(`  note: ${note}`);
      if (history.cutOff) console.log(`  cut off at line ${history.cutOff.line}: ${history.cutOff.reason}`);
    });
}
