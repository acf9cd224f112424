import type { Json, Nanos } from '../../harness/contract/index.ts';
import { type Chunk, fileOf } from './chunk.ts';

interface Lease {
  readonly file: string;
  readonly until: Nanos;
  /** The answer to the commit, once it was asked for. */
  commit?: Promise<Json>;
  /** That answer is known. */
  settled?: boolean;
}

/**
 * Versions that are being written. Until its lease ends nobody removes copies of such a version; from then on it is never committed.
 * They live as long as the master's process: after a restart, what was not committed never is.
 */
export class Leases {
  private readonly leases = new Map<number, Lease>();
  private readonly time: Nanos;
  private readonly now: () => Nanos;

  constructor(time: Nanos, now: () => Nanos) {
    this.time = time;
    this.now = now;
  }

  grant(file: string, version: number): void {
    // In the order in which they end. The answers to commits are kept as long, for copies of the request.
    for (const [old, { until, commit, settled }] of this.leases) {
      if (until > this.now()) break;
      // A commit under way may still succeed, however late: its copies are needed.
      if (commit === undefined || settled) this.leases.delete(old);
    }
    this.leases.set(version, { file, until: this.now() + this.time });
  }

  isBeingWritten({ handle, version }: Chunk): boolean {
    const lease = this.of(version);
    return lease !== undefined && lease.file === fileOf(handle);
  }

  /** Carries out the first commit of a version; a copy of the request gets the same answer. Undefined: no lease is known. */
  once(version: number, carryOut: (file: string) => Promise<Json>): Promise<Json> | undefined {
    const lease = this.of(version);
    if (lease !== undefined) lease.commit ??= this.settling(lease, carryOut(lease.file));
    return lease?.commit;
  }

  private settling(lease: Lease, commit: Promise<Json>): Promise<Json> {
    return commit.finally(() => {
      lease.settled = true;
    });
  }

  private of(version: number): Lease | undefined {
    const lease = this.leases.get(version);
    return lease !== undefined && (lease.commit !== undefined || lease.until > this.now())
      ? lease
      : undefined;
  }
}
