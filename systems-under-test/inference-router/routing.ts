import type { Nanos } from '../../harness/contract/index.ts';
import type { Routing } from './options.ts';

/** Prefixes that the router remembers at most. */
const REMEMBERED = 10_000;

/** What a block of prefill and an answer under way take of a worker: the weights of the estimate. */
export interface Costs {
  readonly perBlock: Nanos;
  readonly perAnswer: Nanos;
}

/**
 * Which worker gets a prompt. The router remembers where each prefix went; what a worker has forgotten meanwhile it does not know.
 * - `round-robin`: in turn; every worker computes every prefix.
 * - `prefix`: where the longest prefix went; new ones to the least busy. A popular prefix makes one worker busy and leaves the others idle.
 * - `prefix-and-load`: where the first token is expected first: blocks to compute, and those and the answers that are there already (as in Qin et al., "Mooncake",
 *   FAST 2025, algorithm 1; SGLang's cache-aware routing).
 */
export class RoutingTable {
  private readonly routing: Routing;
  private readonly costs: Costs;
  /** Who had each prefix, the one that was used longest ago first. */
  private readonly homes = new Map<string, Set<string>>();
  private turn = 0;

  constructor(routing: Routing, costs: Costs) {
    this.routing = routing;
    this.costs = costs;
  }

  /** `load`: blocks and answers that each worker has been sent and has not answered. At least one worker. */
  choose(
    names: readonly string[],
    workers: readonly string[],
    load: (worker: string) => { readonly blocks: number; readonly answers: number },
  ): { readonly worker: string; readonly expected: number } {
    if (this.routing === 'round-robin') {
      const worker = workers[this.turn++ % workers.length]!;
      return { worker, expected: this.matched(names, worker) };
    }
    let best: { worker: string; expected: number; cost: Nanos } | undefined;
    // In turn, so that the first worker is not everybody's choice where all are alike.
    const first = this.turn++;
    for (let nth = 0; nth < workers.length; nth++) {
      const worker = workers[(first + nth) % workers.length]!;
      const expected = this.matched(names, worker);
      const { blocks, answers } = load(worker);
      const missing = (names.length - expected) * this.costs.perBlock;
      const busy = blocks * this.costs.perBlock + answers * this.costs.perAnswer;
      const cost =
        this.routing === 'prefix-and-load' ? missing + busy : missing * Number.MAX_SAFE_INTEGER ** 0.5 + busy;
      if (best === undefined || cost < best.cost) best = { worker, expected, cost };
    }
    return best!;
  }

  /** The prompt went there. */
  remember(names: readonly string[], worker: string): void {
    for (const name of names) {
      const homes = this.homes.get(name) ?? new Set();
      this.homes.delete(name);
      this.homes.set(name, homes.add(worker));
    }
    while (this.homes.size > REMEMBERED) this.homes.delete(this.homes.keys().next().value!);
  }

  /** The worker died or does not answer: what it had is gone. */
  forget(worker: string): void {
    for (const homes of this.homes.values()) homes.delete(worker);
  }

  /** Blocks at the beginning of the prompt that this worker should have. */
  private matched(names: readonly string[], worker: string): number {
    const miss = names.findIndex((name) => this.homes.get(name)?.has(worker) !== true);
    return miss < 0 ? names.length : miss;
  }
}
