import { type Claims, MICROSECOND, SECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';
import { type QuorumOptions, quorumsMeet } from './options.ts';

/** Whether anything that is promised rests on wall clocks. */
function restsOnClocks({ resolution, timestamps }: QuorumOptions): boolean {
  return resolution === 'last-write-wins' && timestamps === 'wall-clock';
}

/** Registers that behave like one copy: timestamps in the order of the writes, quorums that meet, and reads that write back. */
export function isLinearizable(options: QuorumOptions): boolean {
  const { resolution, quorum, readRepair } = options;
  return (
    resolution === 'last-write-wins' &&
    quorum === 'strict' &&
    readRepair === 'before-reply' &&
    quorumsMeet(options)
  );
}

/**
 * With strict quorums that meet, a read sees every write that was acknowledged before it, or a later one (a *regular* register, Lamport 1986); but two reads one after the other may see an
 * unfinished write appear and vanish. Timestamps from a quorum need reads that write back for that, too: a write may not meet an unfinished one that somebody has read, and
 * then comes before it.
 */
export function isRegular(options: QuorumOptions): boolean {
  const ordered = options.resolution === 'version-vectors' || options.timestamps === 'wall-clock';
  return options.quorum === 'strict' && quorumsMeet(options) && (ordered || isLinearizable(options));
}

export function claims(options: QuorumOptions): Claims {
  const { resolution, timestamps } = options;
  return {
    consistency: isLinearizable(options) ? 'linearizable' : isRegular(options) ? 'regular' : 'eventual',
    // Siblings give way only to who has read them, and clocks that are right order a write after all that were acknowledged before.
    durability: resolution === 'version-vectors' || timestamps === 'wall-clock' || isLinearizable(options),
    recoveryWithin: 10 * SECOND,
    ...(isRegular(options) && { stalenessWithin: 0 }),
    convergesWithin: 4 * SECOND,
  };
}

/**
 * Nothing that delays, cuts or kills makes the data wrong. A copy that is damaged or destroyed is made anew from the others, one at a time, if every write is on
 * two at least. Wall clocks must be right only where writes are ordered by them.
 */
export function tolerance(options: QuorumOptions): Tolerance {
  const { w, servers } = options;
  return [
    ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'client'], atOnce: 'all' }),
    ...rows([...OUTAGES, ...DELAYS, 'disk-full', 'sync-failure', 'upgrade'], {
      roles: ['server'],
      atOnce: 'all',
    }),
    ...(restsOnClocks(options) ? [] : rows(CLOCKS, { roles: ['server'], atOnce: 'all' })),
    // What was begun slowly takes its time, even when disk and machine are fast again.
    { fault: 'slow-host', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
    { fault: 'disk-slow', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
    { fault: 'overload', roles: ['server'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
    ...(w < 2 || servers < 3
      ? []
      : rows(['disk-bit-flip', 'bad-sector', 'disk-destroyed'], {
          roles: ['server'],
          atOnce: 1,
          budget: 'copies',
          lasting: true,
        })),
  ];
}
