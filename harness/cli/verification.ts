import { execa } from 'execa';
import type { Generation, RunSummary, SystemReference } from '../campaign/index.ts';
import { EVENTS_BETWEEN_CHECKPOINTS } from '../simulator/index.ts';
import { MAIN } from './main-module.ts';
import { withPool } from './pool.ts';

/** The two sides differ in everything that must not matter. */
const SIDES = [
  { TZ: 'UTC', LANG: 'C', LC_ALL: 'C', NODE_OPTIONS: '' },
  {
    TZ: 'Asia/Kathmandu',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    NODE_OPTIONS: '--no-opt --max-semi-space-size=1',
  },
] as const;

interface Verification {
  readonly system: SystemReference;
  readonly generation: Generation;
  readonly seeds: readonly number[];
}

interface Job extends Verification {
  /** Print each event of this range, for one seed. */
  readonly events?: { readonly first: number; readonly last: number };
}

/** One seed's marks: equal marks, equal runs. */
interface Fingerprint {
  readonly seed: number;
  readonly digest: string | undefined;
  readonly content: string | undefined;
  readonly checkpoints: readonly number[];
}

export interface Difference {
  readonly seed: number;
  /** Number of the first event that differs, if the simulator's events do. */
  readonly event?: number;
  readonly first: string;
  readonly second: string;
}

/** Runs the seeds on both sides. @returns The seeds that differ, ascending. */
export async function verifySeeds(verification: Verification): Promise<Difference[]> {
  const ascending = [...verification.seeds];
  // The other side meets each seed after other runs: in reverse.
  const orders = [ascending, [...ascending].reverse()];
  const sides = await Promise.all(
    SIDES.map((_, side) => fingerprints(side, { ...verification, seeds: orders[side]! })),
  );
  const second = new Map(sides[1]!.map((mark) => [mark.seed, mark]));
  const differences: Difference[] = [];
  for (const mark of sides[0]!.sort((a, b) => a.seed - b.seed)) {
    const other = second.get(mark.seed)!;
    if (mark.digest === other.digest && mark.content === other.content) continue;
    differences.push(await locate(verification, orders, mark, other));
  }
  return differences;
}

async function locate(
  verification: Verification,
  orders: readonly (readonly number[])[],
  mark: Fingerprint,
  other: Fingerprint,
): Promise<Difference> {
  const { seed } = mark;
  if (mark.digest === other.digest) {
    return {
      seed,
      first: `history ${mark.content}`,
      second: `history ${other.content}, though all events are the same`,
    };
  }
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

async function side(number: number, job: Job): Promise<string[]> {
  const { stdout } = await execa(process.execPath, [MAIN, 'fingerprint'], {
    env: SIDES[number],
    input: JSON.stringify(job),
    stderr: 'inherit',
    maxBuffer: 1 << 30,
  });
  return stdout.split('\n').filter((line) => line !== '');
}

async function fingerprints(number: number, job: Job): Promise<Fingerprint[]> {
  return (await side(number, job)).map((line) => JSON.parse(line) as Fingerprint);
}

async function eventLines(number: number, job: Job): Promise<string[]> {
  return (await side(number, job)).filter((line) => line.startsWith('#'));
}

/** The process of one side: all seeds of its job in one thread, in the order given. */
export async function fingerprint(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const job = JSON.parse(Buffer.concat(chunks).toString()) as Job;
  const { system, generation, events } = job;
  const last = job.seeds.at(-1);
  await withPool({ threads: 1 }, async (pool) => {
    for (const seed of job.seeds) {
      const summary: RunSummary = await pool.run({
        system,
        seed,
        generation,
        check: false,
        want: { checkpoints: true, content: true },
        ...(events && seed === last && { trace: { events } }),
      });
      if (events !== undefined) continue;
      const { digest, content, checkpoints } = summary;
      process.stdout.write(`${JSON.stringify({ seed, digest, content, checkpoints })}\n`);
    }
  });
}
