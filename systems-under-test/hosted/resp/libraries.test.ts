import { createRequire } from 'node:module';
import { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from './commands/index.ts';
import { RespServer } from './server.ts';
import { type Listening, listen } from './testing/listening.ts';
import { realEnvironment } from './testing/real-environment.ts';

interface Lock {
  extend(milliseconds: number): Promise<Lock>;
  unlock(): Promise<void>;
}
/** The package has no types of its own. */
const Redlock = createRequire(import.meta.url)('redlock') as new (
  clients: readonly Redis[],
  options: { readonly retryCount: number },
) => { lock(resource: string, milliseconds: number): Promise<Lock> };

let listening: Listening;
let redis: Redis;
beforeEach(async () => {
  listening = await listen(new RespServer(realEnvironment(), COMMANDS));
  redis = new Redis({ host: '127.0.0.1', port: listening.port });
});
afterEach(async () => {
  redis.disconnect();
  await listening.stop();
});

describe('libraries, unmodified, over ioredis', () => {
  it('redlock: one holder at a time, extended and released by its owner', async () => {
    const locks = new Redlock([redis], { retryCount: 0 });
    const lock = await locks.lock('resource', 10_000);
    await expect(locks.lock('resource', 10_000)).rejects.toThrow(/resource/);
    const extended = await lock.extend(20_000);
    await extended.unlock();
    const next = await locks.lock('resource', 10_000);
    await expect(lock.unlock()).rejects.toThrow();
    await next.unlock();
  });

  it('rate-limiter-flexible: so many points a window, and no more', async () => {
    const limiter = new RateLimiterRedis({ storeClient: redis, points: 3, duration: 60 });
    const used = [await limiter.consume('user'), await limiter.consume('user', 2)];
    expect(used.map(({ remainingPoints }) => remainingPoints)).toEqual([2, 0]);
    await expect(limiter.consume('user')).rejects.toBeInstanceOf(RateLimiterRes);
    expect((await limiter.get('user'))?.consumedPoints).toBe(4);
    await limiter.delete('user');
    expect((await limiter.consume('user')).remainingPoints).toBe(2);
  });
});
