import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { eventText, type History, readHistory } from '../../../histories/index.ts';
import type { Nanos } from '../../contract/index.ts';
import { describeRun } from '../../report/index.ts';
import { codeDigest } from '../code-digest.ts';
import { addBudgetFlags, type BudgetFlags, budgetOf, duration } from '../options.ts';
import { exitOf } from '../outcome.ts';
import { withPool } from '../pool.ts';
import { readRecorded } from '../recorded.ts';
import { Exit } from '../usage-error.ts';

interface ReplayFlags extends BudgetFlags {
  readonly system?: string;
  readonly out?: string;
  readonly trace?: boolean;
  readonly host?: string;
  readonly from?: Nanos;
  readonly to?: Nanos;
  readonly json?: boolean;
  readonly allowUnknown?: boolean;
}

/** What a replay showed. `difference` is the first event that is not the same. */
interface Comparison {
  readonly same: boolean;
  readonly codeChanged: boolean;
  readonly difference?: {
    readonly line: number;
    readonly recorded: string | null;
    readonly replayed: string | null;
  };
}

/** `sixways replay FILE`: the same bytes, or the first difference. */
export function addReplay(program: Command): void {
  const command = program
    .command('replay')
    .summary('runs a recorded history again: the same bytes, or the first difference')
    .description('Runs the plan of a history again and compares event by event.')
    .argument('<file>', 'a history that sixways wrote')
    .option('--system <path>', 'load the system from here instead of where the history says')
    .option('--out <file>', 'write the replayed history here')
    .option('--trace', 'print messages, timers, disk and state changes as text')
    .addOption(new Option('--host <name>', 'trace only what this host takes part in'))
    .addOption(new Option('--from <time>', 'trace from this simulated time').argParser(duration))
    .addOption(new Option('--to <time>', 'trace up to this simulated time').argParser(duration))
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--json', 'print the summary as JSON');
  addBudgetFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  sixways replay .sixways/raft-17.jsonl
  sixways replay .sixways/raft-17.jsonl --trace --host n1 --from 2s --to 3s`,
    )
    .action(async (file: string, flags: ReplayFlags) => {
      const { history, plan, system } = await readRecorded(file, flags.system);
      const folder = mkdtempSync(join(tmpdir(), 'sixways-'));
      try {
        const out = flags.out ?? join(folder, 'replay.jsonl');
        const summary = await withPool({ threads: 1, memory: plan.limits.memoryMegabytes }, (pool) =>
          pool.run({
            system,
            plan,
            history: out,
            check: budgetOf(flags),
            ...(flags.trace && {
              trace: {
                ...(flags.host !== undefined && { host: flags.host }),
                ...(flags.from !== undefined && { from: flags.from }),
                ...(flags.to !== undefined && { to: flags.to }),
              },
            }),
          }),
        );
        const comparison = compare(history, await readHistory(out), codeDigest(system));
        const { history: _, ...shown } = summary;
        const kept = flags.out === undefined ? shown : summary;
        console.log(
          flags.json
            ? JSON.stringify({ ...kept, replay: comparison }, null, 2)
            : `${describeComparison(comparison)}\n${describeRun(kept)}`,
        );
        process.exitCode =
          !comparison.same && !comparison.codeChanged
            ? Exit.unknown
            : exitOf(summary.validity, flags.allowUnknown);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

/** Event lines as written, so that equality is that of bytes. A recording that was cut off is compared as far as it goes. */
function compare(recorded: History, replayed: History, code: string): Comparison {
  const codeChanged = recorded.header.code !== code;
  const length =
    recorded.footer === undefined
      ? recorded.events.length
      : Math.max(recorded.events.length, replayed.events.length);
  for (let i = 0; i < length; i++) {
    const [before, after] = [recorded.events[i], replayed.events[i]];
    const [left, right] = [before ? eventText(before) : null, after ? eventText(after) : null];
    if (left !== right)
      return { same: false, codeChanged, difference: { line: i + 2, recorded: left, replayed: right } };
  }
  const digests = recorded.footer?.digest === undefined || recorded.footer.digest === replayed.footer?.digest;
  return { same: digests, codeChanged };
}

function describeComparison({ same, codeChanged, difference }: Comparison): string {
  const code = codeChanged ? 'the code changed since this was recorded; ' : '';
  if (same) return `${code}replayed: every byte of the events is the same`;
  if (difference === undefined)
    return `${code}replayed: the events are the same, the digest of what happened inside is not`;
  return [
    `${code}replayed: the first difference is at line ${difference.line}`,
    `  recorded: ${difference.recorded ?? '(nothing more)'}`,
    `  replayed: ${difference.replayed ?? '(nothing more)'}`,
  ].join('\n');
}
