import type { Claims } from '../../harness/contract/index.ts';
import { SECOND, type Tolerance, type ToleranceRow } from '../../harness/contract/index.ts';
import { type RaftOptions, settingsOf } from './options.ts';

export const claims: Claims = {
  consistency: 'linearizable',
  durability: true,
  recoveryWithin: 10 * SECOND,
};

const any = (fault: string): ToleranceRow => ({ fault, atOnce: 'all' });
const anywhere = (fault: string): ToleranceRow => ({ fault, atOnce: 'all', roles: ['server', 'client'] });
/** What is lost on fewer than a majority. */
const DAMAGE = 'damage';
/** What outlasts its healing: hosts with any of it count together, to the end. */
const damage = (fault: string): ToleranceRow => ({
  fault,
  atOnce: 'minority',
  budget: DAMAGE,
  lasting: true,
});

/**
 * What the cluster stands without breaking its word. While a majority is dead or cut off it does not serve; it serves again
 * when the fault is healed. Damage to disks does not heal: what is lost on one server must still be on a majority of intact ones.
 *
 * Not in the table, because no fault kind says it: a wire whose transport has no checksum.
 */
const fixed: Tolerance = [
  // Messages and partitions: any, at once and for any time.
  anywhere('request-loss'),
  anywhere('reply-loss'),
  anywhere('packet-loss'),
  anywhere('packet-delay'),
  anywhere('packet-duplicate'),
  anywhere('packet-reorder'),
  anywhere('wire-bit-flip'),
  anywhere('partition-halves'),
  anywhere('partition-majorities-ring'),
  anywhere('partition-bridge'),
  anywhere('partition-one'),
  anywhere('partition-one-way'),
  anywhere('partition-primary'),
  anywhere('switch-down'),
  anywhere('rack-cut-off'),
  anywhere('cluster-switches-down'),

  // Processes and machines die and come back; what was synced is there.
  any('kill'),
  any('restart'),
  any('crash'),
  any('power-loss'),
  any('torn-writes'),
  any('lost-writes'),
  any('sync-failure'),

  // Operators: versions side by side, time-outs that differ between servers.
  any('upgrade'),
  any('wrong-configuration'),

  // Time: no decision of the protocol depends on how long anything takes, or on the wall clock.
  any('pause-process'),
  any('freeze-machine'),
  any('slow-host'),
  any('clock-step'),
  any('clock-drift'),
  any('disk-full'),

  // One flipped bit in a word is corrected; two stop the machine, which is a crash; more are noticed by a checksum, and the
  // state is computed anew from snapshot and log.
  any('memory-bit-flip'),

  // A majority must stay intact, and able to answer: what a swamped server or a disk a thousand times too slow has in its queue
  // keeps it from answering long after the fault is healed.
  damage('disk-bit-flip'),
  damage('bad-sector'),
  damage('disk-destroyed'),
  damage('disk-slow'),
  damage('overload'),
  { ...damage('wrong-deletion'), parameters: { file: 'log' } },
];

/** Time without a fault in which a server that was lost is replaced: noticed, led, caught up, added, removed. */
const REPLACED_WITHIN = 5 * SECOND;
const REPLICAS = ['server', 'standby'];

/**
 * With spares, disks may be destroyed one after the other: each counts until it was replaced. Never may a majority of members be damaged at the same time, and a
 * majority of servers must be left in the end.
 */
export function tolerance(options: RaftOptions): Tolerance {
  const { servers, spares } = settingsOf(options);
  if (spares === 0) return fixed;
  const minority = Math.floor((servers - 1) / 2);
  const rows = fixed.map((row): ToleranceRow => {
    if (row.roles !== undefined) return { ...row, roles: [...row.roles, 'standby', 'operator'] };
    if (row.budget !== DAMAGE) return row;
    const lasting = row.fault === 'disk-destroyed' ? REPLACED_WITHIN : true;
    return { ...row, roles: REPLICAS, atOnce: minority, lasting };
  });
  return [
    ...rows,
    {
      fault: 'disk-destroyed',
      roles: REPLICAS,
      atOnce: spares + minority,
      budget: 'lost for good',
      lasting: true,
    },
  ];
}
