import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { MAIN } from '../harness/cli/main-module.ts';
import { registries } from '../harness/cli/registries.ts';

/**
 * Runs what the README claims of seeds and flaws. `--sample` runs a part that fits into a CI run, from a base that changes every day; without
 * it everything is run, and the result, with the commit it is of, is written to a file.
 */
const { values: flags } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    base: { type: 'string' },
    out: { type: 'string', default: 'soak-result.json' },
  },
});

const MILLISECONDS_A_DAY = 86_400_000;
/** Bases are far enough apart that samples of different days do not overlap. */
const base =
  flags.base === undefined
    ? flags.sample
      ? (Math.floor(Date.now() / MILLISECONDS_A_DAY) % 100_000) * 1000
      : 1
    : Number(flags.base);
/** Runs of the campaign in which each kind of a tolerance table must bite. */
const LEAST_BITES = 25;
const RAFT_SEEDS = flags.sample ? 60 : 500;
const OTHER_SEEDS = flags.sample ? 20 : 200;
const VERIFIED_SEEDS = flags.sample ? 6 : 200;
const STARTS = flags.sample ? [base] : [1, 1001, 2001, 3001, 4001].map((start) => start + base - 1);

interface Claim {
  readonly claim: string;
  readonly holds: boolean;
  readonly seconds: number;
  readonly detail: unknown;
}

interface Campaign {
  readonly validity: string;
  readonly counts: Record<string, number>;
  readonly ran: number;
  readonly failures: readonly { readonly first: { readonly seed: number; readonly history?: string } }[];
  readonly unknown: readonly { readonly seed: number; readonly reasons: readonly string[] }[];
  readonly faults: readonly { readonly fault: string; readonly bit: number }[];
}

interface FlawResult {
  readonly system: string;
  readonly flaw: string;
  readonly seedsNeeded: readonly (number | null)[];
  readonly median: number | null;
  readonly faults?: number;
  readonly operations?: number;
}

async function sixways(...args: string[]): Promise<{ code: number | undefined; json: unknown }> {
  const { exitCode, stdout } = await execa(process.execPath, [MAIN, ...args, '--json'], {
    reject: false,
    stderr: 'inherit',
    maxBuffer: 1 << 30,
  });
  return { code: exitCode, json: stdout === '' ? null : JSON.parse(stdout) };
}

const claims: Claim[] = [];

async function claim(
  text: string,
  judge: () => Promise<{ readonly holds: boolean; readonly detail: unknown }>,
): Promise<void> {
  const started = performance.now();
  const { holds, detail } = await judge();
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  claims.push({ claim: text, holds, seconds, detail });
  console.log(`${holds ? 'holds ' : 'FAILS '} ${text} (${seconds} s)`);
  if (!holds) console.log(JSON.stringify(detail, null, 2));
}

async function campaign(system: string, seeds: number): Promise<Campaign> {
  const { json } = await sixways('test', system, '--seeds', String(seeds), '--from', String(base));
  return (json as readonly Campaign[])[0]!;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
}

console.log(`base of the seeds: ${base} (again with --base ${base}); ${availableParallelism()} cores`);
const systems = registries.systems.map(({ name }) => name);

for (const system of systems) {
  const seeds = system === 'raft' ? RAFT_SEEDS : OTHER_SEEDS;
  await claim(`${system}: ${seeds} seeds from ${base}, none invalid, none unknown`, async () => {
    const { counts, ran, failures, unknown, faults } = await campaign(system, seeds);
    const rare = flags.sample || system !== 'raft' ? [] : faults.filter(({ bit }) => bit < LEAST_BITES);
    const holds = counts.valid === seeds && ran === seeds && rare.length === 0;
    return {
      holds,
      detail: { counts, failures: failures.map(({ first }) => first), unknown, rare, bites: faults },
    };
  });
}

const caught: FlawResult[] = [];
for (const system of systems) {
  await claim(
    `${system}: every planted flaw is caught within 200 seeds of ${STARTS.join(', ')}`,
    async () => {
      const more = flags.sample ? ['--no-shrink'] : [];
      const { code, json } = await sixways(
        'flaws',
        system,
        '--starts',
        STARTS.join(','),
        '--seeds',
        '200',
        ...more,
      );
      const results = json as readonly FlawResult[];
      caught.push(...results);
      return { holds: code === 0, detail: results };
    },
  );
}
if (!flags.sample) {
  await claim(
    'shrunk, the failures of the flaws have a median of at most 3 faults and 30 operations',
    async () => {
      const faults = median(caught.flatMap((result) => result.faults ?? []));
      const operations = median(caught.flatMap((result) => result.operations ?? []));
      return {
        holds: caught.length >= 12 && faults <= 3 && operations <= 30,
        detail: { flaws: caught.length, faults, operations },
      };
    },
  );
}

for (const system of systems) {
  await claim(`${system}: ${VERIFIED_SEEDS} seeds are the same in two unlike processes`, async () => {
    const { code, json } = await sixways(
      'verify',
      system,
      '--seeds',
      String(VERIFIED_SEEDS),
      '--from',
      String(base),
    );
    return { holds: code === 0, detail: json };
  });
}

const failed = claims.filter(({ holds }) => !holds).length;
if (!flags.sample) {
  const { stdout: commit } = await execa('git', ['rev-parse', 'HEAD'], { reject: false });
  const { stdout: dirty } = await execa('git', ['status', '--porcelain', '--untracked-files=no'], {
    reject: false,
  });
  const result = { commit, clean: dirty === '', node: process.version, base, claims };
  writeFileSync(flags.out, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`written to ${flags.out}`);
}
console.log(`${claims.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
