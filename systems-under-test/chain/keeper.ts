import type { Nanos } from '../../harness/contract/index.ts';
import { RollCall } from '../shared/roll-call.ts';
import { type Configuration, NO_CONFIGURATION, type Ping, predecessorOf } from './configuration.ts';

/** What the master must not forget. */
export type Keeping = {
  readonly configuration: Configuration;
  /** For each member, and for the one that joins, the number of the configuration by which it got the whole state. */
  readonly since: { readonly [server: string]: number };
  /**
   * The tail that was added last, until it reported that it has everything that the tail before it had; '' if none. The others must not be
   * given up for it: what was acknowledged before it became the tail may be with them alone.
   */
  readonly fresh: string;
};

export const NOTHING_KEPT: Keeping = { configuration: NO_CONFIGURATION, since: {}, fresh: '' };

export interface KeeperOptions {
  readonly servers: readonly string[];
  /** A server that was silent for so long is taken for dead. */
  readonly deadAfter: Nanos;
  /** How long a lease lasts. */
  readonly leaseTime: Nanos;
  /** Silent servers are not removed from a chain of this length. */
  readonly resiliency: number;
}

/**
 * Decides on configurations: no clock, no disk, no network. The chain shrinks when a member is silent, cannot be reached by the one before it, or
 * lost its disk; it grows at the tail, one server at a time (van Renesse and Schneider 2004, section 3).
 *
 * The paper's master knows who failed. This one guesses, and a wrong guess must not matter: a member is removed only when its lease has run out, so that
 * it serves no reads beside its successor in office, and its writes are refused by those that know the newer configuration.
 */
export class ChainKeeper {
  private readonly options: KeeperOptions;
  private readonly roll: RollCall<Ping>;
  /** When each server was last given a lease. */
  private readonly leased = new Map<string, Nanos>();
  kept: Keeping;

  constructor(options: KeeperOptions, kept: Keeping, now: Nanos) {
    this.options = options;
    this.kept = kept;
    this.roll = new RollCall(options.deadAfter, now);
  }

  hear(from: string, ping: Ping, now: Nanos): void {
    this.roll.hear(from, ping, now);
  }

  /** Gives a lease to a member that nobody wants to remove. @returns false if it gets none. */
  lease(server: string, now: Nanos): boolean {
    if (!this.kept.configuration.chain.includes(server) || this.leaving(now).includes(server)) return false;
    this.leased.set(server, now);
    return true;
  }

  /** What should be kept from now on, or undefined if nothing changes. The caller stores it, then calls `settle`. */
  next(now: Nanos): Keeping | undefined {
    const { configuration, since, fresh } = this.kept;
    if (configuration.number === 0) return this.found(now);
    const leaving = this.leaving(now).filter((server) => this.leaseOver(server, now));
    if (leaving.length > 0) {
      const chain = configuration.chain.filter((server) => !leaving.includes(server));
      return this.enter(chain, '', leaving.includes(fresh) ? '' : fresh);
    }
    if (fresh !== '') {
      const synced = this.roll.last(fresh)?.synced === configuration.number;
      return synced ? { ...this.kept, fresh: '' } : undefined;
    }
    const { joining } = configuration;
    if (joining === '') {
      const candidate = this.candidate(now);
      return candidate === undefined ? undefined : this.enter(configuration.chain, candidate, '');
    }
    if (!this.roll.alive(joining, now) || this.blamed(joining))
      return this.enter(configuration.chain, '', '');
    const whole = this.roll.last(joining)?.joined === since[joining];
    return whole ? this.enter([...configuration.chain, joining], '', joining) : undefined;
  }

  settle(kept: Keeping): void {
    this.kept = kept;
  }

  /** The first server heard of begins, with an empty state; the others join it. */
  private found(now: Nanos): Keeping | undefined {
    const first = this.options.servers.find((server) => this.roll.present(server, now));
    if (first === undefined) return undefined;
    const configuration = { number: 1, chain: [first], joining: '' };
    return { configuration, since: { [first]: 1 }, fresh: '' };
  }

  /** Before the master itself started leases may have been given that it knows nothing of. */
  private leaseOver(server: string, now: Nanos): boolean {
    return now - (this.leased.get(server) ?? this.roll.startedAt) > this.options.leaseTime;
  }

  /** Members that should go. Enough must stay that have everything that was acknowledged. */
  private leaving(now: Nanos): string[] {
    const { configuration, since, fresh } = this.kept;
    const { chain } = configuration;
    const whole = chain.filter((server) => server !== fresh);
    const leaving: string[] = [];
    const remove = (server: string, least: number) => {
      if (leaving.includes(server)) return;
      const left = whole.filter((each) => each !== server && !leaving.includes(each)).length;
      if (server === fresh || left >= least) leaving.push(server);
    };
    for (const server of chain) {
      const joined = this.roll.last(server)?.joined;
      if (joined !== undefined && joined !== since[server]) remove(server, 1);
    }
    for (const server of chain) if (!this.roll.alive(server, now)) remove(server, this.options.resiliency);
    for (const server of chain) if (this.blamed(server)) remove(server, this.options.resiliency);
    return leaving;
  }

  /** True if the one before it says that it does not answer. */
  private blamed(server: string): boolean {
    const before = predecessorOf(this.kept.configuration, server);
    return before !== undefined && this.roll.last(before)?.unreachable === server;
  }

  /** A server outside the chain that the tail can reach. */
  private candidate(now: Nanos): string | undefined {
    const { configuration } = this.kept;
    const tail = configuration.chain.at(-1);
    const ping = tail === undefined ? undefined : this.roll.last(tail);
    if (ping === undefined || ping.configuration !== configuration.number) return undefined;
    return this.options.servers.find(
      (server) =>
        !configuration.chain.includes(server) &&
        this.roll.present(server, now) &&
        ping.reachable.includes(server),
    );
  }

  private enter(chain: readonly string[], joining: string, fresh: string): Keeping {
    const number = this.kept.configuration.number + 1;
    const since: { [server: string]: number } = {};
    for (const server of chain) since[server] = this.kept.since[server]!;
    if (joining !== '') since[joining] = number;
    return { configuration: { number, chain, joining }, since, fresh };
  }
}
