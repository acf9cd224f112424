import type { Flaw } from '../../harness/contract/index.ts';
import { ASSERTION } from '../shared/signs.ts';

/** What shows in a history of list-append, beside what the servers notice themselves. */
function seenAs(...anomalies: readonly string[]): Flaw['caughtBy'] {
  return anomalies.map((anomaly) => ({ checker: 'list-append', anomaly }));
}

const TORN = seenAs('incompatible-order', 'G-single', 'G-single-realtime', 'lost-update', 'G1c', 'G2-item');

/** Bugs to switch on. Each is a few lines, found by the name in `flaw('...')`. */
export const flaws: readonly Flaw[] = [
  {
    name: 'prepare-not-replicated',
    summary:
      'A participant votes as soon as its leader has the locks, before the record of it is replicated: if the leader dies, a transaction is ' +
      'committed of which this group knows nothing.',
    caughtBy: [ASSERTION, ...TORN],
  },
  {
    name: 'commits-on-silence',
    summary:
      'The coordinator takes a vote that does not come in time for a yes: a group that prepared nothing, or refused, is told to commit.',
    caughtBy: [ASSERTION, ...TORN],
  },
  {
    name: 'aborts-after-vote',
    summary:
      'A participant that has waited for a while, and is told that nothing is decided yet, aborts by itself though it has voted yes: half of a committed transaction is missing.',
    caughtBy: [ASSERTION, ...TORN],
  },
  {
    name: 'reads-through-locks',
    summary:
      'A reader does not wait for a prepared transaction, whose timestamp may be below its own: it sees one group before a commit and another after it.',
    caughtBy: [...TORN],
  },
  {
    name: 'range-handed-out-again',
    summary:
      'A new leader of the oracle goes on with the range that the former one had reserved, and hands timestamps out a second time.',
    caughtBy: [ASSERTION, ...TORN],
  },
  {
    name: 'oracle-not-confirmed',
    summary:
      'A server of the oracle hands out what it reserved when it led, without making sure that it leads still: timestamps of one that was deposed lie in the past, ' +
      'and readers miss what was committed before they began.',
    caughtBy: [...TORN, ASSERTION],
  },
];
