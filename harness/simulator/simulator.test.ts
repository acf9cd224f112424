import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Host, type Message, MILLISECOND, SECOND } from '../contract/index.ts';
import { testWorld } from './testing/world.ts';
import { AmbientAccess } from './traps.ts';

const MS = MILLISECOND;

describe('messages', () => {
  it('leave at the end of the CPU service time and take two hops', async () => {
    const { world } = testWorld();
    const seen: [Message, string, number][] = [];
    world.boot('n1', (host) => host.network.send('n2', { type: 'hello' }));
    world.boot('n2', (host) => {
      host.network.onMessage((message, from) => {
        seen.push([message, from, world.now()]);
      });
    });
    await world.run();
    // 10 us of service, then two hops of 50 us.
    expect(seen).toEqual([[{ type: 'hello' }, 'n1', 110_000]]);
  });

  it('are frozen when sent, deeply', async () => {
    const { world, observations } = testWorld();
    const message = { type: 'x', list: [1, { deep: true }] };
    world.boot('n1', (host) => {
      host.network.send('n2', message);
      message.list[0] = 2;
    });
    world.at(MS, () => world.stop());
    await world.run();
    expect(observations).toEqual([
      {
        time: 0,
        type: 'uncaught',
        host: 'n1',
        kind: 'TypeError',
        data: "Cannot assign to read only property '0' of object '[object Array]'",
      },
    ]);
  });

  it('must be plain data', async () => {
    const { world, observations } = testWorld();
    world.boot('n1', (host) => host.network.send('n2', { m: new Map() } as never));
    world.boot('n2', (host) => host.network.send('n1', { f: [Number.NaN] }));
    world.at(MS, () => world.stop());
    await world.run();
    expect(observations.map(({ data }) => data)).toEqual([
      'a message holds a Map under m: expected plain data',
      'a message holds NaN at f: expected a finite number',
    ]);
  });

  it('queue for a busy CPU in the order of arrival', async () => {
    const { world } = testWorld(2);
    const served: [Message, number][] = [];
    world.boot('n1', (host) => {
      for (let i = 0; i < 3; i++) host.network.send('n2', i);
    });
    world.boot('n2', (host) => {
      host.network.onMessage((message) => {
        served.push([message, world.now()]);
        host.spend(MS);
      });
    });
    await world.run();
    expect(served).toEqual([
      [0, 110_000],
      [1, 110_000 + 1_010_000],
      [2, 110_000 + 2_020_000],
    ]);
  });
});

describe('a service that sends nothing', () => {
  /** n2 works 1 ms on each message and never answers; n1 sends at these times. */
  async function served(sends: readonly number[], pause?: { at: number; length: number }) {
    const { world } = testWorld(2);
    const starts: number[] = [];
    world.boot('n1', (host) => {
      for (const at of sends) host.after(at, () => host.network.send('n2', null));
    });
    world.boot('n2', (host) => {
      host.network.onMessage(() => {
        starts.push(world.now());
        host.spend(MS);
      });
    });
    if (pause !== undefined) {
      world.at(pause.at, () => {
        const lever = world.levers.pause('n2', 'process');
        world.at(pause.at + pause.length, () => lever.heal());
      });
    }
    await world.run();
    return starts;
  }
  // Sent at 1 ms: 10 us of service at n1, two hops of 50 us.
  const ARRIVAL = MS + 110_000;
  const SERVICE = MS + 10_000;

  it('still takes its time: what arrives in it waits, in order, and what arrives later does not', async () => {
    expect(await served([MS, 1.5 * MS, 1.5 * MS + 20_000, 20 * MS])).toEqual([
      ARRIVAL,
      ARRIVAL + SERVICE,
      ARRIVAL + 2 * SERVICE,
      19 * MS + ARRIVAL,
    ]);
  });

  it('is lengthened by a pause that falls into it, and not by one after its end', async () => {
    const pause = { at: ARRIVAL + MS / 2, length: 5 * MS };
    expect(await served([MS, 3 * MS], pause)).toEqual([ARRIVAL, ARRIVAL + SERVICE + 5 * MS]);
    expect(await served([MS, 10 * MS], { at: 3 * MS, length: 5 * MS })).toEqual([ARRIVAL, 9 * MS + ARRIVAL]);
  });

  it('that ended long before a pause does not make the pause bite', async () => {
    const { world } = testWorld(1);
    world.boot('n1', (host) => host.spend(MS));
    world.at(10 * MS, () => {
      const lever = world.levers.pause('n1', 'process');
      lever.heal();
      expect(lever.evidence().outcome).toBe('no-effect');
    });
    await world.run();
  });
});

describe('requests', () => {
  function client(host: Host, log: unknown[], now: () => number) {
    return host.network.request('n2', { type: 'ask' }, { timeout: 50 * MS }).then(
      (reply) => log.push(['reply', reply, now()]),
      (error: { code: string }) => log.push([error.code, now()]),
    );
  }

  it('are answered by the value that the handler returns or promises', async () => {
    const { world } = testWorld();
    const log: unknown[] = [];
    world.boot('n2', (host) => {
      host.network.onRequest(async (message) => {
        await host.sleep(MS);
        return { echo: message };
      });
    });
    world.boot('n1', (host) => void client(host, log, () => world.now()));
    await world.run();
    expect(log).toEqual([['reply', { echo: { type: 'ask' } }, 10_000 + 100_000 + MS + 10_000 + 100_000]]);
  });

  it('time out when the machine is dead, are refused when only the process is', async () => {
    for (const [lever, expected] of [
      ['power', ['timeout', 50 * MS]],
      ['kill', ['refused', 10_000 + 200_000]],
    ] as const) {
      const { world } = testWorld();
      const log: unknown[] = [];
      world.boot('n2', (host) => host.network.onRequest(() => 1));
      if (lever === 'power') world.levers.power('n2', 'keep');
      else world.levers.kill('n2');
      world.boot('n1', (host) => void client(host, log, () => world.now()));
      await world.run();
      expect(log).toEqual([expected]);
    }
  });

  it('that are duplicated reach the handler once', async () => {
    const { world } = testWorld();
    let served = 0;
    const log: unknown[] = [];
    world.boot('n2', (host) => host.network.onRequest(() => ++served));
    const duplicate = world.levers.impair({ pairs: [['n1', 'n2']], duplicate: 1 });
    world.boot('n1', (host) => void client(host, log, () => world.now()));
    await world.run();
    expect(served).toBe(1);
    expect(duplicate.evidence().figures).toMatchObject({ duplicated: 1 });
  });
});

describe('a pause between check and act', () => {
  it('lets the effect leave after the pause, on a decision of before', async () => {
    const { world } = testWorld();
    const acts: [number, number][] = [];
    world.boot('n2', (host) => {
      host.network.onMessage((message) => {
        acts.push([message as number, world.now()]);
      });
    });
    world.boot('n1', (host) => {
      host.after(10 * MS, () => {
        const checkedAt = world.now();
        host.spend(2 * MS);
        host.network.send('n2', checkedAt);
      });
    });
    world.at(11 * MS, () => {
      const pause = world.levers.pause('n1', 'process');
      world.at(SECOND, () => pause.heal());
    });
    await world.run();
    // Checked at 10 ms; 1 ms of service was done when the pause came, 1.01 ms were left when it ended.
    expect(acts).toEqual([[10 * MS, SECOND + 1_010_000 + 100_000]]);
  });

  it('never happens if the process dies in it', async () => {
    const { world } = testWorld();
    const acts: Message[] = [];
    world.boot('n2', (host) => {
      host.network.onMessage((message) => {
        acts.push(message);
      });
    });
    world.boot('n1', (host) => {
      host.spend(2 * MS);
      host.network.send('n2', 1);
    });
    world.at(MS, () => {
      world.levers.kill('n1');
    });
    await world.run();
    expect(acts).toEqual([]);
  });
});

describe('a paused process', () => {
  it('finds what arrived meanwhile; a frozen machine has lost it', async () => {
    for (const [what, expected] of [
      ['process', [[1, SECOND]]],
      ['machine', []],
    ] as const) {
      const { world } = testWorld();
      const log: unknown[] = [];
      world.boot('n2', (host) => {
        host.network.onMessage((message) => {
          log.push([message, world.now()]);
        });
      });
      world.boot('n1', (host) => {
        host.after(5 * MS, () => host.network.send('n2', 1));
      });
      world.at(MS, () => {
        const pause = world.levers.pause('n2', what);
        world.at(SECOND, () => {
          pause.heal();
          expect(pause.evidence().outcome).toBe('bit');
        });
      });
      await world.run();
      expect(log).toEqual(expected);
    }
  });
});

describe('incarnations', () => {
  it('start anew after a kill; timers and promises of the dead one never fire', async () => {
    const { world } = testWorld();
    const log: string[] = [];
    world.boot('n1', (host) => {
      log.push(`start ${host.incarnation}`);
      host.after(10 * MS, () => {
        log.push(`timer ${host.incarnation}`);
      });
    });
    world.at(5 * MS, () => {
      const kill = world.levers.kill('n1');
      world.at(6 * MS, () => kill.heal());
    });
    await world.run();
    expect(log).toEqual(['start 1', 'start 2', 'timer 2']);
  });

  it('that overlap in faults start when the last fault is healed', async () => {
    const { world } = testWorld();
    const starts: number[] = [];
    world.boot('n1', () => {
      starts.push(world.now());
    });
    world.at(MS, () => {
      const kill = world.levers.kill('n1');
      const power = world.levers.power('n1', 'lose');
      world.at(2 * MS, () => kill.heal());
      world.at(3 * MS, () => power.heal());
    });
    await world.run();
    expect(starts).toEqual([0, 3 * MS]);
  });

  it('that die of an exception are recorded and started again by their supervisor', async () => {
    const { world, observations } = testWorld();
    const starts: number[] = [];
    world.boot('n1', async (host) => {
      starts.push(world.now());
      await host.sleep(MS);
      if (host.incarnation === 1) throw new RangeError('planted');
    });
    await world.run();
    expect(observations).toEqual([
      { time: MS + 0, type: 'uncaught', host: 'n1', kind: 'RangeError', data: 'planted' },
    ]);
    expect(starts).toEqual([0, SECOND + MS]);
  });
});

describe('the disk', () => {
  it('keeps what was synced through a power loss, and may lose what was not', async () => {
    const { world } = testWorld(1);
    const decoder = new TextDecoder();
    const found: string[] = [];
    world.boot('n1', async (host) => {
      const log = await host.disk.read('log');
      found.push(decoder.decode(log));
      if (host.incarnation > 1) return;
      await host.disk.append('log', new TextEncoder().encode('synced '));
      await host.disk.sync('log');
      await host.disk.append('log', new TextEncoder().encode('not synced'));
      await host.sleep(SECOND);
    });
    world.at(10 * MS, () => {
      const power = world.levers.power('n1', 'lose');
      expect(power.evidence()).toEqual({
        outcome: 'bit',
        figures: { machinesOff: 1, writesKept: 0, writesLost: 1, writesTorn: 0 },
      });
      power.heal();
    });
    await world.run();
    expect(found).toEqual(['', 'synced ']);
  });
});

describe('a write that asks to be synced', () => {
  const bytes = new TextEncoder().encode('x');

  /** What is left of a write after a loss of power at this time, and when the write resolved. */
  async function afterPowerLoss(at: number, mode: 'keep' | 'lose') {
    const { world } = testWorld(1, { diskWriteLatency: MS, diskSyncLatency: 4 * MS });
    let resolved: number | undefined;
    let found = -1;
    world.boot('n1', async (host) => {
      if (host.incarnation > 1) {
        found = await host.disk.size('log');
        return;
      }
      expect(await host.disk.append('log', bytes, { sync: true })).toBe(0);
      resolved = world.now();
    });
    world.at(at, () => world.levers.power('n1', mode).heal());
    await world.run();
    return { resolved, found };
  }

  it('resolves after both latencies, and is then safe', async () => {
    expect(await afterPowerLoss(10 * MS, 'lose')).toEqual({ resolved: 5 * MS + 10_000, found: 1 });
  });

  it('until then is in the page cache: power keeps or loses it', async () => {
    expect(await afterPowerLoss(3 * MS, 'lose')).toEqual({ resolved: undefined, found: 0 });
    expect(await afterPowerLoss(3 * MS, 'keep')).toEqual({ resolved: undefined, found: 1 });
  });

  it('that finds no room is refused, and nothing of it is there', async () => {
    const { world } = testWorld(1);
    const outcomes: unknown[] = [];
    world.at(SECOND, () => void world.levers.fillDisk('n1'));
    world.boot('n1', async (host) => {
      await host.disk.replace('log', bytes, { sync: true });
      await host.sleep(2 * SECOND);
      await host.disk.write('log', 1, new Uint8Array(2), { sync: true }).catch((error: unknown) => {
        outcomes.push((error as Error).message);
      });
      outcomes.push(await host.disk.size('log'));
    });
    await world.run();
    expect(outcomes).toEqual(['no space left for 2 bytes in log', 1]);
  });
});

describe('ambient access', () => {
  const cases: [string, () => unknown, string][] = [
    ['Date.now()', () => Date.now(), 'host.clock'],
    ['new Date()', () => new Date(), 'host.clock'],
    ['Math.random()', () => Math.random(), 'host.random'],
    ['setTimeout()', () => setTimeout(() => {}, 1), 'host.after()'],
    ['performance.now()', () => performance.now(), 'host.clock'],
    ['fetch()', () => fetch('http://127.0.0.1:1'), 'host.network'],
    ['crypto.randomUUID()', () => crypto.randomUUID(), 'host.random'],
  ];
  for (const [name, access, instead] of cases) {
    it(`${name} ends the run, names the replacement, whatever the code catches`, async () => {
      const { world } = testWorld(1);
      world.boot('n1', () => {
        try {
          access();
        } catch {
          // A system that swallows everything.
        }
      });
      const failure = await world.run().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(AmbientAccess);
      expect((failure as Error).message).toContain(
        `${name} was used inside the simulated world, on host n1: use ${instead}`,
      );
    });
  }

  it('an awaited promise of the outer world is named when it comes back', async () => {
    const { world } = testWorld(1);
    let release = (): void => {};
    const outer = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.boot('n1', async (host) => {
      await outer;
      host.network.send('n1', 1);
    });
    // Resolved by the real event loop while the simulated one has ended.
    const run = world.run();
    setImmediate(() => setImmediate(release));
    await expect(run).rejects.toThrow('a promise that this world does not own');
  });

  it('real work begun by a function without a trap is named by its kind', async () => {
    const { world } = testWorld(1);
    world.boot('n1', () => {
      void readFile(import.meta.filename);
    });
    await expect(world.run()).rejects.toThrow('real asynchronous work (FSReqPromise)');
  });

  it('is allowed again after the run', async () => {
    const { world } = testWorld(1);
    await world.run();
    expect(Date.now()).toBeGreaterThan(0);
    expect(Math.random()).toBeLessThan(1);
  });
});

describe('limits', () => {
  it('end a run that goes round within one instant', async () => {
    const { world } = testWorld(1, { cpuPerEvent: 0 }, { limits: { eventsPerInstant: 1000 } });
    world.boot('n1', (host) => {
      const again = (): void => {
        host.after(0, again);
      };
      again();
    });
    expect((await world.run()).why).toBe('events-in-an-instant');
  });

  it('end a run after so many events', async () => {
    const { world } = testWorld(1, {}, { limits: { events: 500 } });
    world.boot('n1', (host) => {
      const again = (): void => {
        host.after(MS, again);
      };
      again();
    });
    expect(await world.run()).toMatchObject({ why: 'events', events: 500 });
  });
});

describe('determinism', () => {
  async function digest(seed: number): Promise<string> {
    const { world } = testWorld(5, { jitter: 100_000, loss: 0.05, slowShare: 0.01 }, { seed });
    for (let i = 1; i <= 5; i++) {
      world.boot(`n${i}`, (host) => {
        host.network.onMessage(async (message, from) => {
          await host.disk.append('log', new Uint8Array(8));
          host.network.send(host.random.chance(0.5) ? from : 'n1', message);
        });
        host.network.send(`n${(i % 5) + 1}`, i);
      });
    }
    world.at(SECOND, () => world.stop());
    return (await world.run()).digest ?? '';
  }

  it('the same seed gives the same digest, another seed another', async () => {
    const first = await digest(1);
    expect(await digest(1)).toBe(first);
    expect(await digest(2)).not.toBe(first);
  });
});
