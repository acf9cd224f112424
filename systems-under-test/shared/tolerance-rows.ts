import type { ToleranceRow } from '../../harness/contract/index.ts';

/** Rows for these fault kinds, alike in everything else. */
export function rows(faults: readonly string[], rest: Omit<ToleranceRow, 'fault'>): readonly ToleranceRow[] {
  return faults.map((fault) => ({ fault, ...rest }));
}

/** What happens to packets between any hosts, clients included. Corrupted ones are told by the transport's checksum. */
export const PACKET_FAULTS = [
  'request-loss',
  'reply-loss',
  'packet-loss',
  'packet-delay',
  'packet-duplicate',
  'packet-reorder',
  'wire-bit-flip',
] as const;

/** Rows for all packet faults: those of messages hit who is asked, and clients never are. */
export function packetRows(servers: readonly string[]): readonly ToleranceRow[] {
  const messages = ['request-loss', 'reply-loss'];
  const others = PACKET_FAULTS.filter((fault) => !messages.includes(fault));
  return [
    ...rows(messages, { roles: servers, atOnce: 'all' }),
    ...rows(others, { roles: [...servers, 'client'], atOnce: 'all' }),
  ];
}

/** Everything that cuts the network, whoever asks for it. */
export const PARTITIONS = [
  'partition-halves',
  'partition-majorities-ring',
  'partition-bridge',
  'partition-one',
  'partition-one-way',
  'partition-primary',
  'switch-down',
  'rack-cut-off',
  'cluster-switches-down',
  'cable-cut',
] as const;

/** A process or machine that is gone for a while; the disk keeps what was synced. */
export const OUTAGES = ['kill', 'restart', 'crash', 'power-loss', 'torn-writes', 'lost-writes'] as const;

/** Late, not gone. How slow a machine or disk, and how much work a crowd, is each system's affair. */
export const DELAYS = ['pause-process', 'freeze-machine'] as const;

export const CLOCKS = ['clock-step', 'clock-drift'] as const;

/** What operators do to programs whose versions work side by side, and whose correctness rests on no time-out. */
export const OPERATORS = ['upgrade', 'wrong-configuration'] as const;
