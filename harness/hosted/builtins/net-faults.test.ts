import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../../contract/index.ts';
import { described } from '../testing/net-stage.ts';
import { type HostedRun, hostedOn } from '../testing/on-host.ts';

type Net = typeof net;

/** A server on `n1` that echoes, and a client on `n2` that does what the test says: all that its socket tells, with seconds. */
async function connected(
  client: (socket: net.Socket) => void,
  fault: (world: HostedRun['world']) => void = () => {},
  to: Partial<net.TcpNetConnectOpts> = {},
): Promise<string[]> {
  const events: string[] = [];
  const { world, uncaught } = hostedOn([
    (context) => {
      const { createServer } = context.require('net') as Net;
      createServer((socket) => socket.pipe(socket)).listen(7);
    },
    (context) => {
      const { connect } = context.require('net') as Net;
      context.later(MILLISECOND, () => {
        const socket = connect({ host: 'n1', port: 7, ...to });
        const say = (text: string): void => {
          events.push(`${(world.now() / SECOND).toFixed(1)} ${text}`);
        };
        for (const event of ['connect', 'end', 'timeout']) socket.on(event, () => say(event));
        socket.on('data', (bytes) => say(`data ${bytes}`));
        socket.on('error', (error) => say(described(error)));
        socket.on('close', (hadError) => say(`close ${hadError}`));
        client(socket);
      });
    },
  ]);
  fault(world);
  world.at(2000 * SECOND, () => world.stop());
  await world.run();
  expect(uncaught).toEqual([]);
  return events;
}

const RESET = (syscall: string) =>
  `Error ${syscall} ECONNRESET ${JSON.stringify({ code: 'ECONNRESET', errno: -104, syscall })}`;

describe('a socket to another host', () => {
  it('knows the addresses of both, and finds its way by name', async () => {
    const addresses: unknown[] = [];
    const events = await connected((socket) => {
      socket.on('connect', () => {
        addresses.push(socket.remoteAddress, socket.remotePort, socket.remoteFamily, socket.localAddress);
        socket.end('hello');
      });
      socket.on('lookup', (...found) => addresses.push(...found));
    });
    expect(events).toEqual(['0.0 connect', '0.0 data hello', '0.0 end', '0.0 close false']);
    expect(addresses).toEqual([null, '10.1.0.1', 4, 'n1', '10.1.0.1', 7, 'IPv4', '10.1.0.2']);
  });

  it('ends when the process of the other dies', async () => {
    const events = await connected(
      (socket) => void socket.write('x'),
      (world) => world.at(SECOND, () => void world.levers.kill('n1')),
    );
    expect(events).toEqual(['0.0 connect', '0.0 data x', '1.0 end', '1.0 close false']);
  });

  it('hears nothing of the death of the other machine, but by its own time-out', async () => {
    const events = await connected(
      (socket) => {
        socket.setTimeout(5000);
        socket.write('x');
        socket.on('timeout', () => socket.destroy());
      },
      (world) => world.at(SECOND, () => void world.levers.power('n1', 'keep')),
    );
    expect(events).toEqual(['0.0 connect', '0.0 data x', '5.0 timeout', '5.0 close false']);
  });

  it('hears of it by keep-alive', async () => {
    const events = await connected(
      (socket) => {
        socket.setKeepAlive(true, 3000);
        socket.write('x');
      },
      (world) => world.at(SECOND, () => void world.levers.power('n1', 'keep')),
    );
    const error = { code: 'ETIMEDOUT', errno: -110, syscall: 'read' };
    expect(events).toEqual([
      '0.0 connect',
      '0.0 data x',
      `13.0 Error read ETIMEDOUT ${JSON.stringify(error)}`,
      '13.0 close true',
    ]);
  });

  it('is reset when the other machine has come back and does not know it', async () => {
    const events = await connected(
      (socket) => {
        socket.on('connect', () => socket.setTimeout(10_000));
        socket.on('timeout', () => void socket.write('still there?'));
      },
      (world) =>
        world.at(SECOND, () => {
          const off = world.levers.power('n1', 'keep');
          world.at(5 * SECOND, () => off.heal());
        }),
    );
    expect(events).toEqual(['0.0 connect', '10.0 timeout', `10.0 ${RESET('read')}`, '10.0 close true']);
  });

  it('goes on after a partition, with what was sent meanwhile', async () => {
    const pairs = [
      ['n1', 'n2'],
      ['n2', 'n1'],
    ] as const;
    const events = await connected(
      (socket) => {
        socket.on('connect', () => socket.setTimeout(3000));
        socket.once('timeout', () => void socket.write('x'));
      },
      (world) =>
        world.at(SECOND, () => {
          const block = world.levers.block(pairs);
          world.at(10 * SECOND, () => block.heal());
        }),
    );
    expect(events.filter((event) => event.includes('data'))).toEqual(['15.6 data x']);
    expect(events.some((event) => event.includes('Error'))).toBe(false);
  });

  it('is refused by a machine without the process, and unheard by one without power', async () => {
    const kill = (world: HostedRun['world']): void =>
      void world.at(MILLISECOND / 2, () => void world.levers.kill('n1'));
    const refused = {
      code: 'ECONNREFUSED',
      errno: -111,
      syscall: 'connect',
      address: '10.1.0.1',
      port: 'port',
    };
    expect(await connected(() => {}, kill)).toEqual([
      `0.0 Error connect ECONNREFUSED 10.1.0.1:port ${JSON.stringify(refused)}`,
      '0.0 close true',
    ]);
    const off = (world: HostedRun['world']): void =>
      void world.at(MILLISECOND / 2, () => void world.levers.power('n1', 'keep'));
    const [error] = await connected(() => {}, off);
    expect(error).toMatch(/^127.0 Error connect ETIMEDOUT 10.1.0.1:port/);
  });

  it('of the file system is refused by name', async () => {
    const events: string[] = [];
    const { world } = hostedOn([
      (context) => {
        const { connect, createServer } = context.require('net') as Net;
        for (const call of [() => connect('/tmp/socket'), () => createServer().listen('/tmp/socket')]) {
          try {
            call();
          } catch (error) {
            events.push((error as Error).message);
          }
        }
      },
    ]);
    await world.run();
    const refused =
      'Unix domain sockets are not simulated (/tmp/socket): listen on and connect to a port instead';
    expect(events).toEqual([refused, refused]);
  });

  it('finds no host by an unknown name, and no way out to an unknown address', async () => {
    const notFound = { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo' };
    expect(await connected(() => {}, undefined, { host: 'example.com' })).toEqual([
      `0.0 Error getaddrinfo ENOTFOUND example.com ${JSON.stringify(notFound)}`,
      '0.0 close true',
    ]);
    const [error] = await connected(() => {}, undefined, { host: '93.184.216.34' });
    expect(error).toMatch(/^0.0 Error connect ENETUNREACH 93.184.216.34:port/);
  });
});
