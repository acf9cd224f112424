import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from './commands/index.ts';
import { RespServer } from './server.ts';
import { type Listening, listen } from './testing/listening.ts';
import { realEnvironment } from './testing/real-environment.ts';

let listening: Listening;
beforeEach(async () => {
  listening = await listen(new RespServer(realEnvironment(), COMMANDS));
});
afterEach(() => listening.stop());

describe('ioredis, unmodified', () => {
  let redis: Redis;
  beforeEach(() => {
    redis = new Redis({ host: '127.0.0.1', port: listening.port });
  });
  afterEach(() => redis.disconnect());

  it('reads and writes values of every kind', async () => {
    expect(await redis.set('a', 'ü', 'EX', 100, 'NX')).toBe('OK');
    expect(await redis.set('a', 'again', 'NX')).toBeNull();
    expect(await redis.get('a')).toBe('ü');
    expect(await redis.getBuffer('a')).toEqual(Buffer.from('ü'));
    await redis.hset('h', { one: '1', two: '2' });
    expect(await redis.hgetall('h')).toEqual({ one: '1', two: '2' });
    await redis.zadd('z', '1', 'a', '2.5', 'b');
    expect(await redis.zrange('z', '0', '-1', 'WITHSCORES')).toEqual(['a', '1', 'b', '2.5']);
    expect(await redis.xadd('s', '*', 'k', 'v')).toMatch(/^[0-9]+-0$/);
    expect((await redis.info('replication')).includes('role:master')).toBe(true);
  });

  it('pipelines, runs transactions and gives up one whose watched key changed', async () => {
    const results = await redis.pipeline().incr('n').incr('n').get('n').exec();
    expect(results).toEqual([
      [null, 1],
      [null, 2],
      [null, '2'],
    ]);
    expect(await redis.multi().incr('n').lpush('n', 'x').exec()).toMatchObject([
      [null, 3],
      [{ message: /WRONGTYPE/ }],
    ]);
    await redis.watch('n');
    const other = redis.duplicate();
    await other.set('n', 9);
    other.disconnect();
    expect(await redis.multi().set('n', 1).exec()).toBeNull();
  });

  it('defines scripts as commands: EVALSHA, then EVAL', async () => {
    redis.defineCommand('compareAndDelete', {
      numberOfKeys: 1,
      lua: "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end",
    });
    const scripted = redis as Redis & { compareAndDelete(key: string, value: string): Promise<number> };
    await redis.set('lock', 'mine');
    expect(await scripted.compareAndDelete('lock', 'yours')).toBe(0);
    expect(await scripted.compareAndDelete('lock', 'mine')).toBe(1);
  });

  it('publishes and subscribes, waits for lists, scans', async () => {
    const subscriber = redis.duplicate();
    const heard = new Promise((resolve) => subscriber.on('message', (...message) => resolve(message)));
    await subscriber.subscribe('news');
    expect(await redis.publish('news', 'hello')).toBe(1);
    expect(await heard).toEqual(['news', 'hello']);
    subscriber.disconnect();
    const waiter = redis.duplicate();
    const popped = waiter.blpop('queue', 5);
    await redis.rpush('queue', 'job');
    expect(await popped).toEqual(['queue', 'job']);
    waiter.disconnect();
    await redis.mset(Object.fromEntries(Array.from({ length: 100 }, (_, nth) => [`key:${nth}`, nth])));
    const found = new Set<string>();
    for await (const keys of redis.scanStream({ match: 'key:*', count: 7 }))
      for (const key of keys) found.add(key);
    expect(found.size).toBe(100);
  });
});

describe('node-redis, unmodified', () => {
  for (const RESP of [2, 3] as const) {
    it(`works over RESP${RESP}`, async () => {
      const client = createClient({ socket: { port: listening.port }, RESP, name: 'tester' });
      await client.connect();
      expect(await client.clientGetName()).toBe('tester');
      expect(await client.set('a', '1', { expiration: { type: 'EX', value: 10 } })).toBe('OK');
      expect(await client.incr('a')).toBe(2);
      await client.hSet('h', { f: 'v', g: 'w' });
      expect({ ...(await client.hGetAll('h')) }).toEqual({ f: 'v', g: 'w' });
      await client.zAdd('z', [
        { score: 1, value: 'a' },
        { score: 2.5, value: 'b' },
      ]);
      expect(await client.zRangeWithScores('z', 0, -1)).toEqual([
        { value: 'a', score: 1 },
        { value: 'b', score: 2.5 },
      ]);
      expect(await client.multi().set('m', '1').incr('m').exec()).toEqual(['OK', 2]);
      expect(await client.eval('return {KEYS[1], ARGV[1]}', { keys: ['k'], arguments: ['v'] })).toEqual([
        'k',
        'v',
      ]);
      const subscriber = client.duplicate();
      await subscriber.connect();
      const heard = new Promise((resolve) => {
        void subscriber
          .subscribe('news', (message) => resolve(message))
          .then(() => client.publish('news', 'hello'));
      });
      expect(await heard).toBe('hello');
      subscriber.destroy();
      const found: string[] = [];
      for await (const keys of client.scanIterator({ MATCH: '[ahmz]' })) found.push(...keys);
      expect(found.sort()).toEqual(['a', 'h', 'm', 'z']);
      client.destroy();
    });
  }
});
