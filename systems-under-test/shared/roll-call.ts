import type { Nanos } from '../../harness/contract/index.ts';

/** A report of a server to whoever keeps account of servers. Those of one incarnation are numbered. */
export interface NumberedReport {
  readonly incarnation: number;
  readonly nth: number;
}

/** Negative if a was sent before b, 0 if one is a copy of the other. */
export function compareReports(a: NumberedReport, b: NumberedReport): number {
  return a.incarnation - b.incarnation || a.nth - b.nth;
}

/** What a membership service last heard of each server, and who is silent: no clock, no network. */
export class RollCall<Ping extends NumberedReport> {
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
    // A late one, or a copy.
    if (last !== undefined && compareReports(ping, last) <= 0) return;
    this.heard.set(from, { at: now, ping });
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
