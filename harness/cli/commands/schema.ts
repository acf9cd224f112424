import { Argument, type Command } from 'commander';
import {
  footerSchema,
  headerSchema,
  mappingSchema,
  nemesisOperationSchema,
  observationSchema,
  operationSchema,
} from '../../../histories/index.ts';
import { serverSchema } from '../../../systems-under-test/live/configured/index.ts';
import { oneOf, publishedPlanSchema, withUnits } from '../../plan/index.ts';
import { registries } from '../registries.ts';
import { UsageError } from '../usage-error.ts';

const WHAT = ['plan', 'history', 'mapping', 'server', 'system', 'nemesis', 'checker', 'workload'] as const;

/** `sixways schema`: JSON schemas of the formats, and of the options of anything that has a name. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .summary('JSON schemas of plans, histories, and the options of anything with a name')
    .description('Prints a JSON schema (draft 2020-12).')
    .addArgument(new Argument('<what>', 'of which form').choices(WHAT))
    .argument('[name]', 'of which system, nemesis, checker or workload')
    .option('--json', 'schemas are JSON anyway')
    .addHelpText(
      'after',
      '\nExamples:\n  sixways schema plan\n  sixways schema system raft\n  sixways schema nemesis packet-loss',
    )
    .action((what: (typeof WHAT)[number], name: string | undefined) => {
      console.log(JSON.stringify(schemaOf(what, name), null, 2));
    });
}

function schemaOf(what: (typeof WHAT)[number], name: string | undefined): unknown {
  switch (what) {
    case 'plan':
      return publishedPlanSchema();
    case 'history':
      return {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        description: 'A line of a history file: the header, then events, then the footer.',
        anyOf: [headerSchema, operationSchema, nemesisOperationSchema, observationSchema, footerSchema],
      };
    case 'mapping':
      return mappingSchema;
    case 'server':
      return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...withUnits(serverSchema) };
    case 'system':
      return named(registries.systems, what, name).options;
    case 'nemesis':
      return named(registries.nemeses, what, name).parameters;
    case 'checker':
      return named(registries.checkers, what, name).options;
    case 'workload':
      return named(registries.workloads, what, name).options;
  }
}

function named<T extends { readonly name: string }>(
  items: readonly T[],
  what: string,
  name: string | undefined,
): T {
  const found = items.find((item) => item.name === name);
  if (found !== undefined) return found;
  const known = items.map((item) => item.name);
  throw new UsageError(
    'unknown-name',
    `schema ${what}: expected ${oneOf(known, name ?? '')}, got ${name === undefined ? 'nothing' : JSON.stringify(name)}`,
  );
}
