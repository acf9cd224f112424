import { join } from 'node:path';
import { eventText, readHistory } from '../../histories/index.ts';
import type { Generation, RunPool, RunSummary, SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { EVENTS_BETWEEN_CHECKPOINTS } from '../simulator/index.ts';
import { runInFreshProcess } from './fresh-process.ts';
import { withPool } from './pool.ts';
import { temporaryFolder } from './temporary.ts';
import { Exit, UsageError } from './usage-error.ts';

/** The two sides differ in everything that must not matter. */
const SIDES = [
  { env: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }, flags: [], warm: false },
  {
    env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    flags: ['--max-semi-space-size=1', '--no-turbofan'],
    warm: true,
  },
] as const;

/** What to run on both sides: seeds, or one plan. */
export interface Verification {
  readonly system: SystemReference;
  readonly generation: Generation;
  readonly seeds: readonly number[];
  readonly plan?: Plan;
}

interface Job extends Verification {
  /** Run another seed before. */
  readonly warm: boolean;
  /** Print each event of this range, for the last seed. */
  readonly events?: { readonly first: number; readonly last: number };
  /** Write the history of the last seed here. */
  readonly history?: string;
}

/** One seed's marks: equal marks, equal runs. */
type Fingerprint = Pick<RunSummary, 'seed' | 'digest' | 'content' | 'ended' | 'reasons'> & {
  readonly checkpoints: readonly number[];
};

export interface Difference {
  readonly seed: number;
  /** Number of the first event that differs, if the simulator's events do; otherwise it is a line of the history. */
  readonly event?: number;
  readonly first: string;
  readonly second: string;
}

export interface Verified {
  readonly seeds: number;
  /** Ascending. */
  readonly differences: readonly Difference[];
  /** Seeds whose runs real time or memory ended: they prove nothing. */
  readonly unknown: readonly { readonly seed: number; readonly reason: string }[];
}

/** Runs the seeds on both sides. @throws UsageError for what the system does that no run may. */
export async function verifySeeds(verification: Verification): Promise<Verified> {
  const ascending = [...verification.seeds];
  // The other side meets each seed after other runs: in reverse.
  const orders = [ascending, [...ascending].reverse()];
  const ended = await Promise.allSettled(
    SIDES.map((_, side) => fingerprints(side, { ...verification, seeds: orders[side]! })),
  );
  // What both sides refuse is told by the first, whichever came to it sooner.
  const sides = ended.map((side) => {
    if (side.status === 'rejected') throw side.reason;
    return side.value;
  });
  const second = new Map(sides[1]!.map((mark) => [mark.seed, mark]));
  const differences: Difference[] = [];
  const unknown: { seed: number; reason: string }[] = [];
  for (const mark of sides[0]!.sort((a, b) => a.seed - b.seed)) {
    const other = second.get(mark.seed)!;
    const lost = [mark, other].find(isTimed);
    if (lost !== undefined) unknown.push({ seed: mark.seed, reason: lost.reasons[0] ?? 'no digest' });
    else if (mark.digest !== other.digest || mark.content !== other.content)
      differences.push(await locate(verification, orders, mark, other));
  }
  return { seeds: ascending.length, differences, unknown };
}

/** A verification, for a terminal. */
export function describeVerified(name: string, { seeds, differences, unknown }: Verified): string {
  const lines = [
    `${name}: ${seeds} seeds, ${differences.length === 0 ? 'no difference' : `${differences.length} differ`}`,
  ];
  for (const { seed, reason } of unknown) lines.push(`  seed ${seed} not compared: ${reason}`);
  for (const { seed, event, first, second } of differences) {
    lines.push(
      `  seed ${seed} differs${event === undefined ? '' : `, first at event ${event}`}`,
      `    ${first}`,
      `    ${second}`,
    );
  }
  if (differences.length > 0)
    lines.push('  something outlives a run or comes from the machine: look at module state and caches');
  return lines.join('\n');
}

export function exitOfVerified({ differences, unknown }: Verified): number {
  if (differences.length > 0) return Exit.invalid;
  return unknown.length > 0 ? Exit.unknown : Exit.valid;
}

/** Ended by the machine's time or memory, which no two processes share. */
function isTimed({ digest, ended, reasons }: Fingerprint): boolean {
  return digest === undefined || (ended === 'hang' && reasons.some((reason) => reason.endsWith('real-time')));
}

async function locate(
  verification: Verification,
  orders: readonly (readonly number[])[],
  mark: Fingerprint,
  other: Fingerprint,
): Promise<Difference> {
  const { seed } = mark;
  // What the system says of itself is no event of the queue, but a line of the history.
  if (mark.digest === other.digest) return locateLine(verification, orders, seed);
  let checkpoint = 0;
  while (
    2 * checkpoint + 1 < Math.min(mark.checkpoints.length, other.checkpoints.length) &&
    mark.checkpoints[2 * checkpoint] === other.checkpoints[2 * checkpoint] &&
    mark.checkpoints[2 * checkpoint + 1] === other.checkpoints[2 * checkpoint + 1]
  ) {
    checkpoint++;
  }
  const events = {
    first: checkpoint * EVENTS_BETWEEN_CHECKPOINTS,
    last: (checkpoint + 1) * EVENTS_BETWEEN_CHECKPOINTS - 1,
  };
  // What ran before may matter, so each side runs all that it ran up to this seed.
  const [left, right] = await Promise.all(
    SIDES.map((_, side) => {
      const order = orders[side]!;
      return eventLines(side, { ...verification, seeds: order.slice(0, order.indexOf(seed) + 1), events });
    }),
  );
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    if (left![i] === right![i]) continue;
    return {
      seed,
      event: events.first + i,
      first: left![i] ?? '(no more events)',
      second: right![i] ?? '(no more events)',
    };
  }
  return {
    seed,
    first: `digest ${mark.digest}`,
    second: `digest ${other.digest}, not seen again when looked for`,
  };
}

async function locateLine(
  verification: Verification,
  orders: readonly (readonly number[])[],
  seed: number,
): Promise<Difference> {
  const folder = temporaryFolder();
  const [left, right] = await Promise.all(
    SIDES.map(async (_, number) => {
      const order = orders[number]!;
      const history = join(folder, `${seed}-${number}.jsonl`);
      await side(number, { ...verification, seeds: order.slice(0, order.indexOf(seed) + 1), history });
      return (await readHistory(history)).events.map(eventText);
    }),
  );
  const index = left!.findIndex((line, i) => line !== right![i]);
  const nothing = '(not seen again when looked for)';
  return { seed, first: left![index] ?? nothing, second: right![index] ?? nothing };
}

async function side(number: number, job: Omit<Job, 'warm'>): Promise<string[]> {
  const { env, flags, warm } = SIDES[number]!;
  const { exitCode, stdout, stderr } = await runInFreshProcess({
    args: ['fingerprint'],
    nodeFlags: flags,
    env,
    input: JSON.stringify({ ...job, warm } satisfies Job),
  });
  if (exitCode === Exit.usage) throw new UsageError('refused', stderr.replace(/^sixways: /, ''));
  if (exitCode !== 0) throw new Error(`a side of the verification ended with ${exitCode}: ${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}

async function fingerprints(number: number, job: Omit<Job, 'warm'>): Promise<Fingerprint[]> {
  return (await side(number, job)).map((line) => JSON.parse(line) as Fingerprint);
}

async function eventLines(number: number, job: Omit<Job, 'warm'>): Promise<string[]> {
  return (await side(number, job)).filter((line) => line.startsWith('#'));
}

/** Something that the other side does not meet: a run of another seed. */
async function warmUp(pool: RunPool, { system, generation, plan, seeds }: Job): Promise<void> {
  const seed = 1 + Math.max(...seeds);
  await pool.run({
    system,
    ...(plan ? { plan: { ...plan, seed } } : { seed, generation }),
    check: false,
  });
}

/** The process of one side: all seeds of its job in one thread, in the order given. */
export async function fingerprint(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const job = JSON.parse(Buffer.concat(chunks).toString()) as Job;
  const { system, generation, events, plan, history } = job;
  const last = job.seeds.at(-1);
  await withPool({ threads: 1 }, async (pool) => {
    if (job.warm) await warmUp(pool, job);
    for (const seed of job.seeds) {
      const summary: RunSummary = await pool.run({
        system,
        ...(plan ? { plan } : { seed, generation }),
        check: false,
        want: { checkpoints: true, content: true },
        ...(events && seed === last && { trace: { events } }),
        ...(history !== undefined && seed === last && { history }),
      });
      if (events !== undefined || history !== undefined) continue;
      const { digest, content, checkpoints = [], ended, reasons } = summary;
      process.stdout.write(`${JSON.stringify({ seed, digest, content, checkpoints, ended, reasons })}\n`);
    }
  });
}
