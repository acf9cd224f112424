import { describe, expect, it } from 'vitest';
import {
  AddressInUse,
  type Listening,
  MILLISECOND,
  SECOND,
  type StreamSocket,
} from '../../contract/index.ts';
import { recording, type Seen, streamed, text } from '../testing/streams.ts';
import { testWorld } from '../testing/world.ts';

const MS = MILLISECOND;
const idle = () => ({});

describe('a stream', () => {
  it('carries bytes both ways and ends in order', async () => {
    const { world, seen } = streamed(
      (socket) => {
        socket.write(text('hel'));
        socket.write(text('lo'));
        return { data: () => socket.end() };
      },
      (socket) => ({
        data: () => void socket.write(text('world')),
        ended: () => socket.end(),
      }),
    );
    await world.run();
    expect(seen).toEqual({
      caller: ['opened', 'data world', 'ended', 'closed'],
      answerer: ['data hello', 'ended', 'closed'],
    });
    // Who ended first remembers the connection for a while.
    expect(world.machine('n1').streams.size).toBe(1);
    expect(world.machine('n2').streams.size).toBe(0);
  });

  it('is half-closed: one side ends and still hears the other', async () => {
    const { world, seen } = streamed(
      (socket) => {
        socket.write(text('question'));
        socket.end();
        socket.write(text('ignored'));
        return {};
      },
      (socket, host) => ({
        ended: () => {
          socket.write(text('one '));
          host.after(SECOND, () => {
            socket.write(text('two'));
            socket.end();
          });
        },
      }),
    );
    await world.run();
    expect(seen).toEqual({
      caller: ['opened', 'data one two', 'ended', 'closed'],
      answerer: ['data question', 'ended', 'closed'],
    });
  });

  it('is ended by both sides at once', async () => {
    const end = (socket: StreamSocket, host: { after(delay: number, callback: () => void): unknown }) => {
      host.after(SECOND, () => socket.end());
      return {};
    };
    const { world, seen } = streamed(end, end);
    await world.run();
    expect(seen).toEqual({
      caller: ['opened', 'ended', 'closed'],
      answerer: ['ended', 'closed'],
    });
  });

  it('is closed after what was written; nothing more is heard of it', async () => {
    const { world, seen } = streamed(
      (socket) => {
        socket.write(text('x'.repeat(100_000)));
        socket.close();
        return {};
      },
      (socket, host) => ({
        ended: () => {
          socket.write(text('too late'));
          host.after(SECOND, () => socket.end());
        },
      }),
    );
    await world.run();
    expect(seen.caller).toEqual(['opened']);
    expect(seen.answerer).toEqual([`data ${'x'.repeat(100_000)}`, 'ended', 'closed ECONNRESET']);
  });

  it('is reset when it is closed with unread bytes', async () => {
    const { world, seen } = streamed(
      (socket) => {
        socket.write(text('unread'));
        return {};
      },
      (socket, host) => {
        socket.pause();
        host.after(SECOND, () => socket.close());
        return {};
      },
    );
    await world.run();
    expect(seen).toEqual({ caller: ['opened', 'closed ECONNRESET'], answerer: [] });
  });

  it('is broken by a reset, but what arrived before is read first', async () => {
    const { world, seen } = streamed(
      (socket, host) => {
        socket.write(text('before'));
        host.after(SECOND, () => socket.reset());
        return {};
      },
      (socket, host) => {
        socket.pause();
        host.after(2 * SECOND, () => socket.resume());
        return {};
      },
    );
    await world.run();
    expect(seen).toEqual({ caller: ['opened'], answerer: ['data before', 'closed ECONNRESET'] });
  });

  it('runs to the own host, too', async () => {
    const { world } = testWorld(1);
    const seen = { caller: [] as Seen, answerer: [] as Seen };
    world.boot('n1', (host) => {
      const { sockets } = host.native!;
      sockets.listen(80, (socket) =>
        recording(seen.answerer, { data: (bytes) => void socket.write(bytes), ended: () => socket.end() }),
      );
      const socket = sockets.connect('n1', 80, recording(seen.caller, { data: () => socket.end() }));
      socket.write(text('echo'));
    });
    await world.run();
    expect(seen).toEqual({
      caller: ['opened', 'data echo', 'ended', 'closed'],
      answerer: ['data echo', 'ended', 'closed'],
    });
  });

  it('takes four events for a request and its answer: two packets, and the end of CPU time on either side', async () => {
    const requests = 1000;
    let left = requests;
    const { world } = streamed(
      (socket) => {
        socket.write(text('request'));
        return { data: () => void (--left > 0 ? socket.write(text('request')) : socket.end()) };
      },
      (socket) => ({ data: () => void socket.write(text('answer')), ended: () => socket.end() }),
    );
    const { events } = await world.run();
    expect(left).toBe(0);
    expect(world.traffic.packets).toBeLessThan(2 * requests + 20);
    expect(events).toBeLessThan(4.1 * requests);
  });
});

describe('a process', () => {
  it('listens once on a port, on a free one if it does not say which, and on none when it has closed', async () => {
    const { world, observations } = testWorld(2);
    const failures: Seen = [];
    world.boot('n2', (host) => {
      const { sockets } = host.native!;
      const first = sockets.listen(80, () => recording([]));
      expect(() => sockets.listen(80, () => recording([]))).toThrow(AddressInUse);
      const free = sockets.listen(0, () => recording([]));
      expect(free.port).toBeGreaterThan(32767);
      host.after(SECOND, () => first.close());
      host.after(1.5 * SECOND, () => void sockets.listen(80, () => recording([])));
    });
    world.boot('n1', (host) => {
      for (const at of [0.5, 1.2, 2])
        host.after(at * SECOND, () => void host.native!.sockets.connect('n2', 80, recording(failures)));
    });
    await world.run();
    expect(observations).toEqual([]);
    expect(failures).toEqual(['opened', 'closed ECONNREFUSED', 'opened']);
  });

  it('calls from a port that has no connection to the same place', async () => {
    const { world } = testWorld(2);
    const ports = new Set<number>();
    const seen: Seen = [];
    world.boot('n2', (host) => void host.native!.sockets.listen(80, () => recording([])));
    world.boot('n1', (host) => {
      const { sockets } = host.native!;
      const call = (): void => void ports.add(sockets.connect('n2', 80, recording(seen)).local.port);
      for (let n = 0; n < 3; n++) call();
      // Once round all ports, and back to those that are in use.
      const { streams } = world.machine('n1');
      for (let port = 32768; port <= 60999 - 3; port++) streams.freePort();
      for (let n = 0; n < 3; n++) call();
    });
    await world.run();
    expect(ports.size).toBe(6);
    expect(seen).toEqual(Array(6).fill('opened'));
  });

  it('of the own host alone is refused to others', async () => {
    const { world } = testWorld(2);
    const seen: Seen = [];
    world.boot('n1', (host) => {
      host.native!.sockets.listen(80, () => recording([]), { loopback: true });
      host.native!.sockets.connect('n1', 80, recording(seen));
    });
    world.boot('n2', (host) => {
      host.after(SECOND, () => void host.native!.sockets.connect('n1', 80, recording(seen)));
    });
    await world.run();
    expect(seen).toEqual(['opened', 'closed ECONNREFUSED']);
  });

  it('that is paused is connected to and sent to, and hears of it afterwards, together', async () => {
    const { world, seen } = streamed(
      (socket, host) => {
        socket.write(text('one '));
        host.after(SECOND, () => void socket.write(text('two')));
        host.after(2 * SECOND, () => socket.end());
        return {};
      },
      (socket) => ({ ended: () => socket.end() }),
    );
    world.at(1, () => {
      const pause = world.levers.pause('n2', 'process');
      world.at(5 * SECOND, () => pause.heal());
    });
    const opened: number[] = [];
    world.at(SECOND, () => void opened.push(seen.caller.length));
    await world.run();
    expect(opened).toEqual([1]);
    expect(seen.answerer).toEqual(['data one two', 'ended', 'closed']);
  });

  it('that does not read fills its buffer and the sender, who goes on when it reads again', async () => {
    const chunk = 'y'.repeat(50_000);
    let written = 0;
    const { world, seen } = streamed(
      (socket) => {
        const pump = (): void => {
          while (written < 20) {
            written++;
            if (!socket.write(text(chunk))) return;
          }
          socket.end();
        };
        pump();
        return { drained: pump };
      },
      (socket, host) => {
        socket.pause();
        host.after(30 * SECOND, () => socket.resume());
        return {};
      },
    );
    // The receiver holds 256 KiB; the sender stops when it holds as many, and is asked for more when it holds less than two thirds of that.
    world.at(20 * SECOND, () => expect(written).toBe(10));
    await world.run();
    expect(written).toBe(20);
    expect(seen.answerer).toEqual([`data ${chunk.repeat(20)}`, 'ended']);
  });

  it('that accepts too slowly leaves callers waiting who find its backlog full', async () => {
    const { world } = testWorld(2);
    const seen: Seen = [];
    world.boot('n2', (host) => {
      host.native!.sockets.listen(80, () => recording([]));
    });
    world.at(MS, () => void world.levers.pause('n2', 'process'));
    world.boot('n1', (host) => {
      host.after(10 * MS, () => {
        for (let n = 0; n < 600; n++) host.native!.sockets.connect('n2', 80, recording(seen));
      });
    });
    world.at(SECOND / 2, () => expect(seen).toEqual(Array(511).fill('opened')));
    world.at(200 * SECOND, () => world.stop());
    await world.run();
    expect(seen.slice(511)).toEqual(Array(89).fill('closed ETIMEDOUT'));
  });

  it('that stops listening resets those who wait to be accepted', async () => {
    const { world } = testWorld(2);
    const seen: Seen = [];
    let listening: Listening | undefined;
    world.boot('n2', (host) => {
      listening = host.native!.sockets.listen(80, () => recording([]));
      // One long event: connections arrive meanwhile.
      host.after(MS, () => host.spend(SECOND));
      host.after(2 * MS, () => listening?.close());
    });
    world.boot('n1', (host) => {
      host.after(5 * MS, () => void host.native!.sockets.connect('n2', 80, recording(seen)));
    });
    await world.run();
    expect(seen).toEqual(['opened', 'closed ECONNRESET']);
  });
});

describe('addresses', () => {
  it('follow the topology and lead back to the host', async () => {
    const { world } = testWorld(3);
    const found: unknown[] = [];
    world.boot('n2', (host) => {
      const { sockets } = host.native!;
      found.push(sockets.addressOf('n1'), sockets.addressOf('n3'), sockets.addressOf('nobody'));
      found.push(sockets.hostAt('10.1.0.3'), sockets.hostAt('127.0.0.1'), sockets.hostAt('10.9.9.9'));
      found.push(sockets.hostsOf('server'), sockets.hostsOf('n3'), sockets.hostsOf('nobody'));
      expect(() => sockets.connect('nobody', 80, recording([]))).toThrow(RangeError);
    });
    await world.run();
    expect(found).toEqual([
      ...['10.1.0.1', '10.1.0.3', undefined, 'n3', 'n2', undefined],
      ...[['n1', 'n2', 'n3'], ['n3'], []],
    ]);
  });

  it('are idle sockets of no cost', async () => {
    const { world } = streamed(idle, idle);
    const { events } = await world.run();
    expect(events).toBeLessThan(12);
  });
});
