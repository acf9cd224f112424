import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { listen } from '../testing/listening.ts';
import { realEnvironment } from '../testing/real-environment.ts';
import { clientOf, VirtualWorld } from '../testing/virtual-world.ts';
import { Sentinel } from './sentinel.ts';

const NAMES = ['s1', 's2', 's3'];

/** Three boxes, each with a server and a sentinel, as in Sentinel's documentation. */
function threeBoxes() {
  const world = new VirtualWorld();
  const servers = new Map(NAMES.map((name) => [name, world.server(name)]));
  const clients = new Map(NAMES.map((name) => [name, clientOf(servers.get(name)!)]));
  for (const name of ['s2', 's3']) clients.get(name)!('REPLICAOF', 's1', '6379');
  const sentinels = NAMES.map((name) => {
    const sentinel = new Sentinel(world.environment(name), {
      name: 'mymaster',
      primary: { host: 's1', port: 6379 },
      peers: NAMES.filter((other) => other !== name).map((host) => ({ host, port: 26379 })),
      quorum: 2,
      downAfter: 2000,
      failoverTimeout: 10_000,
    });
    world.listen(name, 26379, sentinel.server);
    return sentinel;
  });
  const askSentinel = sentinels.map((sentinel) => clientOf(sentinel.server));
  const primaryOf = (nth: number): string =>
    askSentinel[nth]!('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster').split('\r\n')[2]!;
  return { world, clients, sentinels, askSentinel, primaryOf };
}

describe('sentinels', () => {
  it('know the primary and its replicas', () => {
    const { world, askSentinel, primaryOf } = threeBoxes();
    world.pass(5000);
    expect(NAMES.map((_, nth) => primaryOf(nth))).toEqual(['s1', 's1', 's1']);
    expect(askSentinel[0]!('SENTINEL', 'REPLICAS', 'mymaster')).toMatch(/s2[\s\S]*s3/);
    expect(askSentinel[0]!('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'other')).toBe('*-1\r\n');
    expect(askSentinel[1]!('SENTINEL', 'CKQUORUM', 'mymaster')).toContain('3 usable');
  });

  it('promote a replica when the primary is cut off; its own writes are lost when it is back', () => {
    const { world, clients, sentinels, primaryOf } = threeBoxes();
    world.pass(5000);
    const heard = clientOf(sentinels[1]!.server);
    heard('SUBSCRIBE', '+switch-master');
    clients.get('s1')!('SET', 'kept', '1');
    world.pass(1000);
    world.cut('s1');
    expect(clients.get('s1')!('SET', 'lost', '1')).toBe('+OK\r\n');
    world.pass(15_000);
    const successor = primaryOf(1);
    expect(['s2', 's3']).toContain(successor);
    expect(primaryOf(2)).toBe(successor);
    expect(primaryOf(0)).toBe('s1');
    expect(heard.received()).toContain(`mymaster s1 6379 ${successor} 6379`);
    expect(clients.get(successor)!('SET', 'after', '1')).toBe('+OK\r\n');
    world.join('s1');
    world.pass(30_000);
    expect(primaryOf(0)).toBe(successor);
    for (const client of clients.values())
      expect(client('MGET', 'kept', 'lost', 'after')).toBe('*3\r\n$1\r\n1\r\n$-1\r\n$1\r\n1\r\n');
    expect([...clients.values()].filter((client) => client('ROLE').includes('master')).length).toBe(1);
  });

  it('do nothing without a majority', () => {
    const { world, primaryOf } = threeBoxes();
    world.pass(5000);
    world.cut('s1');
    world.cut('s2');
    world.pass(60_000);
    expect(primaryOf(2)).toBe('s1');
  });

  it('do nothing while the primary answers', () => {
    const { world, primaryOf, clients } = threeBoxes();
    world.pass(120_000);
    expect(NAMES.map((_, nth) => primaryOf(nth))).toEqual(['s1', 's1', 's1']);
    expect(clients.get('s1')!('ROLE')).toContain('master');
  });

  it('vote once an epoch, also after a restart', () => {
    const world = new VirtualWorld();
    const options = {
      name: 'm',
      primary: { host: 'x', port: 1 },
      peers: [],
      quorum: 1,
      downAfter: 1000,
      failoverTimeout: 1000,
    };
    let memory = null as ConstructorParameters<typeof Sentinel>[2];
    const first = new Sentinel(world.environment('a'), options, null, (kept) => {
      memory = kept;
    });
    const ask = (sentinel: Sentinel, runId: string) =>
      clientOf(sentinel.server)('SENTINEL', 'IS-MASTER-DOWN-BY-ADDR', 'x', '1', '5', runId);
    expect(ask(first, 'one')).toContain('one');
    expect(ask(first, 'two')).toContain('one');
    expect(ask(new Sentinel(world.environment('a'), options, memory), 'two')).toContain('one');
  });
});

describe('ioredis', () => {
  it('finds the primary through sentinels', async () => {
    const world = new VirtualWorld();
    const primary = await listen(world.server('p'));
    const sentinel = new Sentinel(realEnvironment(), {
      name: 'mymaster',
      primary: { host: '127.0.0.1', port: primary.port },
      peers: [],
      quorum: 1,
      downAfter: 60_000,
      failoverTimeout: 1000,
    });
    const watching = await listen(sentinel.server);
    const redis = new Redis({ sentinels: [{ host: '127.0.0.1', port: watching.port }], name: 'mymaster' });
    expect(await redis.set('a', '1')).toBe('OK');
    expect(await redis.get('a')).toBe('1');
    redis.disconnect();
    await watching.stop();
    await primary.stop();
  });
});
