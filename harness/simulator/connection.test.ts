import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Connection, type Message, MILLISECOND, SECOND } from '../contract/index.ts';
import type { Simulator } from './simulator.ts';
import { connected, numbers, type Seen, watch } from './testing/connected.ts';
import { testWorld } from './testing/world.ts';

const MS = MILLISECOND;
const BOTH_WAYS = [
  ['n1', 'n2'],
  ['n2', 'n1'],
] as const;

/** Connections that the kernel of this host keeps for its process. */
const kept = (world: Simulator, host: string) => world.processOf(host)?.port.connectionTable().size;

describe('a connection', () => {
  it('is there after three half round trips, carries messages both ways in order, and closes in an orderly way', async () => {
    const at: [string, number][] = [];
    const log: Record<string, Seen> = {};
    const { world } = connected(
      (connection) => {
        at.push(['caller', world.now()]);
        log.caller = watch(connection);
        for (const n of numbers(5)) void connection.send({ n });
        world.at(MS, () => world.enter('n1', () => connection.close()));
      },
      (connection) => {
        at.push(['answerer', world.now()]);
        log.answerer = watch(connection);
        void connection.send('welcome');
      },
    );
    await world.run();
    // 10 us of service, then 100 us each way.
    expect(at).toEqual([
      ['caller', 210_000],
      ['answerer', 310_000],
    ]);
    expect(log).toEqual({
      caller: { messages: ['welcome'], ends: ['closed'] },
      answerer: { messages: [0, 1, 2, 3, 4].map((n) => ({ n })), ends: ['closed'] },
    });
  });

  it('delivers in order, each message once, through loss, duplicates and reordering', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(1000),
          loss: fc.constantFrom(0, 0.1, 0.3),
          duplicate: fc.constantFrom(0, 0.5),
          reorder: fc.constantFrom(0, 0.5),
          jitter: fc.constantFrom(0, 30 * MS),
          there: fc.nat(200),
          back: fc.nat(200),
          closer: fc.constantFrom('caller', 'answerer', 'both'),
        }),
        async ({ seed, there, back, closer, ...rule }) => {
          const log: Record<string, Seen> = {};
          const use = (who: string, count: number) => async (connection: Connection) => {
            log[who] = watch(connection);
            try {
              for (const n of numbers(count)) await connection.send(n);
            } catch {
              // The other side closed first.
            }
            if (closer === who || closer === 'both') connection.close();
          };
          const { world, failures } = connected(use('caller', there), use('answerer', back), {}, seed);
          world.levers.impair({ pairs: BOTH_WAYS, reorderBy: 50 * MS, ...rule });
          await world.run();
          expect(failures).toEqual([]);
          // A side that is closed by the other before it has sent everything has the rest refused.
          const complete = (who: string, count: number, got: readonly Message[]) => {
            expect(got).toEqual(numbers(got.length));
            if (closer === who || closer === 'both')
              expect(got.length).toBe(closer === 'both' ? got.length : count);
          };
          complete('caller', there, log.answerer!.messages);
          complete('answerer', back, log.caller!.messages);
          expect([log.caller!.ends, log.answerer!.ends]).toEqual([['closed'], ['closed']]);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it('keeps its order when the settings themselves lose and swap packets', async () => {
    let seen: Seen | undefined;
    const { world } = connected(
      async (connection) => {
        for (const n of numbers(500)) await connection.send(n);
        connection.close();
      },
      (connection) => {
        seen = watch(connection);
      },
      { loss: 0.1, jitter: 5 * MS, slowShare: 0.1 },
    );
    await world.run();
    expect(seen).toEqual({ messages: numbers(500), ends: ['closed'] });
  });

  it('that was idle for a minute survives the loss of the next packet', async () => {
    let seen: Seen | undefined;
    const { world } = connected(
      (connection) => {
        world.at(60 * SECOND, () => {
          const loss = world.levers.block(BOTH_WAYS);
          world.enter('n1', () => void connection.send('late'));
          world.at(61 * SECOND, () => loss.heal());
        });
      },
      (connection) => {
        seen = watch(connection);
      },
    );
    await world.run();
    expect(seen).toEqual({ messages: ['late'], ends: [] });
  });

  it('is flow-controlled: a paused receiver stalls the sender, and nothing is lost when it goes on', async () => {
    let seen: Seen | undefined;
    let sent = 0;
    const { world } = connected(
      async (connection) => {
        for (const n of numbers(1000)) {
          await connection.send(n);
          sent++;
        }
      },
      (connection) => {
        seen = watch(connection);
      },
    );
    const sentAt: Record<string, number> = {};
    world.at(300_000, () => {
      const pause = world.levers.pause('n2', 'process');
      world.at(SECOND, () => {
        sentAt.early = sent;
      });
      // Much longer than a silent peer would be borne with: this one's kernel answers.
      world.at(60 * SECOND, () => {
        sentAt.late = sent;
        pause.heal();
      });
      world.at(60 * SECOND + 200 * MS, () => {
        sentAt.healed = sent;
      });
    });
    await world.run();
    expect(seen).toEqual({ messages: numbers(1000), ends: [] });
    // 64 wait at the receiver, and one probes the window.
    expect(sentAt).toEqual({ early: 65, late: 65, healed: 1000 });
  });

  it('holds back what nobody takes: messages before onMessage wait, then come in order', async () => {
    const got: Message[] = [];
    let sent = 0;
    const { world } = connected(
      async (connection) => {
        for (const n of numbers(200)) {
          await connection.send(n);
          sent++;
        }
        connection.close();
      },
      (connection) => {
        const ends: string[] = [];
        connection.onClose(() => ends.push('closed'));
        world.at(5 * SECOND, () => {
          expect([sent, ends]).toEqual([65, []]);
          world.enter('n2', () => {
            connection.onMessage((message) => {
              got.push(message);
            });
          });
        });
        world.at(10 * SECOND, () => expect(ends).toEqual(['closed']));
      },
    );
    await world.run();
    expect(got).toEqual(numbers(200));
  });

  it('tells of an orderly end only after the last message was taken', async () => {
    const log: unknown[] = [];
    const { world } = connected(
      (connection) => {
        void connection.send('last');
        connection.close();
      },
      (connection) => {
        connection.onClose((error) => log.push(['end', error]));
        world.at(SECOND, () => {
          expect(log).toEqual([]);
          world.enter('n2', () => connection.onMessage((message) => void log.push(message)));
        });
      },
    );
    await world.run();
    expect(log).toEqual(['last', ['end', undefined]]);
  });
});

describe('connecting', () => {
  async function attempt(prepare: (world: Simulator) => void, timeout?: number) {
    const { world } = testWorld();
    const log: unknown[] = [];
    world.boot('n2', () => {});
    prepare(world);
    world.boot('n1', (host) => {
      host.network.connect('n2', timeout === undefined ? undefined : { timeout }).then(
        () => log.push(['open', world.now()]),
        (error: { code: string }) => log.push([error.code, world.now()]),
      );
    });
    await world.run();
    return log;
  }

  it('is refused where nobody listens, or no process runs', async () => {
    expect(await attempt(() => {})).toEqual([['refused', 210_000]]);
    expect(await attempt((world) => void world.levers.kill('n2'))).toEqual([['refused', 210_000]]);
  });

  it('times out when the machine is off, frozen or out of reach', async () => {
    expect(await attempt((world) => void world.levers.power('n2', 'keep'))).toEqual([
      ['timeout', 3 * SECOND],
    ]);
    expect(await attempt((world) => void world.levers.pause('n2', 'machine'), SECOND)).toEqual([
      ['timeout', SECOND],
    ]);
    expect(await attempt((world) => void world.levers.switchDown('r1/switch'), 20 * SECOND)).toEqual([
      ['timeout', 20 * SECOND],
    ]);
  });

  it('succeeds though the first packets are lost', async () => {
    const log = await attempt((world) => {
      world.boot('n2', (host) => host.network.onConnection(() => {}));
      const block = world.levers.block(BOTH_WAYS);
      world.at(500 * MS, () => block.heal());
    });
    // Repeated after 200 ms, then 400 ms more.
    expect(log).toEqual([['open', 610 * MS + 200_000 - 10 * MS + 10_000]]);
  });

  it('to a paused process is answered by its kernel; the process finds it later', async () => {
    const log: [string, number][] = [];
    const { world } = connected(
      () => log.push(['caller', world.now()]),
      () => log.push(['answerer', world.now()]),
    );
    world.at(50_000, () => {
      const pause = world.levers.pause('n2', 'process');
      world.at(SECOND, () => pause.heal());
    });
    await world.run();
    expect(log).toEqual([
      ['caller', 210_000],
      ['answerer', SECOND],
    ]);
  });

  it('that was given up leaves nothing behind on either side', async () => {
    const { world } = testWorld();
    let accepted = 0;
    world.boot('n2', (host) => {
      host.network.onConnection(() => accepted++);
    });
    world.boot('n1', (host) => {
      host.network.connect('n2', { timeout: SECOND }).catch(() => {});
    });
    world.levers.block([['n2', 'n1']]);
    await world.run();
    expect([accepted, kept(world, 'n1'), kept(world, 'n2')]).toEqual([0, 0, 0]);
  });

  it('to an unknown host, or without patience, is a defect that is named', async () => {
    for (const [to, timeout, expected] of [
      ['n9', SECOND, 'expected a host among n1, got "n9"'],
      ['n1', 0, 'connect: expected a timeout above 0 ns, got 0'],
    ] as const) {
      const { world } = testWorld(1);
      let caught: unknown;
      world.boot('n1', async (host) => {
        try {
          await host.network.connect(to, { timeout });
        } catch (error) {
          caught = error;
        }
      });
      await world.run();
      expect(caught).toEqual(new RangeError(expected));
    }
  });
});
