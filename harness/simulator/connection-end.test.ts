import { describe, expect, it } from 'vitest';
import { type Connection, MILLISECOND, SECOND } from '../contract/index.ts';
import type { Simulator } from './simulator.ts';
import { connected, numbers, type Seen, watch } from './testing/connected.ts';
import { testWorld } from './testing/world.ts';

const MS = MILLISECOND;
const BOTH_WAYS = [
  ['n1', 'n2'],
  ['n2', 'n1'],
] as const;

const kept = (world: Simulator, host: string) => world.processOf(host)?.port.connectionTable().size;

/** A caller that watches its connection and sends `ping` whenever it is told to. */
function pinging(ping: readonly number[]) {
  const log: { caller?: Seen; answerer?: Seen } = {};
  const results: string[] = [];
  const made = connected(
    (connection) => {
      log.caller = watch(connection);
      for (const at of ping) {
        made.world.at(at, () =>
          made.world.enter('n1', async () => {
            await connection.send('ping').then(
              () => results.push('sent'),
              (error: { code: string }) => results.push(error.code),
            );
          }),
        );
      }
    },
    (connection) => {
      log.answerer = watch(connection);
    },
  );
  return { ...made, log, results };
}

describe('a connection whose other side', () => {
  it('dies as a process is reset at once by its kernel', async () => {
    const { world, log, results } = pinging([SECOND]);
    world.at(10 * MS, () => void world.levers.kill('n2'));
    world.at(10 * MS + 90_000, () => expect(log.caller?.ends).toEqual([]));
    world.at(10 * MS + 110_000, () => expect(log.caller?.ends).toEqual(['reset']));
    await world.run();
    expect(log.caller).toEqual({ messages: [], ends: ['reset'] });
    expect(results).toEqual(['reset']);
  });

  it('dies as a process behind a partition is reset by the first data that gets through', async () => {
    const { world, log, results } = pinging([SECOND, 2 * SECOND]);
    world.at(5 * MS, () => {
      const partition = world.levers.block(BOTH_WAYS);
      world.at(20 * MS, () => partition.heal());
    });
    world.at(10 * MS, () => void world.levers.kill('n2'));
    world.at(SECOND - 1, () => expect(log.caller?.ends).toEqual([]));
    await world.run();
    expect(log.caller).toEqual({ messages: [], ends: ['reset'] });
    expect(results).toEqual(['sent', 'reset']);
  });

  it('throws is reset too: the process died, its machine lives', async () => {
    const { world, log } = pinging([]);
    world.at(10 * MS, () =>
      world.enter('n2', async () => {
        throw new RangeError('planted');
      }),
    );
    await world.run();
    expect(log.caller?.ends).toEqual(['reset']);
  });

  it('died unheard and started again is reset by the new process, which knows nothing of it', async () => {
    const { world, log } = pinging([SECOND]);
    world.at(5 * MS, () => {
      const partition = world.levers.block(BOTH_WAYS);
      world.at(15 * MS, () => partition.heal());
    });
    world.at(10 * MS, () => {
      const kill = world.levers.kill('n2');
      world.at(20 * MS, () => kill.heal());
    });
    let resetAt = 0;
    world.at(SECOND + 500_000, () => {
      resetAt = world.now();
      expect(log.caller?.ends).toEqual(['reset']);
    });
    await world.run();
    expect(resetAt).toBe(SECOND + 500_000);
    expect([kept(world, 'n1'), kept(world, 'n2')]).toEqual([0, 0]);
  });

  it('is switched off is silent: it breaks only when retransmission gives up', async () => {
    const { world, log } = pinging([SECOND]);
    world.at(10 * MS, () => void world.levers.power('n2', 'keep'));
    world.at(15 * SECOND, () => expect(log.caller?.ends).toEqual([]));
    world.at(18 * SECOND, () => expect(log.caller?.ends).toEqual(['reset']));
    await world.run();
    expect(log.caller).toEqual({ messages: [], ends: ['reset'] });
  });

  it('crashed and restarted behind a partition is half-open, and reset by the first data that gets through', async () => {
    const { world, log } = pinging([2 * SECOND]);
    world.at(10 * MS, () => {
      const partition = world.levers.block(BOTH_WAYS);
      const power = world.levers.power('n2', 'keep');
      world.at(20 * MS, () => power.heal());
      world.at(5 * SECOND, () => {
        expect(log.caller?.ends).toEqual([]);
        partition.heal();
      });
    });
    world.at(6 * SECOND + 10 * MS, () => expect(log.caller?.ends).toEqual(['reset']));
    await world.run();
    expect(log).toEqual({ caller: { messages: [], ends: ['reset'] }, answerer: { messages: [], ends: [] } });
  });

  it('is parted for ten seconds gets everything afterwards; parted for longer, it breaks', async () => {
    for (const [length, messages, ends] of [
      [10 * SECOND, ['ping'], []],
      [20 * SECOND, [], ['reset']],
    ] as const) {
      const { world, log } = pinging([SECOND]);
      world.at(500 * MS, () => {
        const partition = world.levers.block(BOTH_WAYS);
        world.at(500 * MS + length, () => partition.heal());
      });
      await world.run();
      expect([log.answerer?.messages, log.caller?.ends]).toEqual([messages, ends]);
    }
  });
});

describe('a machine that stood still', () => {
  it('goes on with its connections when it thaws, however long it was', async () => {
    const { world, log } = pinging([SECOND]);
    world.at(SECOND + 50_000, () => {
      // The ping left just now; whatever answers it finds nobody, and so do repetitions.
      const freeze = world.levers.pause('n1', 'machine');
      const block = world.levers.block(BOTH_WAYS);
      world.at(100 * SECOND, () => {
        freeze.heal();
        block.heal();
      });
    });
    await world.run();
    expect(log).toEqual({ caller: { messages: [], ends: [] }, answerer: { messages: ['ping'], ends: [] } });
  });
});

describe('closing', () => {
  it('brings over everything queued before, far beyond the window, and forgets the connection', async () => {
    let seen: Seen | undefined;
    const { world } = connected(
      (connection) => {
        for (const n of numbers(300)) void connection.send(n);
        connection.close();
      },
      (connection) => {
        seen = watch(connection);
      },
    );
    await world.run();
    expect(seen).toEqual({ messages: numbers(300), ends: ['closed'] });
  });

  it('by both sides at once ends both in an orderly way', async () => {
    const log: Record<string, Seen> = {};
    const use = (who: string) => (connection: Connection) => {
      log[who] = watch(connection);
      world.at(MS, () =>
        world.enter(who, () => {
          void connection.send(`bye from ${who}`);
          connection.close();
          connection.close();
        }),
      );
    };
    const { world } = connected(use('n1'), use('n2'));
    await world.run();
    expect(log).toEqual({
      n1: { messages: ['bye from n2'], ends: ['closed'] },
      n2: { messages: ['bye from n1'], ends: ['closed'] },
    });
  });

  it('by one side still brings over what the other had queued', async () => {
    const log: Record<string, Seen> = {};
    const { world } = connected(
      (connection) => {
        log.caller = watch(connection);
        world.at(MS, () => world.enter('n1', () => connection.close()));
      },
      (connection) => {
        log.answerer = watch(connection);
        // Queued behind a full window when the end comes.
        for (const n of numbers(150)) void connection.send(n);
      },
    );
    world.at(300_000, () => {
      const pause = world.levers.pause('n1', 'process');
      world.at(900_000, () => pause.heal());
    });
    await world.run();
    expect(log.caller).toEqual({ messages: numbers(150), ends: ['closed'] });
    expect(log.answerer?.ends).toEqual(['closed']);
  });

  it('refuses what is sent afterwards, on both sides; an unobserved refusal kills nobody', async () => {
    const results: string[] = [];
    const sendInto = (connection: Connection) => {
      void connection.send('unobserved');
      return connection.send('too late').then(
        () => results.push('sent'),
        (error: { code: string }) => results.push(error.code),
      );
    };
    const { world, observations } = connected(
      (connection) => {
        connection.close();
        void sendInto(connection);
      },
      (connection) => {
        connection.onClose(() => void sendInto(connection));
      },
    );
    await world.run();
    expect(results).toEqual(['reset', 'reset']);
    expect(observations).toEqual([]);
  });

  it('rejects sends that still waited for the window when the connection broke', async () => {
    const results: string[] = [];
    const { world, observations } = connected(
      (connection) => {
        for (const n of numbers(100)) {
          connection.send(n).then(
            () => results.push('sent'),
            (error: { code: string }) => results.push(error.code),
          );
        }
      },
      () => {},
    );
    world.at(315_000, () => void world.levers.power('n2', 'keep'));
    await world.run();
    expect(results).toEqual([...numbers(64).map(() => 'sent'), ...numbers(36).map(() => 'reset')]);
    expect(observations).toEqual([]);
  });

  it('is remembered only for a while: opening and closing for ever does not fill the kernel', async () => {
    const { world } = testWorld();
    let closed = 0;
    world.boot('n2', (host) => {
      host.network.onConnection((connection) => connection.onMessage(() => {}));
    });
    world.boot('n1', async (host) => {
      for (let i = 0; i < 100; i++) {
        const connection = await host.network.connect('n2');
        connection.onClose(() => closed++);
        await connection.send(i);
        connection.close();
        await host.sleep(SECOND);
      }
    });
    await world.run();
    expect(closed).toBe(100);
    expect([kept(world, 'n1'), kept(world, 'n2')]).toSatisfy((sizes: number[]) =>
      sizes.every((size) => size <= 31),
    );
  });
});

describe('a connection over a transport without checksum', () => {
  it('drops segments that flipped bits made senseless, delivers altered messages, and never brings the run down', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      let seen: Seen | undefined;
      const { world, failures } = connected(
        async (connection) => {
          for (const n of numbers(100)) await connection.send({ n, text: 'abcdefghijklmnopqrstuvwxyz' });
          connection.close();
        },
        (connection) => {
          seen = watch(connection);
        },
        { transportChecksum: false },
        seed,
      );
      world.at(MS, () => void world.levers.impair({ pairs: BOTH_WAYS, corrupt: 0.1, corruptBits: 2 }));
      await world.run();
      expect(failures).toEqual([]);
      expect(seen!.messages.length).toBeLessThanOrEqual(100);
      expect(seen!.messages.every((message) => typeof message !== 'object' || Object.isFrozen(message))).toBe(
        true,
      );
    }
  });
});
