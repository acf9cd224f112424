import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasRedis, type RealRedis, startRedis } from '../resp/testing/real-redis.ts';

describe.skipIf(!hasRedis())('rate-limiter-flexible 11.4.0 on a real Redis', () => {
  let server: RealRedis;
  let clients: Redis[];
  beforeEach(async () => {
    server = await startRedis();
    clients = [1, 2].map(
      () => new Redis({ path: server.path, maxRetriesPerRequest: 0, retryStrategy: () => 20 }),
    );
    for (const client of clients) client.on('error', () => {});
  });
  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await server.stop();
  });
  const limits = { points: 3, duration: 3600 };

  it('counts over all servers; while Redis is away, with an insurance, each server by itself', async () => {
    const limiters = clients.map(
      (storeClient) =>
        new RateLimiterRedis({ storeClient, ...limits, insuranceLimiter: new RateLimiterMemory(limits) }),
    );
    const counts = async () =>
      (await Promise.all(limiters.map((limiter) => limiter.consume('customer')))).map(
        ({ consumedPoints }) => consumedPoints,
      );
    expect((await counts()).sort()).toEqual([1, 2]);
    await server.kill();
    expect(await counts()).toEqual([1, 1]);
  });

  it('refuses while Redis is away, without one', async () => {
    const limiter = new RateLimiterRedis({ storeClient: clients[0]!, ...limits });
    await limiter.consume('customer');
    await server.kill();
    await expect(limiter.consume('customer')).rejects.toBeInstanceOf(Error);
  });
});
