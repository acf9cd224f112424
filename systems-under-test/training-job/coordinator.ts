import { type Host, HostError, type Json, type Nanos } from '../../harness/contract/index.ts';
import { sum } from './model.ts';
import type { TrainingOptions } from './options.ts';

type Fields = { readonly [name: string]: Json };

/** What goes beyond the time of a step or a checkpoint before a worker counts as failed. */
const PATIENCE: Nanos = 20e9;

/** Ends a generation of the job: somebody failed, or the workers do not agree. */
class Interrupted extends Error {}

/**
 * Runs the job: synchronous steps, a checkpoint every so many of them, and after each failure all over again from the last checkpoint, with
 * whoever is ready. All workers hold the same state, so that each step compares it for nothing: where digests differ, a bit flipped in
 * one of them, and nobody knows in which; all go back.
 */
export class Coordinator {
  private readonly host: Host;
  private readonly options: TrainingOptions;
  private readonly store: string;
  private readonly ready = new Set<string>();
  private generation = 0;
  /** The last checkpoint. */
  private committed = 0;

  constructor(host: Host, options: TrainingOptions, store: string) {
    this.host = host;
    this.options = options;
    this.store = store;
  }

  async start(): Promise<void> {
    this.host.network.onMessage((_, from) => void this.ready.add(from));
    for (;;) {
      try {
        await this.run();
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        this.host.note('interrupted', error.message);
        await this.host.sleep(this.options.restartTime);
      }
    }
  }

  /** One generation. Never returns. @throws Interrupted */
  private async run(): Promise<void> {
    const { workers, every } = this.options;
    while (this.ready.size < workers) await this.host.sleep(1e9);
    const ranks = [...this.ready].slice(0, workers);
    const generation = ++this.generation;
    this.host.note('generation', { generation, ranks });

    const loads = await this.all(ranks, (rank) => ({ f: 'load', generation, rank }), 0);
    let step = loads[0]!.step as number;
    this.host.always(step >= this.committed, 'a checkpoint that was taken is there', {
      step,
      committed: this.committed,
    });
    let total: readonly number[] | null = null;
    for (;;) {
      const replies = await this.all(
        ranks,
        () => ({ f: 'step', generation, step, total }),
        this.options.stepTime,
      );
      this.compare(replies, step);
      total = sum(replies.map(({ gradient }) => gradient as readonly number[]));
      step++;
      this.host.note('step', step);
      if (step % every !== 0) continue;
      await this.checkpoint(ranks, generation, step, total);
      total = null;
    }
  }

  /** Slices of states that agree; only then does the checkpoint count. */
  private async checkpoint(
    ranks: readonly string[],
    generation: number,
    step: number,
    total: readonly number[],
  ): Promise<void> {
    const { checkpointTime } = this.options;
    const message = { f: 'checkpoint', generation, step, total };
    const replies = await this.all(ranks, () => message, checkpointTime);
    this.compare(replies, step);
    await this.ask(this.store, { f: 'commit', step }, 0);
    this.committed = step;
    this.host.note('checkpoint', { step, digest: replies[0]!.digest! });
  }

  private compare(replies: readonly Fields[], step: number): void {
    if (this.options.flaw === 'state-not-compared') return;
    if (new Set(replies.map(({ digest }) => digest)).size === 1) return;
    this.host.note('flip-found', { step });
    throw new Interrupted('the states differ');
  }

  private all(ranks: readonly string[], message: (rank: number) => Json, time: Nanos): Promise<Fields[]> {
    return Promise.all(ranks.map((worker, rank) => this.ask(worker, message(rank), time)));
  }

  private async ask(to: string, message: Json, time: Nanos): Promise<Fields> {
    let reply: Fields;
    try {
      reply = (await this.host.network.request(to, message, { timeout: time + PATIENCE })) as Fields;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      reply = { error: error.code };
    }
    if (reply.error === undefined) return reply;
    // Until it says that it is ready again.
    this.ready.delete(to);
    throw new Interrupted(`${to}: ${String(reply.error)}`);
  }
}
