import { hosted } from 'sixways/hosted';

/** The smallest hosted system: one express server that keeps registers in memory, and clients that use `fetch`. */
export default hosted({
  name: 'hello',
  summary: 'an express server that keeps registers in memory',
  programs: { api: { entry: './app/server.ts' } },
  client: './client.ts',
  operations: ['read', 'write', 'cas'],
  workload: { name: 'register' },
  claims: { consistency: 'linearizable' },
  checkers: [{ name: 'linearizable' }],
});
