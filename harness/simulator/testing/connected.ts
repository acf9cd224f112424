import type { Connection, Message, WorldSettings } from '../../contract/index.ts';
import { testWorld } from './world.ts';

/** What one end of a connection saw: its messages, and its end (`closed`, or the code of the error). */
export interface Seen {
  readonly messages: Message[];
  readonly ends: string[];
}

export function watch(connection: Connection): Seen {
  const seen: Seen = { messages: [], ends: [] };
  connection.onMessage((message) => {
    seen.messages.push(message);
  });
  connection.onClose((error) => {
    seen.ends.push(error === undefined ? 'closed' : (error as Error & { code: string }).code);
  });
  return seen;
}

/**
 * Two hosts, `n1` calls `n2`. Both programs tell at once what became of it; `onCaller` and `onAnswerer` run inside the processes when
 * the connection is there.
 */
export function connected(
  onCaller: (connection: Connection) => void,
  onAnswerer: (connection: Connection) => void,
  settings: Partial<WorldSettings> = {},
  seed = 1,
) {
  const { world, observations } = testWorld(2, settings, { seed });
  const failures: string[] = [];
  world.boot('n2', (host) => {
    host.network.onConnection(onAnswerer);
  });
  world.boot('n1', async (host) => {
    if (host.incarnation > 1) return;
    await host.network.connect('n2', { timeout: 60e9 }).then(onCaller, (error: { code: string }) => {
      failures.push(error.code);
    });
  });
  return { world, observations, failures };
}

/** The numbers 0 to count - 1. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}
