import { availableParallelism } from 'node:os';
import { RunPool, type SystemReference } from '../../harness/campaign/index.ts';
import { registries } from '../../harness/cli/registries.ts';
import { resolveSystem } from '../../harness/cli/system/load-system.ts';
import { type Mutant, Nursery } from './mutants.ts';
import { Suite } from './suite.ts';
import type { Trial } from './trials.ts';

const WORKER = new URL('../../harness/cli/worker.js', import.meta.url);
const MEMORY_MEGABYTES = 1024;
/** A mutant that turns in circles is caught, too: it need not turn for long. */
const REAL_SECONDS = 10;
/** What many systems share need not be tried with all seeds of all of them: as many runs as so many trials have. */
const TRIALS_IN_FULL = 4;

/** Who noticed a mutant: a test beside it, or a run. */
export type Catch =
  | { readonly by: 'test'; readonly sign: string }
  | {
      readonly by: 'run';
      readonly trial: Trial;
      readonly seed: number;
      /** The first checker and anomaly, or why the run is unknown. */
      readonly sign: string;
    };

/** Shows mutants, several at a time, to the tests beside them, and runs them until something notices. */
export class Hunt {
  private readonly pool: RunPool;
  private readonly places: readonly { readonly nursery: Nursery; readonly suite: Suite }[];
  private readonly base: number;
  private readonly seeds: number;

  /** @param seeds Seeds from `base` that each trial has. */
  constructor(base: number, seeds: number) {
    this.base = base;
    this.seeds = seeds;
    const threads = availableParallelism();
    this.pool = new RunPool({ worker: WORKER, threads, memoryMegabytes: MEMORY_MEGABYTES });
    // One more than there are workers: while its mutant is bundled, they work on those of the others.
    this.places = Array.from({ length: threads + 1 }, () => ({ nursery: new Nursery(), suite: new Suite() }));
  }

  /** Says of each mutant who noticed it; undefined if nobody did. In the order in which that is known. */
  async each(
    mutants: readonly Mutant[],
    trialsOf: (mutant: Mutant) => readonly Trial[],
    tell: (mutant: Mutant, caught: Catch | undefined) => void,
  ): Promise<void> {
    const left = mutants.values();
    await Promise.all(
      this.places.map(async ({ nursery, suite }) => {
        for (const mutant of left) {
          const sign = await suite.notices(mutant);
          if (sign !== undefined) tell(mutant, { by: 'test', sign });
          else tell(mutant, await this.caught(nursery, mutant, trialsOf(mutant)));
        }
      }),
    );
  }

  /** What tests and trials say of the systems as they are: nothing, or no mutant proves anything. */
  async control(folder: string, trials: readonly Trial[]): Promise<Catch | undefined> {
    const { nursery, suite } = this.places[0]!;
    const sign = await suite.fails(folder);
    if (sign !== undefined) return { by: 'test', sign };
    return this.run(await this.bundle(nursery, trials), trials);
  }

  /** The trials take turns: what one of them shows at all, it mostly shows within a few seeds. */
  private async caught(
    nursery: Nursery,
    mutant: Mutant,
    trials: readonly Trial[],
  ): Promise<Catch | undefined> {
    return this.run(await nursery.with(mutant, () => this.bundle(nursery, trials)), trials);
  }

  private async run(
    systems: ReadonlyMap<string, SystemReference>,
    trials: readonly Trial[],
  ): Promise<Catch | undefined> {
    const seeds = Math.ceil(this.seeds * Math.min(1, TRIALS_IN_FULL / trials.length));
    for (let nth = 0; nth < seeds; nth++) {
      for (const trial of trials) {
        const seed = this.base + nth;
        const { validity, signatures, reasons } = await this.pool.run({
          system: systems.get(trial.system)!,
          seed,
          generation: { realSeconds: REAL_SECONDS, ...trial.generation },
          check: {},
        });
        if (validity === 'valid') continue;
        const [first] = signatures;
        return {
          by: 'run',
          trial,
          seed,
          sign: first ? `${first.checker}/${first.anomaly}` : reasons.join('; '),
        };
      }
    }
    return undefined;
  }

  private async bundle(
    nursery: Nursery,
    trials: readonly Trial[],
  ): Promise<ReadonlyMap<string, SystemReference>> {
    const systems = new Map<string, SystemReference>();
    for (const { system } of trials) {
      if (systems.has(system)) continue;
      systems.set(system, await resolveSystem(nursery.entry(system), registries.systems));
    }
    return systems;
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
