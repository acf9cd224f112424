import { describe, expect, it } from 'vitest';
import { type Host, MILLISECOND as MS, SECOND } from '../../../../harness/contract/index.ts';
import { testWorld } from '../../../../harness/simulator/testing/world.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { encodeCommand } from '../protocol/encode.ts';
import { replyEnd } from '../testing/reply-frames.ts';
import { type RedisOptions, redis, startRedis } from './redis.ts';

/** A client on a simulated host: one command after the other. */
function clientOn(host: Host, server: string, port = 6379) {
  let received = '';
  let wake = (): void => {};
  let isOpen = false;
  const socket = host.native!.sockets.connect(server, port, {
    opened: () => {
      isOpen = true;
      wake();
    },
    data: (bytes) => {
      received += fromBytes(bytes);
      wake();
    },
    ended: () => {},
    drained: () => {},
    closed: () => {
      received += '-closed\r\n';
      wake();
    },
  });
  return async (...words: string[]): Promise<string> => {
    const something = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    while (!isOpen && received === '') await something();
    socket.write(toBytes(encodeCommand(words)));
    while (received === '' || replyEnd(received, 0) < 0) await something();
    const reply = received.slice(0, replyEnd(received, 0));
    received = received.slice(reply.length);
    return reply;
  };
}

/** Increments as fast as it can, until an instant; then the server's trouble; then what is there. */
async function acknowledgedAndKept(settings: Record<string, string>, trouble: 'kill' | 'power') {
  const { world } = testWorld(2);
  world.boot('n1', (host) => {
    startRedis(host, { settings });
  });
  let acknowledged = 0;
  let kept = -1;
  world.boot('n2', async (host) => {
    await host.sleep(SECOND / 2);
    const call = clientOn(host, 'n1');
    while (host.clock.monotonic() < 3 * SECOND) {
      const reply = await call('INCR', 'n');
      if (!reply.startsWith(':')) break;
      acknowledged = Number(reply.slice(1));
      await host.sleep(10 * MS);
    }
    await host.sleep(SECOND);
    const again = clientOn(host, 'n1');
    const reply = await again('GET', 'n');
    kept = reply.startsWith('$-1') ? 0 : Number(reply.split('\r\n')[1]);
    world.stop();
  });
  world.at(2.5 * SECOND, () => {
    const applied = trouble === 'kill' ? world.levers.kill('n1') : world.levers.power('n1', 'lose');
    world.at(2.6 * SECOND, () => applied.heal());
  });
  await world.run();
  return { acknowledged, kept };
}

describe('a server on a simulated host', () => {
  it('without a log keeps nothing', async () => {
    const { acknowledged, kept } = await acknowledgedAndKept({}, 'kill');
    expect(acknowledged).toBeGreaterThan(150);
    expect(kept).toBe(0);
  });

  it('with a log loses nothing to the death of its process', async () => {
    const { acknowledged, kept } = await acknowledgedAndKept({ appendonly: 'yes' }, 'kill');
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
  });

  it('with appendfsync always loses nothing to a power cut', async () => {
    const { acknowledged, kept } = await acknowledgedAndKept(
      { appendonly: 'yes', appendfsync: 'always' },
      'power',
    );
    expect(acknowledged).toBeGreaterThan(100);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
  });

  it('with appendfsync everysec loses what it acknowledged since the last second', async () => {
    const { acknowledged, kept } = await acknowledgedAndKept({ appendonly: 'yes' }, 'power');
    expect(kept).toBeLessThan(acknowledged);
    expect(kept).toBeGreaterThan(acknowledged - 110);
  });

  it('with appendfsync no may lose all of it', async () => {
    expect((await acknowledgedAndKept({ appendonly: 'yes', appendfsync: 'no' }, 'power')).kept).toBe(0);
  });

  it('replicates over the network, the same in every run', async () => {
    const run = async () => {
      const { world } = testWorld(3);
      const options: RedisOptions = { settings: { appendonly: 'yes' } };
      world.boot('n1', (host) => {
        startRedis(host, options);
      });
      world.boot('n2', (host) => {
        startRedis(host, { ...options, primary: 'n1' });
      });
      const replies: string[] = [];
      world.boot('n3', async (host) => {
        await host.sleep(2 * SECOND);
        const [primary, replica] = [clientOn(host, 'n1'), clientOn(host, 'n2')];
        replies.push(await primary('SADD', 's', 'a', 'b', 'c', 'd'));
        replies.push(await primary('SPOP', 's', '2'), await primary('WAIT', '1', '0'));
        replies.push(await replica('SCARD', 's'), await replica('SET', 'a', 'b'));
        replies.push(await primary('SMEMBERS', 's'), await replica('SMEMBERS', 's'), await replica('ROLE'));
        world.stop();
      });
      await world.run();
      return replies;
    };
    const replies = await run();
    expect(replies[2]).toBe(':1\r\n');
    expect(replies[3]).toBe(':2\r\n');
    expect(replies[4]).toContain('-READONLY');
    expect(replies[5]).toBe(replies[6]);
    expect(replies[7]).toContain('connected');
    expect(await run()).toEqual(replies);
  });

  it('fails over by its sentinels, and loses what the cut-off primary acknowledged', async () => {
    const { world } = testWorld(4);
    const hosts = ['n1', 'n2', 'n3'];
    const program = redis({ sentinel: { downAfter: 2000, failoverTimeout: 10_000 } });
    for (const name of hosts)
      world.boot(name, (host) => program.start(host, 'redis', { hosts: { redis: hosts } }));
    const lost: string[] = [];
    let successor = '';
    world.boot('n4', async (host) => {
      await host.sleep(3 * SECOND);
      const old = clientOn(host, 'n1');
      await old('SET', 'kept', '1');
      await host.sleep(SECOND);
      const cut = hosts.slice(1).flatMap((name) => [['n1', name] as const, [name, 'n1'] as const]);
      const applied = world.levers.block(cut);
      lost.push(await old('SET', 'lost', '1'));
      await host.sleep(30 * SECOND);
      const [, , address] = (
        await clientOn(host, 'n2', 26379)('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster')
      ).split('\r\n');
      successor = host.native!.sockets.hostAt(address!)!;
      lost.push(await clientOn(host, successor)('MGET', 'kept', 'lost'));
      applied.heal();
      await host.sleep(60 * SECOND);
      lost.push(await clientOn(host, 'n1')('MGET', 'kept', 'lost'));
      world.stop();
    });
    await world.run();
    expect(['n2', 'n3']).toContain(successor);
    expect(lost).toEqual(['+OK\r\n', '*2\r\n$1\r\n1\r\n$-1\r\n', '*2\r\n$1\r\n1\r\n$-1\r\n']);
  });
});
