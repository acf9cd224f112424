import { MICROSECOND, SECOND, type System, type Tolerance } from '../../harness/contract/index.ts';
import { DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';
import { Device } from './device.ts';
import { flaws } from './flaws.ts';
import { type ChatSyncOptions, optionsSchema } from './options.ts';
import { startServer } from './server.ts';

export type { ChatSyncOptions } from './options.ts';

/**
 * Nothing that delays, cuts or kills matters, to servers or devices. Devices have everything that they were ever shown, and give a server what it lacks: so the disks of all servers
 * may be lost. Of a device's own disk nothing is claimed: what is in its outbox is nowhere else. Nobody looks at a wall clock.
 */
const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'client'], atOnce: 'all' }),
  ...rows([...OUTAGES, 'sync-failure'], { roles: ['server', 'client'], atOnce: 'all' }),
  ...rows([...DELAYS, 'disk-full'], { roles: ['server'], atOnce: 'all' }),
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: ['server'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
  ...rows(['disk-bit-flip', 'bad-sector', 'disk-destroyed'], {
    roles: ['server'],
    atOnce: 'all',
    lasting: true,
  }),
];

/** A messenger on several devices. */
export const chatSync: System<ChatSyncOptions> = {
  name: 'chat-sync',
  summary:
    'a messenger on several devices: offline outboxes, servers that gossip, causal order, one order in the end',
  options: optionsSchema,
  roles: ({ servers }) => ({ server: servers }),
  start: (host, _role, setting) => startServer(host, setting),
  client: (host, setting) => new Device(host, setting),
  claims: () => ({
    consistency: 'causal',
    durability: true,
    recoveryWithin: 10 * SECOND,
    convergesWithin: 6 * SECOND,
  }),
  tolerance: () => tolerance,
  flaws,
  operations: ['send', 'read'],
  workload: () => ({ name: 'messages', options: { keys: 3 } }),
  checkers: () => [
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    { name: 'stats' },
  ],
};
