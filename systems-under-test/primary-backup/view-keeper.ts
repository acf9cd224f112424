import type { Nanos } from '../../harness/contract/index.ts';
import { comparePositions, START } from '../shared/position.ts';
import { RollCall } from '../shared/roll-call.ts';
import { members, NO_VIEW, type Ping, type View } from './view.ts';

/** What the view service must not forget. */
export type Keeping = {
  readonly view: View;
  /**
   * Servers that have every write that was ever acknowledged: they reported the whole state in some view, and no view without them has
   * been completed since. Only these may become primary.
   */
  readonly holders: readonly string[];
  /** For each member and holder, the view by which it has been one without interruption. */
  readonly since: { readonly [server: string]: number };
  /**
   * True once all members of the view have had the whole state. A primary acknowledges nothing before it has been told that its view is complete; so
   * until then, those outside the view are as good as they were.
   */
  readonly complete: boolean;
};

export const NOTHING_KEPT: Keeping = { view: NO_VIEW, holders: [], since: {}, complete: false };

export interface KeeperOptions {
  readonly servers: readonly string[];
  /** A server that was silent for so long is taken for dead. */
  readonly deadAfter: Nanos;
  /** Fewest members with which a view can acknowledge a write. */
  readonly quorum: number;
}

/**
 * Decides on views: no clock, no disk, no network. The rules are those of the view service of MIT 6.824 (lab 2) for any number of
 * backups, with one difference. There, a view stays until its primary has acknowledged it, and if that primary dies first everything
 * stands still for ever. Here the service keeps account of who certainly has the whole state, and may take any of them at any time;
 * *adding* a server waits for the primary's acknowledgement, and *serving* for the service's word that the view is complete.
 */
export class ViewKeeper {
  private readonly options: KeeperOptions;
  private readonly roll: RollCall<Ping>;
  kept: Keeping;

  constructor(options: KeeperOptions, kept: Keeping, now: Nanos) {
    this.options = options;
    this.kept = kept;
    this.roll = new RollCall(options.deadAfter, now);
  }

  hear(from: string, ping: Ping, now: Nanos): void {
    this.roll.hear(from, ping, now);
  }

  /** What should be kept from now on, or undefined if nothing changes. The caller stores it, then calls `settle`. */
  next(now: Nanos): Keeping | undefined {
    const { view } = this.kept;
    if (view.number === 0) return this.found(now);
    const before = this.kept;
    const kept = this.account(before);
    const changed = this.change(kept, now);
    if (changed !== undefined) return changed;
    return kept === before ? undefined : kept;
  }

  settle(kept: Keeping): void {
    this.kept = kept;
  }

  /** The first server heard of begins, with an empty state. */
  private found(now: Nanos): Keeping | undefined {
    const first = this.options.servers.find((server) => this.roll.present(server, now));
    if (first === undefined) return undefined;
    const number = this.roll.last(first)!.view + 1;
    const view = { number, primary: first, backups: [], founding: true };
    return { view, holders: [first], since: { [first]: number }, complete: false };
  }

  /** Who has the whole state, according to what was heard last. */
  private account(kept: Keeping): Keeping {
    const holders = this.options.servers.filter((server) => {
      const since = kept.since[server];
      if (since === undefined) return false;
      const ping = this.roll.last(server);
      if (ping === undefined) return kept.holders.includes(server);
      // One that once had the state and has it no more has lost its disk.
      return ping.ready >= since;
    });
    const same =
      holders.length === kept.holders.length && holders.every((server) => kept.holders.includes(server));
    return this.completed(same ? kept : { ...kept, holders });
  }

  /** If all members have the whole state, and are enough, the view can acknowledge without the others: they are holders no more. */
  private completed(kept: Keeping): Keeping {
    const inside = members(kept.view);
    if (kept.complete || inside.length < this.options.quorum) return kept;
    if (!inside.every((server) => kept.holders.includes(server))) return kept;
    const since = Object.fromEntries(inside.map((server) => [server, kept.since[server]!]));
    return { view: kept.view, holders: inside, since, complete: true };
  }

  private change(kept: Keeping, now: Nanos): Keeping | undefined {
    const { view, holders } = kept;
    const primaryPing = this.roll.last(view.primary);
    const acknowledged = primaryPing !== undefined && primaryPing.view === view.number;
    const primaryStays = this.roll.alive(view.primary, now) && holders.includes(view.primary);
    const unreachable = primaryStays && acknowledged ? primaryPing.unreachable : [];
    const staying = view.backups.filter(
      (server) => this.roll.alive(server, now) && !unreachable.includes(server),
    );

    let primary = view.primary;
    let backups = staying;
    if (!primaryStays) {
      const successor = this.successor(kept, now);
      if (successor === undefined) return undefined;
      primary = successor;
      backups = staying.filter((server) => server !== successor);
    } else if (acknowledged) {
      const joining = this.options.servers.filter(
        (server) =>
          server !== primary &&
          !view.backups.includes(server) &&
          this.roll.present(server, now) &&
          primaryPing.reachable.includes(server),
      );
      backups = [...staying, ...joining];
    }
    if (
      primary === view.primary &&
      backups.length === view.backups.length &&
      backups.every((b) => view.backups.includes(b))
    ) {
      return undefined;
    }
    return this.enter(kept, { number: view.number + 1, primary, backups, founding: false });
  }

  /** Of those alive with the whole state the one that is furthest: where not all copies must acknowledge, the others may lack the end. */
  private successor({ view, holders }: Keeping, now: Nanos): string | undefined {
    const candidates = holders.filter((server) => server !== view.primary && this.roll.alive(server, now));
    const position = (server: string) => this.roll.last(server)?.position ?? START;
    return [...candidates].sort((a, b) => comparePositions(position(b), position(a)))[0];
  }

  private enter(kept: Keeping, view: View): Keeping {
    const inside = members(view);
    const since: { [server: string]: number } = {};
    for (const server of this.options.servers) {
      const known = kept.since[server];
      const uninterrupted = kept.holders.includes(server) || members(kept.view).includes(server);
      if (inside.includes(server)) since[server] = uninterrupted && known !== undefined ? known : view.number;
      else if (kept.holders.includes(server) && known !== undefined) since[server] = known;
    }
    return this.completed({ ...kept, view, since, complete: false });
  }
}
