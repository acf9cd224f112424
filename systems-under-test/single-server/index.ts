import { type Host, MILLISECOND, type Nanos, type System } from '../../harness/contract/index.ts';
import { DurableStore } from '../shared/durable-store.ts';
import { linearizableRegisters } from '../shared/linearizable-registers.ts';
import { checkpointBytes, count, duration } from '../shared/options.ts';
import { RegionTable } from '../shared/region-table.ts';
import { serve } from '../shared/serve.ts';
import { SessionClient } from '../shared/session-client.ts';
import { flaws } from './flaws.ts';
import { tolerance } from './tolerance.ts';

export type SingleServerOptions = {
  /** How long a client waits, in nanoseconds. */
  readonly requestTimeout: Nanos;
  /** Length of the log at which a checkpoint is taken. */
  readonly checkpointBytes: number;
  /** Room for one encoded value in memory, two bytes of length included. */
  readonly slotBytes: number;
};

/** One box with a write-ahead log: the yardstick for everything with more machines. */
export const singleServer: System<SingleServerOptions> = {
  ...linearizableRegisters,
  name: 'single-server',
  summary: 'one key-value server with a write-ahead log, group commit and checkpoints',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for the reply'),
      checkpointBytes: checkpointBytes(),
      slotBytes: count(128, 16, 65_536, 'room in memory for one encoded value'),
    },
  },
  roles: () => ({ server: 1 }),

  async start(host, _role, { options, flaw }) {
    const table = new RegionTable(host.memory, 'values', options.slotBytes, !flaw('memory-not-checked'));
    const store = new DurableStore(host, table, {
      checkpointBytes: options.checkpointBytes,
      skipSync: flaw('acknowledges-before-sync'),
      keepGoingWhenFull: flaw('acknowledges-on-full-disk'),
      checkpointInPlace: flaw('checkpoint-not-atomic'),
    });
    serve(host, (command) => store.execute(command));
    await store.open();
  },

  client(host: Host, { options, hosts, flaw }) {
    const server = hosts.server![0]!;
    const sessions = new SessionClient(host);
    return {
      async invoke(request) {
        const until = host.clock.monotonic() + options.requestTimeout;
        let completion = await sessions.call(
          server,
          request,
          flaw('retries-blindly') ? until - options.requestTimeout / 2 : until,
        );
        if (completion.type === 'info' && flaw('retries-blindly'))
          completion = await sessions.call(server, request, until);
        // This server redirects nobody.
        return completion.type === 'redirected'
          ? { type: 'fail', error: 'redirected', node: server }
          : completion;
      },
    };
  },

  tolerance: () => tolerance,
  flaws,
};
