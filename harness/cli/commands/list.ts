import { Argument, type Command } from 'commander';
import { wrap } from '../../report/index.ts';
import { registries } from '../registries.ts';

const KINDS = ['systems', 'nemeses', 'checkers', 'workloads'] as const;
type Kind = (typeof KINDS)[number];

interface Row {
  readonly name: string;
  readonly summary: string;
  readonly more: readonly string[];
}

function rowsOf(kind: Kind): Row[] {
  switch (kind) {
    case 'systems':
      return registries.systems.map(({ name, summary, operations, flaws }) => ({
        name,
        summary,
        more: [
          `operations: ${operations.join(', ')}`,
          `flaws: ${flaws.map((flaw) => flaw.name).join(', ') || 'none'}`,
        ],
      }));
    case 'nemeses':
      return registries.nemeses.map(({ name, summary, levers, momentary, lasting }) => ({
        name,
        summary,
        more: [`levers: ${levers.join(', ')}${momentary ? '; momentary' : ''}${lasting ? '; lasting' : ''}`],
      }));
    case 'checkers':
      return registries.checkers.map(({ name, summary, cost }) => ({
        name,
        summary,
        more: [`cost: ${cost}`],
      }));
    case 'workloads':
      return registries.workloads.map(({ name, summary, operations }) => ({
        name,
        summary,
        more: [`operations: ${operations.join(', ')}`],
      }));
  }
}

/** `sixways list`: what there is by name. */
export function addList(program: Command): void {
  program
    .command('list')
    .summary('what there is: systems, nemeses, checkers, workloads')
    .description('Lists what the other commands know by name.')
    .addArgument(new Argument('<what>', 'what to list').choices(KINDS))
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExamples:\n  sixways list systems\n  sixways list nemeses --json')
    .action((kind: Kind, flags: { readonly json?: boolean }) => {
      const rows = rowsOf(kind);
      if (flags.json) {
        console.log(
          JSON.stringify(
            rows.map(({ name, summary }) => ({ name, summary })),
            null,
            2,
          ),
        );
        return;
      }
      for (const { name, summary, more } of rows) {
        console.log(`${name}\n${[summary, ...more].map((line) => wrap(line, '  ')).join('\n')}`);
      }
    });
}
