import { hosted } from 'sixways/hosted';

/** The smallest hosted system: an express server that keeps registers in memory, and clients that use `fetch`. */
export default hosted({
  name: 'hello',
  summary: 'an express server that keeps registers in memory',
  programs: { api: { entry: './app/server.ts' } },
  client: './client.ts',
  operations: ['read', 'write', 'cas'],
  workload: { name: 'register' },
  claims: { consistency: 'linearizable' },
  // Nothing that ends the process: it keeps nothing.
  tolerance: [
    { fault: 'packet-loss', atOnce: 'all' },
    { fault: 'packet-delay', atOnce: 'all' },
    { fault: 'partition-halves', atOnce: 'all' },
    { fault: 'pause-process', atOnce: 1 },
  ],
  checkers: [{ name: 'linearizable' }],
});
