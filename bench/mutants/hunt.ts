import { availableParallelism } from 'node:os';
import { type Generation, RunPool, type SystemReference } from '../../harness/campaign/index.ts';
import { registries } from '../../harness/cli/registries.ts';
import { resolveSystem } from '../../harness/cli/system/load-system.ts';
import { type Mutant, Nursery } from './mutants.ts';

const WORKER = new URL('../../harness/cli/worker.js', import.meta.url);
const MEMORY_MEGABYTES = 1024;
/** A mutant that turns in circles is caught, too: it need not turn for long. */
const REAL_SECONDS = 10;
/** What many systems share need not be tried with all seeds of all of them: as many runs as so many trials have. */
const TRIALS_IN_FULL = 4;

/** Plans that may notice a mutant: those of a system with these settings. */
export interface Trial {
  readonly system: string;
  readonly generation: Generation;
}

/** The run that noticed a mutant. */
export interface Catch {
  readonly trial: Trial;
  readonly seed: number;
  /** The first checker and anomaly, or why the run is unknown. */
  readonly sign: string;
}

/** Runs mutants, several at a time, each until something notices it. */
export class Hunt {
  private readonly pool: RunPool;
  private readonly nurseries: readonly Nursery[];
  private readonly base: number;
  private readonly seeds: number;

  /** @param seeds Seeds from `base` that each trial has. */
  constructor(base: number, seeds: number) {
    this.base = base;
    this.seeds = seeds;
    const threads = availableParallelism();
    this.pool = new RunPool({ worker: WORKER, threads, memoryMegabytes: MEMORY_MEGABYTES });
    // One more than there are workers: while its mutant is bundled, they work on those of the others.
    this.nurseries = Array.from({ length: threads + 1 }, () => new Nursery());
  }

  /** Says of each mutant who noticed it; undefined if nobody did. In the order in which that is known. */
  async each(
    mutants: readonly Mutant[],
    trialsOf: (mutant: Mutant) => readonly Trial[],
    tell: (mutant: Mutant, caught: Catch | undefined) => void,
  ): Promise<void> {
    const left = mutants.values();
    await Promise.all(
      this.nurseries.map(async (nursery) => {
        for (const mutant of left) tell(mutant, await this.caught(nursery, mutant, trialsOf(mutant)));
      }),
    );
  }

  /** The trials take turns: what one of them shows at all, it mostly shows within a few seeds. */
  private async caught(
    nursery: Nursery,
    mutant: Mutant,
    trials: readonly Trial[],
  ): Promise<Catch | undefined> {
    const systems = await nursery.with(mutant, () => this.bundle(nursery, trials));
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
        return { trial, seed, sign: first ? `${first.checker}/${first.anomaly}` : reasons.join('; ') };
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
