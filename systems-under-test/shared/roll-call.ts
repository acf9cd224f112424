import type { Nanos } from '../../harness/contract/index.ts';

/** A report of a server to a membership service. Those of one incarnation are numbered: a late one is ignored. */
interface Report {
  readonly incarnation: number;
  readonly nth: number;
}

/** What a membership service last heard of each server, and who is silent: no clock, no network. */
export class RollCall<Ping extends Report> {
  private readonly heard = new Map<string, { readonly at: Nanos; readonly ping: Ping }>();
  /** A server silent for so long is taken for dead. */
  private readonly deadAfter: Nanos;
  /** Before this, silence proves nothing: the service itself was away. */
  readonly startedAt: Nanos;

  constructor(deadAfter: Nanos, now: Nanos) {
    this.deadAfter = deadAfter;
    this.startedAt = now;
  }

  hear(from: string, ping: Ping, now: Nanos): void {
    const last = this.last(from);
    const late =
      last !== undefined &&
      (ping.incarnation < last.incarnation ||
        (ping.incarnation === last.incarnation && ping.nth <= last.nth));
    if (!late) this.heard.set(from, { at: now, ping });
  }

  /** The newest report; undefined if there was none since the service started. */
  last(server: string): Ping | undefined {
    return this.heard.get(server)?.ping;
  }

  alive(server: string, now: Nanos): boolean {
    return now - (this.heard.get(server)?.at ?? this.startedAt) < this.deadAfter;
  }

  /** True if it reported, and lately. */
  present(server: string, now: Nanos): boolean {
    return this.heard.has(server) && this.alive(server, now);
  }
}
