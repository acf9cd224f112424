import type { Nanos, Setting } from '../../../harness/contract/index.ts';
import type { MultiVersionOptions } from '../options.ts';
import type { Level } from '../transaction.ts';
import { ReadCommitted } from './read-committed.ts';
import { ReadUncommitted } from './read-uncommitted.ts';
import { Snapshot } from './snapshot.ts';

/** The level of these options, with its flaws. */
export function levelOf(
  { options, flaw }: Pick<Setting<MultiVersionOptions>, 'options' | 'flaw'>,
  now: () => Nanos,
): Level {
  const { isolation, lag } = options;
  switch (isolation) {
    case 'read-uncommitted':
      return new ReadUncommitted({ lock: !flaw('no-write-locks') });
    case 'read-committed':
      return new ReadCommitted({ now, dirtyReads: flaw('dirty-reads'), keepAborted: flaw('aborts-leak') });
    case 'snapshot-isolation':
    case 'serializable':
    case 'strict-serializable':
      return new Snapshot({
        now,
        validateWrites: !flaw('last-committer-wins'),
        validateReads: isolation !== 'snapshot-isolation' && !flaw('reads-not-validated'),
        lag: isolation === 'serializable' || flaw('lagging-reads') ? lag : 0,
        readLatest: flaw('statement-snapshots'),
      });
  }
}
