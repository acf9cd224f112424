import { SECOND, type Tolerance } from 'sixways';
import { hosted } from 'sixways/hosted';

const FILE = 'yjs/dist/yjs.mjs';

const network = (faults: readonly string[]): Tolerance =>
  faults.map((fault) => ({ fault, atOnce: 'all' }) as const);

/** Servers with a copy each of a document, which the package yjs merges. */
export default hosted({
  name: 'shared-document',
  summary: 'a list with a copy on each server, merged by yjs 13.6.33',
  programs: {
    document: {
      entry: './app/server.js',
      replicas: 3,
      env: ({ host, hosts }) => ({
        DOCUMENT: '/data/document.updates',
        PEERS: (hosts.document ?? []).filter((peer) => peer !== host).join(','),
      }),
    },
  },
  client: './client.js',
  operations: ['add', 'remove', 'read'],
  workload: { name: 'crdt-set' },
  claims: { durability: true, recoveryWithin: 10 * SECOND, convergesWithin: 5 * SECOND },
  tolerance: [
    ...network(['packet-loss', 'packet-delay', 'packet-duplicate', 'packet-reorder']),
    ...network(['partition-halves', 'partition-one', 'partition-one-way', 'switch-down']),
    ...network(['kill', 'restart', 'crash', 'power-loss', 'pause-process', 'freeze-machine']),
    // Loading the program takes 50 ms of CPU time: a machine that is much slower at that moment is not there again in time.
    { fault: 'slow-host', atOnce: 'all', parameters: { factor: 20 } },
    ...network(['clock-step', 'clock-drift']),
  ],
  flaws: [
    {
      name: 'forgets-deletions',
      summary:
        'a whole state does not tell of deletions where a client made one run of them: who missed the update keeps the item',
      caughtBy: [
        { checker: 'crdt-set', anomaly: 'diverged' },
        { checker: 'crdt-set', anomaly: 'resurrected' },
      ],
      edits: [{ file: FILE, find: 'if (dsitems.length > 0) {', replace: 'if (dsitems.length > 1) {' }],
    },
    {
      name: 'skips-the-first',
      summary: 'whoever is told what is new to him is told all but the first of it',
      caughtBy: [
        { checker: 'crdt-set', anomaly: 'diverged' },
        { checker: 'crdt-set', anomaly: 'lost' },
      ],
      edits: [
        {
          file: FILE,
          find: `if (getState(store, client) > clock) {
      sm.set(client, clock);`,
          replace: `if (getState(store, client) > clock + 1) {
      sm.set(client, clock + 1);`,
        },
      ],
    },
  ],
});
