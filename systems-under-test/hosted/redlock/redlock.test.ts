import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasRedis, type RealRedis, startRedis } from '../resp/testing/real-redis.ts';

interface Locks {
  lock(resource: string, milliseconds: number): Promise<unknown>;
}
/** The package has no types of its own. */
const Redlock = createRequire(import.meta.url)('redlock') as new (
  clients: readonly Redis[],
  options: { readonly retryCount: number },
) => Locks;

let servers: RealRedis[];
let clients: Redis[];
beforeEach(() => {
  servers = [];
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  for (const server of servers) await server.stop();
});

const start = async (...settings: string[]): Promise<void> => {
  for (let nth = 0; nth < 3; nth++) servers.push(await startRedis(...settings));
};

/** A worker with connections of its own; those to a server that is down fail. */
const worker = async (commandTimeout?: number): Promise<Locks> => {
  const own = servers.map(({ path }) => {
    const redis = new Redis({
      path,
      lazyConnect: true,
      enableOfflineQueue: false,
      retryStrategy: () => null,
      ...(commandTimeout !== undefined && { commandTimeout }),
    });
    redis.on('error', () => {});
    return redis;
  });
  clients.push(...own);
  for (const redis of own) await redis.connect().catch(() => {});
  return new Redlock(own, { retryCount: 0 });
};

/** What the simulated world found, again with real servers. */
describe.skipIf(!hasRedis())('redlock 4.2.0 on three real Redis servers', () => {
  /** One server is away while the lock is taken, comes back, and then another one restarts. */
  const twiceAMinority = async (): Promise<void> => {
    await servers[2]!.kill();
    await (await worker()).lock('job', 60_000);
    await servers[2]!.restart();
    await servers[1]!.restart();
  };

  it('gives a lock to two workers after two restarts, one at a time, of servers that keep nothing', async () => {
    await start();
    await twiceAMinority();
    await expect((await worker()).lock('job', 60_000)).resolves.toBeDefined();
  });

  it('does not, where they keep what they acknowledge', async () => {
    await start('--appendonly', 'yes', '--appendfsync', 'always');
    await twiceAMinority();
    await expect((await worker()).lock('job', 60_000)).rejects.toThrow('Exceeded 0 attempts');
  });

  it('waits for one silent server of three, unless commands have a time-out', async () => {
    await start();
    const [patient, busy] = [await worker(), await worker(100)];
    servers[2]!.signal('SIGSTOP');
    const waiting = patient.lock('one', 60_000);
    expect(await Promise.race([waiting, sleep(1500, 'still waiting')])).toBe('still waiting');
    await expect(busy.lock('other', 60_000)).resolves.toBeDefined();
    servers[2]!.signal('SIGCONT');
    await expect(waiting).resolves.toBeDefined();
  });
});
