import type { Flaw } from '../../harness/contract/index.ts';
import type { Isolation } from './options.ts';

/** A flaw that makes this level no better than a weaker one, caught by the transactions of the workload list-append. */
function weakening(isolation: Isolation, name: string, summary: string, ...anomalies: string[]): Flaw {
  const caughtBy = anomalies.map((anomaly) => ({ checker: 'list-append', anomaly }));
  return { name, summary, caughtBy, options: { isolation } };
}

export const flaws: readonly Flaw[] = [
  weakening(
    'read-uncommitted',
    'no-write-locks',
    'two transactions write over each other: neither order of the two explains all keys',
    'G0',
    'duplicate-elements',
    'cyclic-versions',
  ),
  weakening(
    'read-committed',
    'dirty-reads',
    'reads see what others have written and not committed, and perhaps never will',
    'G1a',
    'G1b',
    'G1c',
    'incompatible-order',
  ),
  weakening(
    'read-committed',
    'aborts-leak',
    'an abort leaves the writes of the transaction in place',
    'G1a',
    'dirty-update',
  ),
  weakening(
    'snapshot-isolation',
    'statement-snapshots',
    'each statement sees a snapshot of its own: half of another transaction',
    'internal',
    'G-single',
    'lost-update',
  ),
  weakening(
    'snapshot-isolation',
    'last-committer-wins',
    'commits without a look at who has written the same key since the snapshot: one of two updates is lost',
    'incompatible-order',
    'lost-update',
    'G-single',
  ),
  weakening(
    'serializable',
    'reads-not-validated',
    'commits without a look at who has written what it read: write skew',
    'G2-item',
  ),
  weakening(
    'strict-serializable',
    'lagging-reads',
    'transactions that only read see the store as it was a while ago',
    'G-single-process',
    'G-single-realtime',
    'G1c-process',
    'G1c-realtime',
    'G-nonadjacent-realtime',
    'G2-item-realtime',
  ),
];
