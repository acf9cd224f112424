import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  type History,
  HistoryError,
  type HistoryFormat,
  type Mapping,
  parseMapping,
  readAnyHistory,
  readMapped,
} from '../../histories/index.ts';

/** How to read what somebody else wrote. */
export interface ReadingFlags {
  readonly format?: HistoryFormat;
  readonly keyed?: string;
  readonly mapping?: string;
}

export function addReadingFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--format <name>', 'what the files are (default: found out)').choices([
        'sixways',
        'edn',
        'log',
      ]),
    )
    .addOption(
      new Option('--keyed <how>', 'for EDN: whether values are [key value]').choices([
        'auto',
        'true',
        'false',
      ]),
    )
    .option(
      '--mapping <file>',
      'for CSV, JSON Lines, OpenTelemetry spans: how rows become operations (sixways schema mapping)',
    );
}

/** @throws HistoryError */
export async function readWith(
  file: string,
  flags: ReadingFlags,
): Promise<{ readonly history: History; readonly format: string; readonly notes: readonly string[] }> {
  if (flags.mapping !== undefined) {
    return { ...(await readMapped(file, mappingOf(flags.mapping))), format: 'mapped' };
  }
  return readAnyHistory(file, {
    ...(flags.format && { format: flags.format }),
    ...(flags.keyed !== undefined && {
      keyed: flags.keyed === 'auto' ? ('auto' as const) : flags.keyed === 'true',
    }),
  });
}

function mappingOf(file: string): Mapping {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const message = `expected a file with a mapping: ${(error as Error).message}`;
    throw new HistoryError('not-found', message, { file });
  }
  return parseMapping(text, file);
}
