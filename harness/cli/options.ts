import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Json } from '../../histories/index.ts';
import type { CheckBounds, Generation } from '../campaign/index.ts';
import { type Nanos, parseDuration } from '../contract/index.ts';

/** Readers of flag values. Each throws InvalidArgumentError with the expectation; commander adds the flag and the value. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
      throw new InvalidArgumentError(`expected a whole number, ${range}.`);
    }
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}

export function duration(text: string): Nanos {
  const nanos = instant(text);
  if (nanos === 0) throw new InvalidArgumentError('expected a duration above 0.');
  return nanos;
}

/** Nanoseconds since the beginning. */
export function instant(text: string): Nanos {
  try {
    const nanos = parseDuration(text);
    if (nanos >= 0) return nanos;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('expected a duration such as 250ms, 1.5s or 2m.');
}

export function names(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

export function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new InvalidArgumentError(`expected JSON: ${(error as Error).message}.`);
  }
}

export function shard(text: string): { readonly index: number; readonly of: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || !(index >= 1 && index <= of))
    throw new InvalidArgumentError('expected i/n with 1 <= i <= n, such as 2/8.');
  return { index, of };
}

export interface GenerationFlags {
  readonly options?: Json;
  readonly flaw?: readonly string[];
  readonly faults?: readonly string[];
  readonly time?: Nanos;
  readonly rate?: number;
  readonly clients?: number;
  readonly beyond?: boolean;
  readonly workload?: string;
  readonly workloadOptions?: Json;
  readonly realSeconds?: number;
  readonly memory?: number;
}

/** Their names, for what excludes them. */
export const GENERATION_FLAGS: readonly (keyof GenerationFlags)[] = [
  'options',
  'flaw',
  'faults',
  'time',
  'rate',
  'clients',
  'beyond',
  'workload',
  'workloadOptions',
  'realSeconds',
  'memory',
];

/** Flags that decide which plans a seed gives. */
export function addGenerationFlags(command: Command): Command {
  return command
    .addOption(new Option('--options <json>', 'options of the system, by its schema').argParser(json))
    .addOption(
      new Option('--flaw <names>', 'planted flaws to switch on, separated by commas').argParser(names),
    )
    .addOption(
      new Option(
        '--faults <kinds>',
        'fault kinds to draw from, separated by commas; "partition" for all kinds of partition, "none" for none (default: all that the system tolerates)',
      ).argParser((text) => (text === 'none' ? [] : names(text))),
    )
    .addOption(
      new Option(
        '--time <duration>',
        'length of the fault phase, in simulated time (default: 10s)',
      ).argParser(duration),
    )
    .addOption(
      new Option('--rate <n>', 'operations per simulated second over all clients (default: drawn)').argParser(
        positiveNumber,
      ),
    )
    .addOption(
      new Option('--clients <n>', 'number of clients (default: drawn)').argParser(wholeNumber(1, 1000)),
    )
    .option('--beyond', 'let faults exceed the tolerance of the system; then only safety is judged')
    .option('--workload <name>', 'instead of the workload that the system names')
    .addOption(
      new Option('--workload-options <json>', 'options of the workload, by its schema').argParser(json),
    )
    .addOption(
      new Option('--real-seconds <n>', 'real time that one run may take (default: 60)').argParser(
        positiveNumber,
      ),
    )
    .addOption(
      new Option('--memory <megabytes>', 'memory that one run may take (default: 1024)').argParser(
        wholeNumber(64),
      ),
    );
}

export function generationOf(flags: GenerationFlags): Generation {
  return {
    ...(flags.options !== undefined && { options: flags.options }),
    ...(flags.flaw && { flaws: flags.flaw }),
    ...(flags.faults && { faults: flags.faults }),
    ...(flags.time !== undefined && { time: flags.time }),
    ...(flags.rate !== undefined && { rate: flags.rate }),
    ...(flags.clients !== undefined && { clients: flags.clients }),
    ...(flags.beyond && { beyond: true }),
    ...(flags.workload !== undefined && {
      workload: {
        name: flags.workload,
        ...(flags.workloadOptions !== undefined && { options: flags.workloadOptions }),
      },
    }),
    ...(flags.realSeconds !== undefined && { realSeconds: flags.realSeconds }),
    ...(flags.memory !== undefined && { memoryMegabytes: flags.memory }),
  };
}

/** Flags that bound the checkers. */
export function addBudgetFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--steps <n>', 'upper bound of search steps of a checker').argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--check-memory <megabytes>', 'upper bound of memory of a checker').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option(
        '--check-time <duration>',
        'upper bound of real time of a checker; its verdict then depends on the machine',
      ).argParser(duration),
    );
}

export interface BudgetFlags {
  readonly steps?: number;
  readonly checkMemory?: number;
  readonly checkTime?: Nanos;
}

/** As data, since it is sent to workers: where the checkers run, `timed` adds the clock. */
export function budgetOf(flags: BudgetFlags): CheckBounds {
  return {
    ...(flags.steps !== undefined && { steps: flags.steps }),
    ...(flags.checkMemory !== undefined && { memoryBytes: flags.checkMemory * 1024 * 1024 }),
    ...(flags.checkTime !== undefined && { seconds: flags.checkTime / 1e9 }),
  };
}
