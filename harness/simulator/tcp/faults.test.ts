import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MILLISECOND, MINUTE, SECOND, type SocketEvents, type StreamSocket } from '../../contract/index.ts';
import { recording, type Seen, type Side, streamed, text } from '../testing/streams.ts';
import { testWorld } from '../testing/world.ts';

const MS = MILLISECOND;
const BOTH_WAYS = [
  ['n1', 'n2'],
  ['n2', 'n1'],
] as const;
const idle: Side = () => ({});

/** Says something every second. */
const talking: Side = (socket, host) => {
  const talk = (): void => {
    socket.write(text('.'));
    host.after(SECOND, talk);
  };
  talk();
  return {};
};

describe('a call', () => {
  /** Calls a second after the start, and tells what came of it and when. */
  const calling = (prepare: (world: ReturnType<typeof testWorld>['world']) => void) => {
    const { world } = testWorld(2);
    const seen: (string | number)[] = [];
    world.boot('n1', (host) => {
      host.after(SECOND, () => {
        const events: SocketEvents = {
          ...recording([]),
          opened: () => void seen.push('opened', world.now()),
          closed: (failure) => void seen.push(String(failure), Math.round((world.now() - SECOND) / SECOND)),
        };
        host.native!.sockets.connect('n2', 80, events);
      });
    });
    prepare(world);
    return { world, seen };
  };

  it('to a machine on which nobody listens is refused', async () => {
    const { world, seen } = calling((world) => world.boot('n2', () => {}));
    await world.run();
    expect(seen).toEqual(['ECONNREFUSED', 0]);
  });

  it('to a machine without a process is refused', async () => {
    const { world, seen } = calling(() => {});
    await world.run();
    expect(seen).toEqual(['ECONNREFUSED', 0]);
  });

  it('to a dead machine times out after 127 seconds', async () => {
    const { world, seen } = calling((world) => {
      world.at(0, () => void world.levers.power('n2', 'keep'));
    });
    world.at(200 * SECOND, () => world.stop());
    await world.run();
    expect(seen).toEqual(['ETIMEDOUT', 127]);
  });

  it('is repeated until the other side can be reached', async () => {
    const { world, seen } = calling((world) => {
      world.boot('n2', (host) => {
        host.native!.sockets.listen(80, () => recording([]));
      });
      const block = world.levers.block(BOTH_WAYS);
      world.at(3 * SECOND, () => block.heal());
    });
    await world.run();
    // Sent at 1 s, 2 s and 4 s.
    expect(seen).toEqual(['opened', 4_000_210_000]);
  });

  it('that the network doubles leaves nothing behind that fills the backlog', async () => {
    const { world } = testWorld(2);
    let accepted = 0;
    let over = 0;
    world.boot('n2', (host) => {
      host.native!.sockets.listen(80, (socket) => {
        accepted++;
        return recording([], { ended: () => socket.end() });
      });
    });
    world.boot('n1', (host) => {
      const call = (): void => {
        const socket = host.native!.sockets.connect('n2', 80, {
          ...recording([], { closed: () => void (++over < 700 && call()) }),
          opened: () => socket.end(),
        });
      };
      call();
    });
    world.levers.impair({ pairs: BOTH_WAYS, duplicate: 1, reorder: 0.5, reorderBy: 50 * MS });
    world.at(300 * SECOND, () => world.stop());
    await world.run();
    expect([over, accepted]).toEqual([700, 700]);
    expect(world.machine('n2').streams.waiting(80)).toBe(0);
  });

  it('that the caller no longer wants is reset when it is answered', async () => {
    const { world } = testWorld(2);
    const seen: Seen = [];
    world.boot('n2', (host) => {
      host.native!.sockets.listen(80, () => recording(seen));
    });
    world.boot('n1', (host) => {
      const socket = host.native!.sockets.connect('n2', 80, recording(seen));
      host.after(30_000, () => socket.close());
    });
    await world.run();
    expect(seen).toEqual([]);
    expect(world.machine('n2').streams.size).toBe(0);
  });
});

describe('a stream', () => {
  it('outlasts a partition', async () => {
    const { world, seen } = streamed(talking, idle);
    world.at(10 * SECOND, () => {
      const block = world.levers.block(BOTH_WAYS);
      world.at(70 * SECOND, () => block.heal());
    });
    world.at(200 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller).toEqual(['opened']);
    expect(seen.answerer).toEqual([`data ${'.'.repeat(200)}`]);
  });

  it('is given up by the sender after about 15 minutes; the silent side does not notice, and is reset when it speaks', async () => {
    const { world, seen } = streamed(talking, (socket, host) => {
      host.after(2000 * SECOND, () => void socket.write(text('anybody there?')));
      return {};
    });
    let gaveUp = 0;
    world.at(10 * SECOND, () => {
      const block = world.levers.block(BOTH_WAYS);
      world.at(1500 * SECOND, () => block.heal());
    });
    for (let minute = 1; minute < 30; minute++) {
      world.at(minute * MINUTE, () => {
        if (gaveUp === 0 && seen.caller.length > 1) gaveUp = minute;
      });
    }
    world.at(2100 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller).toEqual(['opened', 'closed ETIMEDOUT']);
    expect(gaveUp).toBe(16);
    expect(seen.answerer).toEqual([`data ${'.'.repeat(10)}`, 'closed ECONNRESET']);
  });

  it('is ended by the death of the peer, and reset by the next word', async () => {
    const { world, seen } = streamed(talking, (socket) => ({ data: (bytes) => void socket.write(bytes) }));
    world.at(9.5 * SECOND, () => void world.levers.kill('n2'));
    world.at(20 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller).toEqual(['opened', `data ${'.'.repeat(10)}`, 'ended', 'closed ECONNRESET']);
  });

  it('is reset by the death of a peer that had not read everything', async () => {
    const { world, seen } = streamed(talking, (socket) => {
      socket.pause();
      return {};
    });
    world.at(9.5 * SECOND, () => void world.levers.kill('n2'));
    world.at(20 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller).toEqual(['opened', 'closed ECONNRESET']);
  });

  it('brings over what a process wrote before it died, and nothing of its last event', async () => {
    const { world, seen } = streamed((socket, host) => {
      host.after(10 * MS, () => void socket.write(text('whole')));
      host.after(20 * MS, () => {
        socket.write(text('never'));
        host.spend(SECOND);
      });
      return {};
    }, idle);
    world.at(100 * MS, () => void world.levers.kill('n1'));
    world.at(20 * SECOND, () => world.stop());
    await world.run();
    expect(seen.answerer).toEqual(['data whole', 'ended']);
  });

  it('is silent when the power of a machine fails, and reset after its return', async () => {
    const { world, seen } = streamed(talking, idle);
    world.at(9.5 * SECOND, () => {
      const off = world.levers.power('n2', 'keep');
      world.at(60 * SECOND, () => off.heal());
    });
    world.at(50 * SECOND, () => expect(seen.caller).toEqual(['opened']));
    world.at(200 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller).toEqual(['opened', 'closed ECONNRESET']);
  });

  it('waits for a frozen machine, on either side', async () => {
    for (const frozen of ['n1', 'n2']) {
      const { world, seen } = streamed(talking, idle);
      world.at(9.5 * SECOND, () => {
        const freeze = world.levers.pause(frozen, 'machine');
        world.at(60 * SECOND, () => freeze.heal());
      });
      world.at(200 * SECOND, () => world.stop());
      await world.run();
      expect(seen.caller).toEqual(['opened']);
      expect(seen.answerer.length).toBe(1);
      expect(seen.answerer[0]!.length).toBeGreaterThan(140);
    }
  });

  it('finds out by keep-alive that the other machine is gone', async () => {
    const { world, seen } = streamed((socket) => {
      socket.keepAlive(5 * SECOND);
      return {};
    }, idle);
    world.at(10 * SECOND, () => void world.levers.power('n2', 'keep'));
    world.at(14 * SECOND, () => expect(seen.caller).toEqual(['opened']));
    world.at(40 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller).toEqual(['opened', 'closed ETIMEDOUT']);
  });

  it('is kept alive by a peer that answers, and only asked when it is silent', async () => {
    const { world, seen } = streamed((socket) => {
      socket.keepAlive(5 * SECOND);
      return {};
    }, idle);
    world.at(100 * SECOND, () => world.stop());
    await world.run();
    expect(seen.caller).toEqual(['opened']);
    expect(world.traffic.packets).toBeGreaterThan(30);
    expect(world.traffic.packets).toBeLessThan(50);
  });

  it('asks a peer without room for more, lest the word of it was lost', async () => {
    const { world, seen } = streamed(
      (socket) => {
        socket.write(text('z'.repeat(400_000)));
        socket.end();
        return {};
      },
      (socket, host) => {
        socket.pause();
        host.after(10 * SECOND, () => {
          // The word that there is room again meets the partition.
          socket.resume();
        });
        return {};
      },
    );
    world.at(9 * SECOND, () => {
      const block = world.levers.block(BOTH_WAYS);
      world.at(12 * SECOND, () => block.heal());
    });
    await world.run();
    expect(seen.answerer).toEqual([`data ${'z'.repeat(400_000)}`, 'ended']);
  });

  it('delivers altered bytes where the transport has no checksum, and never fewer or more', async () => {
    const bytes = text('a'.repeat(50_000));
    const run = async (transportChecksum: boolean) => {
      const { world, seen } = streamed(
        (socket) => {
          socket.write(bytes);
          socket.end();
          return {};
        },
        idle,
        { transportChecksum },
      );
      world.levers.impair({ pairs: BOTH_WAYS, corrupt: 0.5, corruptBits: 4 });
      await world.run();
      const [data, ended] = seen.answerer;
      return { data: data!.slice(5), ended };
    };
    const checked = await run(true);
    expect(checked.data).toBe('a'.repeat(50_000));
    const unchecked = await run(false);
    expect(unchecked.ended).toBe('ended');
    expect(unchecked.data).not.toBe(checked.data);
    expect(Buffer.from(unchecked.data, 'utf8').length).toBeGreaterThanOrEqual(50_000);
  });
});

/** What one side of the property does: writes of these lengths, each after a while, then an end. */
interface Behaviour {
  readonly writes: readonly { readonly length: number; readonly after: number }[];
  readonly pausesAfter: number;
  readonly ends: boolean;
}

const behaviour = fc.record({
  writes: fc.array(fc.record({ length: fc.integer({ min: 1, max: 30_000 }), after: fc.nat(50) }), {
    maxLength: 8,
  }),
  pausesAfter: fc.constantFrom(0, 0, 1, 3),
  ends: fc.boolean(),
});

/** Byte `n` of a stream. */
const byteAt = (n: number, side: number): number => ((n * 31 + side * 7) ^ (n >> 8)) & 255;

describe('whatever the network does', () => {
  it('the same bytes arrive in the same order, or the stream breaks and says so; the same seed gives the same run', async () => {
    const run = async (
      [caller, answerer]: readonly [Behaviour, Behaviour],
      rule: object,
      seed: number,
      settings: object,
    ) => {
      const read = [0, 0];
      const wrong: string[] = [];
      const ends: string[] = [];
      const side =
        (own: number, { writes, pausesAfter, ends: ending }: Behaviour): Side =>
        (socket: StreamSocket, host) => {
          let written = 0;
          let chunks = 0;
          const step = (nth: number): void => {
            const next = writes[nth];
            if (next === undefined) {
              if (ending) socket.end();
              return;
            }
            host.after(next.after * MS, () => {
              socket.write(Uint8Array.from({ length: next.length }, (_, at) => byteAt(written + at, own)));
              written += next.length;
              step(nth + 1);
            });
          };
          step(0);
          return {
            data(bytes) {
              const other = 1 - own;
              for (const byte of bytes)
                if (byte !== byteAt(read[other]!++, other)) wrong.push(`byte ${read[other]} of ${other}`);
              if (++chunks === pausesAfter) {
                socket.pause();
                host.after(SECOND, () => socket.resume());
              }
            },
            ended: () => void ends.push(`${1 - own}`),
            closed: (failure) => void (failure && ends.push(failure)),
          };
        };
      const { world } = streamed(side(0, caller), side(1, answerer), settings, seed);
      world.levers.impair({ pairs: BOTH_WAYS, reorderBy: 20 * MS, ...rule });
      world.at(400 * SECOND, () => world.stop());
      const { digest } = await world.run();
      expect(wrong).toEqual([]);
      const total = ({ writes }: Behaviour) => writes.reduce((sum, { length }) => sum + length, 0);
      expect(ends.filter((end) => end.length > 1)).toEqual([]);
      expect(read).toEqual([total(caller), total(answerer)]);
      expect(ends.sort()).toEqual([...(caller.ends ? ['0'] : []), ...(answerer.ends ? ['1'] : [])]);
      return digest;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(behaviour, behaviour),
        fc.record({
          loss: fc.constantFrom(0, 0.05, 0.2),
          duplicate: fc.constantFrom(0, 0.3),
          reorder: fc.constantFrom(0, 0.3),
          corrupt: fc.constantFrom(0, 0.1),
          jitter: fc.constantFrom(0, 30 * MS),
        }),
        fc.nat(1000),
        fc.record({ jitter: fc.constantFrom(0, 200_000), linkBitsPerSecond: fc.constantFrom(0, 1e8) }),
        async (sides, rule, seed, settings) => {
          const digest = await run(sides, rule, seed, settings);
          if (seed % 4 === 0) expect(await run(sides, rule, seed, settings)).toBe(digest);
        },
      ),
      { numRuns: 40 },
    );
  });
});
