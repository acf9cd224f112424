#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { VERSION } from './code-digest.ts';
import { addCheck } from './commands/check.ts';
import { addCompare } from './commands/compare.ts';
import { addConvert } from './commands/convert.ts';
import { addFlaws } from './commands/flaws.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addPlan } from './commands/plan.ts';
import { addReplay } from './commands/replay.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addShrink } from './commands/shrink.ts';
import { addTest } from './commands/test.ts';
import { addVerify } from './commands/verify.ts';
import { handleSignals } from './interruption.ts';
import { CutShort } from './shrinking.ts';
import { Exit } from './usage-error.ts';

// Unmodified programs ask for parts of a local time: the same on every machine. Worker threads have the time zone of their process.
process.env.TZ = 'UTC';

/** Errors of the parts that speak of the user's input, by name: one message, exit code 64. Any other is a defect of ours. */
const MISTAKES = new Set([
  'UsageError',
  'PlanError',
  'RunError',
  'HistoryError',
  'SelectionError',
  'AmbientAccess',
  'UncheckableHistory',
]);

function isMistake(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const name = error.name === 'WorkerMistake' ? (error as Error & { original: string }).original : error.name;
  return MISTAKES.has(name);
}

/** What a request for a plan calls by its name is a flag here. */
const FLAGS: Readonly<Record<string, string>> = {
  options: '--options',
  flaws: '--flaw',
  faults: '--faults',
  workload: '--workload',
  'workload/options': '--workload-options',
};

function asFlags(message: string): string {
  return message.replace(/^(workload\/options|options|flaws|faults|workload)(?=[:/])/, (name) =>
    name === 'workload' && !process.argv.some((word) => word.startsWith('--workload'))
      ? "the system's own workload"
      : (FLAGS[name] ?? name),
  );
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    // Help and version are no failures; commander has printed its message already.
    process.exitCode = error.exitCode === 0 ? 0 : Exit.usage;
    return;
  }
  if (isMistake(error)) {
    process.stderr.write(`sixways: ${asFlags(error.message)}\n`);
    process.exitCode = Exit.usage;
    return;
  }
  if (error instanceof CutShort) {
    process.stderr.write(`sixways: cut short: ${error.message}\n`);
    process.exitCode = Exit.unknown;
    return;
  }
  const { stack, remoteStack: remote } = Object(error) as { stack?: string; remoteStack?: string };
  process.stderr.write(
    `sixways: a defect in sixways itself; please report it with the command line\n${remote ?? stack ?? String(error)}\n`,
  );
  process.exitCode = Exit.defect;
}

async function main(): Promise<void> {
  handleSignals();
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever read it has gone (`| head`): what is left to print is dropped, the exit code stays right.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.on('uncaughtException', (error) => {
    fail(error);
    process.exit();
  });
  process.on('unhandledRejection', (error) => {
    fail(error);
    process.exit();
  });
  const program = new Command('sixways')
    .description(
      'Deterministic fault injection for distributed systems: seeded faults, recorded histories, checked verdicts.',
    )
    .version(VERSION)
    .showSuggestionAfterError()
    .showHelpAfterError('(sixways --help shows what there is)')
    .addHelpText(
      'after',
      '\nExit codes: 0 valid, 1 invalid, 2 unknown, 64 bad usage or input, 70 a defect in sixways.',
    );
  for (const add of [
    addRun,
    addTest,
    addCompare,
    addReplay,
    addShrink,
    addCheck,
    addConvert,
    addVerify,
    addFlaws,
    addPlan,
    addList,
    addSchema,
    addInit,
  ])
    add(program);
  // Subcommands copy this setting when they are made, so it is set on each: errors throw instead of ending the process.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    fail(error);
  }
}

await main();
