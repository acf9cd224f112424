import { type Host, HostError, type Json, type Nanos } from '../../harness/contract/index.ts';
import { gradient, update } from './model.ts';
import type { TrainingOptions } from './options.ts';
import { digest, State } from './state.ts';

type Fields = { readonly [name: string]: Json };

const PATIENCE: Nanos = 5e9;
const SAY_AGAIN: Nanos = 5e9;

/**
 * Holds a whole copy of the state and computes the gradient on its own share of the data. It does what the coordinator asks, for the generation of
 * the job that it belongs to; asked for another one, it says no.
 */
export class Worker {
  private readonly host: Host;
  private readonly options: TrainingOptions;
  private readonly store: string;
  private readonly state: State;
  private generation = 0;
  private rank = 0;

  constructor(host: Host, options: TrainingOptions, store: string) {
    this.host = host;
    this.options = options;
    this.store = store;
    this.state = new State(host, options.words);
  }

  /** Reports for duty, again and again: news of a spare may be lost, and the coordinator forgets those that failed. */
  start(coordinator: string): void {
    this.host.network.onRequest((message) => this.answer(message as Fields));
    const ready = (): void => {
      this.host.network.send(coordinator, { f: 'ready' });
      this.host.after(SAY_AGAIN, ready);
    };
    ready();
  }

  private async answer(message: Fields): Promise<Json> {
    if (message.f === 'load') return this.load(message);
    if (message.generation !== this.generation) return { error: 'another generation' };
    return message.f === 'step' ? this.step(message) : this.checkpoint(message);
  }

  private async load({ generation, rank }: Fields): Promise<Json> {
    const loaded = (await this.host.network.request(
      this.store,
      { f: 'load' },
      { timeout: PATIENCE },
    )) as Fields;
    this.generation = generation as number;
    this.rank = rank as number;
    this.state.write(loaded.state as readonly number[]);
    return { step: loaded.step!, digest: digest(this.state.read()) };
  }

  /**
   * Applies what the last step came to, and computes. The digest is of the state that the gradient is of: both are taken at
   * one instant, and what flips before it is in both.
   */
  private async step({ step, total }: Fields): Promise<Json> {
    if (total !== null) this.state.write(update(this.state.read(), total as readonly number[]));
    await this.host.sleep(this.options.stepTime);
    const state = this.state.read();
    return { digest: digest(state), gradient: gradient(state, step as number, this.rank) };
  }

  /** Stores its slice. The digest is of the state that the slice was cut from. */
  private async checkpoint({ step, total }: Fields): Promise<Json> {
    const { words, workers, checkpointTime } = this.options;
    if (total !== null) this.state.write(update(this.state.read(), total as readonly number[]));
    await this.host.sleep(checkpointTime);
    const state = this.state.read();
    const length = words / workers;
    const slice = state.slice(this.rank * length, (this.rank + 1) * length);
    const message = { f: 'put', step: step!, rank: this.rank, slice };
    try {
      await this.host.network.request(this.store, message, { timeout: PATIENCE });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { error: error.code };
    }
    return { digest: digest(state) };
  }
}
