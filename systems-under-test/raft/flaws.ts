import type { Flaw } from '../../harness/contract/index.ts';
import { ASSERTION, GARBAGE_READ, LOST_WRITE, NO_RECOVERY, NONLINEARIZABLE } from '../shared/signs.ts';

const UNCAUGHT = { checker: 'assertions', anomaly: 'uncaught-exception' } as const;

/** Replaced members show what a fixed set of them cannot. */
const SPARES = { servers: 3, spares: 2, rolling: '300ms' };

/** Bugs to switch on. Each is a few lines, found by the name in `flaw('...')`. */
export const flaws: readonly Flaw[] = [
  {
    name: 'vote-not-persisted',
    summary:
      'Term and vote are kept in memory only. A server that restarts votes a second time in the same term, or in terms long past: ' +
      'two leaders of one term, and entries whose terms go backwards.',
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'log-not-synced',
    summary:
      'Entries are acknowledged when the operating system has them, before they are synced: power failures take acknowledged writes away.',
    caughtBy: [NONLINEARIZABLE, ASSERTION, LOST_WRITE],
  },
  {
    name: 'commits-earlier-term',
    summary:
      'A new leader writes no entry of its own and counts replicas of entries of earlier terms as committed. Such an entry can still be ' +
      'overwritten by a leader with a later last term (figure 8 of the extended paper; the assertion speaks before that happens).',
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'stale-leader-reads',
    summary:
      'A leader answers reads from its state without making sure that it still leads, and leads until it is told otherwise: one that was cut off serves the past.',
    caughtBy: [NONLINEARIZABLE],
  },
  {
    name: 'lease-without-margin',
    summary:
      'A leader answers reads at once while it believes in a lease, which counts from the arrival of answers, not from its question, and is ' +
      'longer than the election time-out of others: they elect a leader before it ends.',
    caughtBy: [NONLINEARIZABLE],
  },
  {
    name: 'no-log-matching-check',
    summary:
      'Followers take entries without checking that their log holds the one before: logs differ and have holes.',
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'truncates-on-old-message',
    summary:
      'A follower removes everything after the previous entry of each message before it takes the entries: an old message that arrives late ' +
      'removes entries that were acknowledged.',
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'votes-for-shorter-log',
    summary:
      "A vote is given without comparing logs: a candidate that lacks committed entries is elected and overwrites the others'.",
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'retry-applied-twice',
    summary:
      'The state machine does not recognise a command that it has carried out: a retry after a lost reply brings an old value back.',
    caughtBy: [NONLINEARIZABLE],
  },
  {
    name: 'snapshot-forgets-sessions',
    summary:
      'Snapshots hold values but no sessions: a server that starts from one refuses commands that the others carry out, and state machines part.',
    caughtBy: [NONLINEARIZABLE, LOST_WRITE],
  },
  {
    name: 'new-format-to-all',
    summary:
      'A server of version 2 sends entries in the form of its version to everyone. Servers that are not upgraded yet see messages without entries: under a ' +
      'leader of version 2 and a majority of version 1 nothing is committed any more.',
    caughtBy: [ASSERTION, NO_RECOVERY],
  },
  {
    name: 'changes-before-own-commit',
    summary:
      'A leader changes the members before it has committed an entry of its own term, as the thesis had it: another change of the same members, of ' +
      'an earlier leader, may still win, and two majorities without a common server decide (`membership.test.ts` has all of it; the assertion speaks before).',
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE],
    options: SPARES,
  },
  {
    name: 'snapshot-forgets-members',
    summary:
      'Snapshots hold no members: a server that starts from one goes by those that the cluster was set up with, and counts votes of servers that were removed.',
    caughtBy: [ASSERTION, NONLINEARIZABLE, LOST_WRITE, { checker: 'availability', anomaly: 'no-recovery' }],
    options: { ...SPARES, snapshotEvery: 20, keepBehindSnapshot: 5 },
  },
  {
    name: 'checksum-not-verified',
    summary:
      'Records are replayed as they stand on disk; where they cannot be parsed, the log is cut off. A flipped bit becomes a value that ' +
      'nobody wrote, or acknowledged entries are forgotten.',
    caughtBy: [ASSERTION, GARBAGE_READ, NONLINEARIZABLE, LOST_WRITE, UNCAUGHT],
  },
];
