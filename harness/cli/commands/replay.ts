import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { eventText, type History, readHistory } from '../../../histories/index.ts';
import type { Nanos, Plan } from '../../contract/index.ts';
import { oneOf } from '../../plan/index.ts';
import { describeRun } from '../../report/index.ts';
import { codeDigest } from '../code-digest.ts';
import { addBudgetFlags, type BudgetFlags, budgetOf, instant, wholeNumber } from '../options.ts';
import { exitOf } from '../outcome.ts';
import { withPool } from '../pool.ts';
import { type Recorded, readRecorded } from '../recorded.ts';
import { describeReproduction, reproduce } from '../reproduction.ts';
import { temporaryFolder } from '../temporary.ts';
import { Exit, UsageError } from '../usage-error.ts';

interface ReplayFlags extends BudgetFlags {
  readonly system?: string;
  readonly out?: string;
  readonly times: number;
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
  /** The line at which the recording was cut off: what came after it could not be compared. */
  readonly cutOff?: number;
  readonly difference?: {
    readonly line: number;
    readonly recorded: string | null;
    readonly replayed: string | null;
  };
  /** Somebody changed the file since it was written. */
  readonly damage?: string;
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
    .addOption(
      new Option('--times <n>', 'of a history of the live world: how often its plan is run again')
        .argParser(wholeNumber(1))
        .default(5),
    )
    .addOption(
      new Option('--trace', 'print messages, timers, disk and state changes as text').conflicts('json'),
    )
    .addOption(
      new Option('--host <name>', 'trace only what this host takes part in').implies({ trace: true }),
    )
    .addOption(
      new Option('--from <time>', 'trace from this simulated time')
        .argParser(instant)
        .implies({ trace: true }),
    )
    .addOption(
      new Option('--to <time>', 'trace up to this simulated time')
        .argParser(instant)
        .implies({ trace: true }),
    )
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
      const recorded = await readRecorded(file, flags.system);
      const { plan, system } = recorded;
      if (recorded.history.header.world === 'live') {
        await replayLive(recorded, flags);
        return;
      }
      if (flags.host !== undefined) requireHost(plan, flags.host);
      const out = flags.out ?? join(temporaryFolder(), 'replay.jsonl');
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
      const { history: written, ...shown } = summary;
      const kept = flags.out === undefined ? shown : summary;
      // A run that was ended from outside has nothing that could be compared, whatever it wrote.
      const comparison =
        written === undefined || summary.digest === undefined
          ? undefined
          : compare(recorded, await readHistory(written), codeDigest(system));
      if (flags.json) console.log(JSON.stringify({ ...kept, replay: comparison ?? null }, null, 2));
      else {
        if (comparison) console.log(describeComparison(file, comparison));
        console.log(describeRun(kept));
      }
      const differs = comparison !== undefined && !comparison.same && !comparison.codeChanged;
      process.exitCode = differs ? Exit.unknown : exitOf(summary.validity, flags.allowUnknown);
    });
}

/** Exit code 0 if the plan showed the same again at least once. */
async function replayLive({ plan, system, history }: Recorded, flags: ReplayFlags): Promise<void> {
  if (flags.trace)
    throw new UsageError(
      'bad-flag',
      '--trace: expected a history of the simulator, got one of the live world',
    );
  const reproduction = await withPool({ threads: 1, memory: plan.limits.memoryMegabytes }, (pool) => {
    const task = {
      system,
      plan,
      check: budgetOf(flags),
      ...(flags.out !== undefined && { history: flags.out }),
    };
    return reproduce(pool, task, history, flags.times);
  });
  console.log(flags.json ? JSON.stringify(reproduction, null, 2) : describeReproduction(reproduction));
  process.exitCode = reproduction.reproduced > 0 ? Exit.valid : Exit.unknown;
}

/** @throws UsageError */
function requireHost({ topology }: Plan, host: string): void {
  const hosts = topology.datacenters.flatMap(({ racks }) =>
    racks.flatMap((rack) => rack.hosts.map(({ name }) => name)),
  );
  if (!hosts.includes(host))
    throw new UsageError(
      'unknown-host',
      `--host: expected ${oneOf(hosts, host)}, got ${JSON.stringify(host)}`,
    );
}

/** Event lines as written, so that equality is that of bytes. A recording that was cut off is compared as far as it goes. */
function compare({ history: recorded, damage }: Recorded, replayed: History, code: string): Comparison {
  const codeChanged = recorded.header.code !== code;
  const length =
    recorded.footer === undefined && damage === undefined
      ? recorded.events.length
      : Math.max(recorded.events.length, replayed.events.length);
  for (let i = 0; i < length; i++) {
    const [before, after] = [recorded.events[i], replayed.events[i]];
    const [left, right] = [before ? eventText(before) : null, after ? eventText(after) : null];
    if (left !== right)
      return {
        same: false,
        codeChanged,
        difference: { line: i + 2, recorded: left, replayed: right },
        ...(damage !== undefined && { damage }),
      };
  }
  const digests = recorded.footer?.digest === undefined || recorded.footer.digest === replayed.footer?.digest;
  return { same: digests, codeChanged, ...(recorded.cutOff && { cutOff: recorded.cutOff.line }) };
}

function describeComparison(
  file: string,
  { same, codeChanged, cutOff, difference, damage }: Comparison,
): string {
  const code = codeChanged ? 'the code changed since this was recorded; ' : '';
  if (same && cutOff !== undefined)
    return `${code}replayed: every byte of the events is the same up to line ${cutOff}, where the recording was cut off`;
  if (same) return `${code}replayed: every byte of the events is the same`;
  if (difference === undefined)
    return `${code}replayed: the events are the same, the digest of what happened inside is not`;
  return [
    ...(damage === undefined ? [] : [`somebody edited this file: ${damage}`]),
    `${code}replayed: the first difference is at ${file}:${difference.line}`,
    `  recorded: ${difference.recorded ?? '(nothing more)'}`,
    `  replayed: ${difference.replayed ?? '(nothing more)'}`,
  ].join('\n');
}
