import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Comparison,
  type Conditions,
  type Contender,
  DEFAULT_CONDITIONS,
  DIALS,
  type Kept,
  keepFirst,
  PRESETS,
  PROFILES,
  type Profile,
  parseSweep,
  profileOfFault,
  runComparison,
  type Sweep,
} from '../../compare/index.ts';
import type { Nanos } from '../../contract/index.ts';
import { oneOf } from '../../plan/index.ts';
import {
  comparisonAsMarkdown,
  comparisonsAsCsv,
  describeComparison,
  describeKept,
  describeSweep,
} from '../../report/index.ts';
import { contendersOf, presetsOf } from '../contenders.ts';
import { KeptHistories } from '../kept-histories.ts';
import { duration, names, positiveNumber, wholeNumber } from '../options.ts';
import { requireWritable, writeOutput } from '../output-file.ts';
import { withPool } from '../pool.ts';
import { Progress } from '../progress.ts';
import { registries } from '../registries.ts';
import { Exit, UsageError } from '../usage-error.ts';

const FORMATS = ['terminal', 'markdown', 'csv', 'json'] as const;
const PROFILES_BY_DEFAULT = ['none', 'crash', 'partition'];

interface CompareFlags {
  readonly profiles?: readonly string[];
  readonly baseline?: string;
  readonly sweep?: Sweep;
  readonly seeds: number;
  readonly from: number;
  readonly time?: Nanos;
  readonly rate?: number;
  readonly clients?: number;
  readonly keys?: number;
  readonly readShare?: number;
  readonly deadline?: Nanos;
  readonly threads?: number;
  readonly format: (typeof FORMATS)[number];
  readonly out?: string;
  readonly keep?: string;
  readonly json?: boolean;
  readonly allowUnknown?: boolean;
}

/** Comparisons at the points of a sweep; one without a point where nothing is swept. */
export interface Compared {
  readonly at?: { readonly name: string; readonly value: string };
  readonly comparison: Comparison;
  readonly kept?: readonly Kept[];
}

/** `sixways compare SYSTEM...`: several systems on the same plans. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('the price of consistency: several systems on the same plans')
    .description(
      'Runs several systems, or settings of one, on the same machines, arrivals and faults, and says what each keeps, loses and costs.\n' +
        'A system is SYSTEM, SYSTEM:option=value,... or SYSTEM:JSON, with LABEL= before it if you like; a path of your own, or a preset.',
    )
    .argument('<systems...>', 'systems with options, and presets')
    .addOption(
      new Option(
        '--profiles <names>',
        `kinds of trouble, separated by commas: ${PROFILES.map(({ name }) => name).join(', ')}, or a fault kind (default: that of the preset, or ${PROFILES_BY_DEFAULT.join(',')})`,
      ).argParser(names),
    )
    .option('--baseline <label>', 'the system against which differences are taken (default: the first)')
    .addOption(
      new Option(
        '--sweep <name=values>',
        `compare at several values of ${DIALS.map(({ name }) => name).join(', ')}: rtt=1ms..200ms, rate=10,100,1000`,
      ).argParser(sweep),
    )
    .addOption(new Option('--seeds <n>', 'how many seeds').argParser(wholeNumber(1)).default(100))
    .addOption(new Option('--from <n>', 'the first seed').argParser(wholeNumber(0)).default(1))
    .addOption(
      new Option(
        '--time <duration>',
        'length of the fault phase, in simulated time (default: 2.5s)',
      ).argParser(duration),
    )
    .addOption(
      new Option('--rate <n>', 'operations per simulated second over all clients (default: 100)').argParser(
        positiveNumber,
      ),
    )
    .addOption(
      new Option(
        '--clients <n>',
        'number of clients, each with one operation at a time (default: 10)',
      ).argParser(wholeNumber(1, 1000)),
    )
    .addOption(new Option('--keys <n>', 'number of registers (default: 6)').argParser(wholeNumber(1, 1000)))
    .addOption(
      new Option('--read-share <share>', 'share of the operations that read (default: 0.6)').argParser(share),
    )
    .addOption(
      new Option(
        '--deadline <duration>',
        'an operation is served if it is answered so long after it was due (default: 500ms)',
      ).argParser(duration),
    )
    .addOption(
      new Option('--threads <n>', 'worker threads (default: one for each core)').argParser(
        wholeNumber(1, 256),
      ),
    )
    .addOption(new Option('--format <format>', 'what to print').choices(FORMATS).default('terminal'))
    .option('--out <file>', 'write it to this file instead')
    .option('--keep <folder>', 'keep the history of each first violation here, to be replayed')
    .option('--json', 'print the comparison as JSON')
    .option('--allow-unknown', 'exit with 0 when runs did not reach their end, or faults changed nothing')
    .addHelpText('after', helpText())
    .action(compare);
}

function helpText(): string {
  return `
Presets:
${PRESETS.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join('\n')}

Profiles:
${PROFILES.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join('\n')}

Examples:
  sixways compare replication
  sixways compare raft slow=primary-backup:mode=synchronous ./my-system.ts --profiles crash,clock
  sixways compare replication --profiles none --sweep rtt=1ms..200ms --seeds 10
  sixways compare cap --format markdown --out cap.md`;
}

function sweep(text: string): Sweep {
  try {
    return parseSweep(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a share from 0 to 1.');
}

async function compare(args: readonly string[], flags: CompareFlags): Promise<void> {
  if (flags.out !== undefined) requireWritable('--out', flags.out);
  const presets = presetsOf(args);
  const profiles = profilesOf(
    flags.profiles ??
      (presets.length > 0 ? [...new Set(presets.flatMap((preset) => preset.profiles))] : PROFILES_BY_DEFAULT),
  );
  const contenders = await contendersOf(args);
  requireDistance(profiles, contenders);
  const labels = contenders.map(({ label }) => label);
  const baseline = flags.baseline ?? labels[0]!;
  if (!labels.includes(baseline))
    throw new UsageError(
      'baseline',
      `--baseline: expected ${oneOf(labels, baseline)}, got ${JSON.stringify(baseline)}`,
    );
  const conditions = conditionsOf(flags);
  const points = flags.sweep?.points ?? [undefined];
  const compared: Compared[] = [];
  const folder = flags.keep === undefined ? undefined : new KeptHistories(flags.keep);
  let interrupted = false;
  await withPool(flags, async (pool) => {
    const progress = new Progress('compare', flags.json === true || flags.format === 'json');
    try {
      for (const point of points) {
        if (pool.stopped) break;
        const wanted = {
          contenders,
          profiles,
          conditions: point?.apply(conditions) ?? conditions,
          from: flags.from,
          seeds: flags.seeds,
          baseline,
        };
        const comparison = await runComparison(pool, {
          ...wanted,
          onRun: (_, done, total) =>
            progress.say(
              `compare${point ? ` at ${flags.sweep!.name}=${point.value}` : ''}: ${done}/${total} runs`,
            ),
        });
        compared.push({
          ...(point && { at: { name: flags.sweep!.name, value: point.value } }),
          comparison,
          ...(folder && { kept: await keepFirst(pool, wanted, comparison, folder.folder) }),
        });
      }
      interrupted = pool.stopped;
    } finally {
      progress.end();
    }
  });
  folder?.close();
  const text = textOf(compared, flags.json ? 'json' : flags.format);
  if (flags.out === undefined) console.log(text);
  else writeOutput('--out', flags.out, `${text}\n`);
  const unknown = interrupted || compared.some(({ comparison }) => unsettled(comparison));
  process.exitCode = unknown && !flags.allowUnknown ? Exit.unknown : Exit.valid;
}

/** @throws UsageError */
function profilesOf(wanted: readonly string[]): Profile[] {
  const known = [...PROFILES.map(({ name }) => name), ...registries.nemeses.map(({ name }) => name)];
  return wanted.map((name) => {
    const nemesis = registries.nemeses.find((each) => each.name === name);
    const profile = PROFILES.find((each) => each.name === name) ?? (nemesis && profileOfFault(nemesis));
    if (profile !== undefined) return profile;
    throw new UsageError(
      'unknown-profile',
      `--profiles: expected ${oneOf(known, name)}, got ${JSON.stringify(name)}`,
    );
  });
}

/** @throws UsageError for a profile of cables and data centres where there is but one. */
function requireDistance(profiles: readonly Profile[], contenders: readonly Contender[]): void {
  const far = profiles.find((profile) => profile.far);
  if (far === undefined || contenders.some(({ system }) => system.topology !== undefined)) return;
  const message = `--profiles: expected ${far.name} with a system of several data centres among those compared, such as geo-replicated, got none`;
  throw new UsageError('one-data-centre', message);
}

function conditionsOf({ time, rate, clients, keys, readShare, deadline }: CompareFlags): Conditions {
  return {
    ...DEFAULT_CONDITIONS,
    ...(time !== undefined && { time }),
    ...(rate !== undefined && { rate }),
    ...(clients !== undefined && { clients }),
    ...(keys !== undefined && { keys }),
    ...(readShare !== undefined && { readShare }),
    ...(deadline !== undefined && { deadline }),
  };
}

function textOf(compared: readonly Compared[], format: CompareFlags['format']): string {
  if (format === 'csv') return comparisonsAsCsv(compared);
  const swept = compared[0]?.at !== undefined;
  if (format === 'json')
    return JSON.stringify(
      swept ? compared : { ...compared[0]?.comparison, kept: compared[0]?.kept },
      null,
      2,
    );
  if (format === 'markdown')
    return compared
      .map(
        ({ at, comparison }) =>
          `${at ? `## ${at.name} = ${at.value}\n\n` : ''}${comparisonAsMarkdown(comparison)}`,
      )
      .join('\n\n');
  const text = swept
    ? describeSweep(compared)
    : compared.map(({ comparison }) => describeComparison(comparison)).join('\n');
  return [text, ...compared.flatMap(({ kept = [] }) => kept.map(describeKept))].join('\n');
}

/** True if a run did not reach its end, or no fault of a profile changed anything for anybody. */
function unsettled({ profiles }: Comparison): boolean {
  return profiles.some(
    ({ rows }) =>
      rows.some(({ unfinished }) => unfinished.length > 0) ||
      (rows.some(({ faults }) => faults > 0) && rows.every(({ bit }) => bit === 0)),
  );
}
