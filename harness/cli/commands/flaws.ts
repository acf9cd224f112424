import { join } from 'node:path';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { mergeValidity } from '../../../checkers/index.ts';
import type { Validity } from '../../../histories/index.ts';
import {
  type Catch,
  type Escape,
  hunt,
  isCatch,
  type RunPool,
  type RunSummary,
  type SystemReference,
} from '../../campaign/index.ts';
import type { Flaw, Plan } from '../../contract/index.ts';
import { runInFreshProcess } from '../fresh-process.ts';
import { names, wholeNumber } from '../options.ts';
import { exitOf } from '../outcome.ts';
import { withPool } from '../pool.ts';
import { Progress } from '../progress.ts';
import { registries } from '../registries.ts';
import { keep } from '../shrink-failures.ts';
import { CutShort, cutBy, shrinkInPool } from '../shrinking.ts';
import { loadSystem, resolveSystem } from '../system/load-system.ts';
import { temporaryFolder } from '../temporary.ts';
import { UsageError } from '../usage-error.ts';

interface FlawsFlags {
  readonly starts: readonly string[];
  readonly seeds: number;
  readonly flaw?: readonly string[];
  readonly shrink: boolean;
  readonly threads?: number;
  readonly json?: boolean;
}

/** What became of one planted flaw. */
export interface FlawResult {
  readonly system: string;
  readonly flaw: string;
  /** Seeds needed from each start; null where it escaped. */
  readonly seedsNeeded: readonly (number | null)[];
  readonly median: number | null;
  readonly signature?: string;
  /** From starts where it escaped: failures that are not this flaw's own. */
  readonly others?: readonly string[];
  /** Of the first catch, shrunk. */
  readonly faults?: number;
  readonly operations?: number;
  /** The shrunk history is the same, byte for byte, in a new process. */
  readonly replays?: boolean;
  /** Why it was not made small: a run was ended from outside. */
  readonly cut?: string;
  /** The verdict on the shrunk plan without the flaw; on the plan as it was found, where the small one then leaves nothing to judge. */
  readonly without?: string;
}

/** `sixways flaws SYSTEM...`: a checker that never fails is not a checker. */
export function addFlaws(program: Command): void {
  program
    .command('flaws')
    .summary('switches each planted flaw on and demands that it is caught')
    .description(
      'For each planted flaw of the systems: how many seeds the default generation needs to catch it, from several starting seeds; then shrinks the first failure, replays it in a new process, and runs the small plan without the flaw.',
    )
    .argument('<systems...>', 'names of systems, or paths of your own')
    .addOption(
      new Option('--starts <seeds>', 'starting seeds, separated by commas')
        .argParser(names)
        .default(['1', '1001', '2001', '3001', '4001'], '1,1001,2001,3001,4001'),
    )
    .addOption(new Option('--seeds <n>', 'most seeds from each start').argParser(wholeNumber(1)).default(200))
    .addOption(new Option('--flaw <names>', 'only these, separated by commas').argParser(names))
    .addOption(
      new Option('--threads <n>', 'worker threads (default: one for each core)').argParser(
        wholeNumber(1, 256),
      ),
    )
    .option('--no-shrink', 'only catch')
    .option('--json', 'print the results as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  sixways flaws raft\n  sixways flaws single-server primary-backup --starts 7 --no-shrink',
    )
    .action(async (systems: readonly string[], flags: FlawsFlags) => {
      const starts = flags.starts.map((text) => {
        if (/^\d+$/.test(text)) return Number(text);
        throw new UsageError(
          'bad-flag',
          `--starts: expected whole numbers separated by commas, got ${JSON.stringify(text)}`,
        );
      });
      let interrupted = false;
      const results = await withPool(flags, async (pool) => {
        const all: FlawResult[] = [];
        for (const name of systems) {
          const system = await resolveSystem(name, registries.systems);
          const { flaws } = await loadSystem(system, registries.systems);
          const wanted = flaws.filter((flaw) => flags.flaw === undefined || flags.flaw.includes(flaw.name));
          for (const flaw of wanted) {
            const result = await tryFlaw(pool, system, flaw, starts, flags);
            if (pool.stopped) {
              interrupted = true;
              process.stderr.write(`interrupted at ${system.name} ${flaw.name}\n`);
              return all;
            }
            all.push(result);
          }
        }
        return all;
      });
      console.log(flags.json ? JSON.stringify(results, null, 2) : tableOf(results));
      process.exitCode = exitOf(
        mergeValidity([...results.map(validityOf), ...(interrupted ? (['unknown'] as const) : [])]),
      );
    });
}

/** Whether it was caught from everywhere, and what was caught stood up to being looked at again. */
function validityOf({ seedsNeeded, replays, without = 'valid', cut }: FlawResult): Validity {
  if (seedsNeeded.includes(null) || replays === false || without !== 'valid') return 'invalid';
  return cut === undefined ? 'valid' : 'unknown';
}

async function tryFlaw(
  pool: RunPool,
  system: SystemReference,
  { name: flaw, options, workload, caughtBy }: Flaw,
  starts: readonly number[],
  flags: FlawsFlags,
): Promise<FlawResult> {
  const progress = new Progress(`${system.name} ${flaw}`, flags.json === true);
  const catches: (Catch | Escape)[] = [];
  for (const from of starts) {
    progress.say(`${system.name} ${flaw}: from seed ${from}`);
    catches.push(
      await hunt(pool, {
        system,
        generation: {
          flaws: [flaw],
          ...(options !== undefined && { options }),
          ...(workload && { workload }),
        },
        from,
        most: flags.seeds,
        check: {},
        wanted: caughtBy,
      }),
    );
  }
  const seedsNeeded = catches.map((result) => (isCatch(result) ? result.seeds : null));
  const sorted = seedsNeeded.map((seeds) => seeds ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const others = [...new Set(catches.flatMap((result) => (isCatch(result) ? [] : result.others)))].sort();
  const base = {
    system: system.name,
    flaw,
    seedsNeeded,
    median: Number.isFinite(middle) ? middle : null,
    ...(others.length > 0 && { others }),
  };
  const first = catches.find(isCatch);
  if (first === undefined) return base;
  const signature = `${first.signature.checker}: ${first.signature.anomaly}`;
  const small = flags.shrink ? await makeSmall(pool, system, first, progress).catch(asCut) : {};
  progress.end();
  return { ...base, signature, ...small };
}

/** A catch that could not be made small is a catch. */
function asCut(error: unknown) {
  if (!(error instanceof CutShort)) throw error;
  return { cut: error.message };
}

async function makeSmall(pool: RunPool, system: SystemReference, first: Catch, progress: Progress) {
  const history = join(temporaryFolder(), 'shrunk.jsonl');
  const { plan } = await shrinkInPool(pool, system, first.plan, {
    signature: first.signature,
    check: {},
    onProgress: (text) => progress.say(text),
  });
  const kept = await keep(pool, system, plan, history, {});
  const source = system.module === undefined ? [] : ['--system', system.name];
  const same = await replays(['replay', history, '--json', ...source]);
  const sound = async (flawed: Plan): Promise<Validity> => {
    const without = { ...flawed, system: { ...flawed.system, flaws: [] } };
    const run = await pool.run({ system, plan: without, check: {} });
    if (run.ended !== undefined && run.validity === 'unknown') throw new CutShort(cutBy(run));
    return run.validity;
  };
  const small = await sound(plan);
  const without = small === 'unknown' ? await sound(first.plan) : small;
  return {
    faults: kept.faults,
    operations: kept.operations,
    replays: same,
    without,
  };
}

/** @throws CutShort if the process was ended, or its run. */
async function replays(args: readonly string[]): Promise<boolean> {
  const { exitCode, stdout, stderr } = await runInFreshProcess({ args });
  if (exitCode === undefined || stdout === '')
    throw new CutShort(`the replay ended with ${exitCode ?? 'a signal'}${stderr && `: ${stderr}`}`);
  const { replay, ...run } = JSON.parse(stdout) as RunSummary & {
    readonly replay: { readonly same: boolean } | null;
  };
  if (replay === null) throw new CutShort(cutBy(run));
  return replay.same;
}

function tableOf(results: readonly FlawResult[]): string {
  const table = new Table({
    head: [
      'system',
      'flaw',
      'seeds needed',
      'median',
      'caught by',
      'faults',
      'operations',
      'replays',
      'without',
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const result of results) {
    table.push([
      result.system,
      result.flaw,
      result.seedsNeeded.map((seeds) => seeds ?? 'never').join(' '),
      result.median ?? '-',
      result.signature ?? (result.others ? `not its own: ${result.others.join(', ')}` : '-'),
      result.faults ?? '-',
      result.operations ?? '-',
      result.replays === undefined ? '-' : result.replays ? 'same' : 'DIFFERS',
      result.without ?? result.cut ?? '-',
    ]);
  }
  return table.toString();
}
