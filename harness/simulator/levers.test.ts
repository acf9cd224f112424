import { describe, expect, it } from 'vitest';
import { type Host, MILLISECOND, SECOND } from '../contract/index.ts';
import { testWorld } from './testing/world.ts';

const MS = MILLISECOND;

describe('every lever of a machine', () => {
  it('has no effect on one that does nothing, and says so; healing twice is healing once', async () => {
    const { world } = testWorld(1);
    const { levers } = world;
    const faults = [
      levers.block([['n1', 'n1']]),
      levers.impair({ pairs: [['n1', 'n1']], loss: 1 }),
      levers.switchDown('r1/switch'),
      levers.kill('n1'),
      levers.power('n1', 'draw'),
      levers.pause('n1', 'process'),
      levers.pause('n1', 'machine'),
      levers.slow('n1', 10),
      levers.clock('n1', { step: SECOND }),
      levers.flipMemory('n1', 1),
      levers.flipDisk('n1', 1),
      levers.badSector('n1'),
      levers.fillDisk('n1'),
      levers.slowDisk('n1', 10),
      levers.load('n1', { perSecond: 100, cost: MS }),
      levers.destroyDisk('n1'),
    ];
    world.at(SECOND, () => {
      for (const fault of [...faults, ...faults]) fault.heal();
    });
    await world.run();
    expect(faults.map((fault) => fault.evidence().outcome)).toEqual(faults.map(() => 'no-effect'));
    const machine = world.machine('n1');
    expect([machine.powered, machine.paused, machine.disk.destroyed]).toEqual([true, false, false]);
  });

  it('names the hosts it knows when asked for another', () => {
    const { levers } = testWorld(2).world;
    for (const pull of [
      () => levers.kill('n9'),
      () => levers.pause('n9', 'process'),
      () => levers.flipDisk('n9', 1),
      () => levers.block([['n1', 'n9']]),
    ]) {
      expect(pull).toThrow('expected a host among n1, n2, got "n9"');
    }
    expect(() => levers.load('n1', { perSecond: 0, cost: 1 })).toThrow(
      'load: expected more than 0 requests per second, got 0',
    );
  });
});

describe('the clock lever', () => {
  /** What the host reads each 100 ms for a second: the wall clock's deviation from the truth in microseconds, and the monotonic clock's. */
  async function read(change: { step?: number; driftPpm?: number; lasting?: boolean }) {
    const { world } = testWorld(1, { cpuPerEvent: 0 });
    const wall: number[] = [];
    const monotonic: number[] = [];
    world.boot('n1', async (host) => {
      const first = host.clock.wall();
      const base = host.clock.monotonic();
      for (let i = 0; i < 10; i++) {
        wall.push(host.clock.wall() - first - world.now() / 1000);
        monotonic.push(host.clock.monotonic() - base - world.now());
        await host.sleep(100 * MS);
      }
    });
    let outcome = '';
    world.at(250 * MS, () => {
      const fault = world.levers.clock('n1', change);
      world.at(650 * MS, () => {
        fault.heal();
        fault.heal();
        ({ outcome } = fault.evidence());
      });
    });
    await world.run();
    return { wall, monotonic: new Set(monotonic), outcome };
  }
  const monotonic = new Set([0]);

  it('steps the wall clock while in force, and for ever if lasting; the monotonic clock knows nothing of it', async () => {
    expect(await read({ step: -2 * MS })).toEqual({
      wall: [0, 0, 0, -2000, -2000, -2000, -2000, 0, 0, 0],
      monotonic,
      outcome: 'bit',
    });
    expect(await read({ step: 2 * MS, lasting: true })).toEqual({
      wall: [0, 0, 0, 2000, 2000, 2000, 2000, 2000, 2000, 2000],
      monotonic,
      outcome: 'bit',
    });
  });

  it('lets it drift while in force; what it came to stays if lasting', async () => {
    // 1000 ppm: 100 us in 100 ms.
    expect((await read({ driftPpm: 1000 })).wall).toEqual([0, 0, 0, 50, 150, 250, 350, 0, 0, 0]);
    const lasting = await read({ driftPpm: -1000, step: MS, lasting: true });
    expect(lasting.wall).toEqual([0, 0, 0, 950, 850, 750, 650, 600, 600, 600]);
  });

  it('adds up where two overlap', async () => {
    const { world } = testWorld(1, { cpuPerEvent: 0 });
    const wall = () =>
      world.machine('n1').wall(world.now()) - world.machine('n1').wall(0) - world.now() / 1000;
    world.at(SECOND, () => {
      const truth = wall();
      const step = world.levers.clock('n1', { step: MS });
      const other = world.levers.clock('n1', { step: 2 * MS, lasting: true });
      expect(world.machine('n1').clockChanges).toHaveLength(2);
      const reading = () => world.machine('n1').wall(SECOND) - 1_767_225_600_000_000 - 1_000_000;
      expect([truth, reading()]).toEqual([0, 3000]);
      step.heal();
      expect(reading()).toBe(2000);
      other.heal();
      expect(reading()).toBe(2000);
    });
    await world.run();
  });
});

describe('slowness', () => {
  it('multiplies service times, by the largest factor where it overlaps, and ends with healing', async () => {
    const { world } = testWorld(1, { cpuPerEvent: 0 });
    const took: number[] = [];
    world.boot('n1', async (host) => {
      for (;;) {
        const before = world.now();
        await serviceOf(host, MS);
        took.push((world.now() - before) / MS);
        await host.sleep(100 * MS - (world.now() - before));
      }
    });
    const { levers } = world;
    world.at(50 * MS, () => {
      const first = levers.slow('n1', 10);
      world.at(150 * MS, () => {
        const second = levers.slow('n1', 2);
        world.at(250 * MS, () => first.heal());
        world.at(350 * MS, () => {
          second.heal();
          expect(second.evidence().outcome).toBe('bit');
        });
      });
    });
    world.at(450 * MS, () => world.stop());
    await world.run();
    expect(took).toEqual([1, 10, 10, 2, 1]);
  });
});

/** Runs an event of so much CPU time; resolves when the next one may begin. */
async function serviceOf(host: Host, time: number): Promise<void> {
  await host.sleep(0);
  host.spend(time);
  await host.sleep(0);
}

describe('load', () => {
  it('delays the service of others: queues emerge, and empty when it ends', async () => {
    const { world } = testWorld(2);
    const latencies: number[] = [];
    world.boot('n2', (host) => host.network.onRequest((message) => message));
    world.boot('n1', async (host) => {
      for (let n = 0; n < 30; n++) {
        const before = world.now();
        await host.network.request('n2', n, { timeout: 10 * SECOND });
        latencies.push(world.now() - before);
        await host.sleep(Math.max(0, before + 10 * MS - world.now()));
      }
    });
    world.at(100 * MS, () => {
      // Twice what one CPU can do.
      const load = world.levers.load('n2', { perSecond: 2000, cost: MS });
      world.at(150 * MS, () => {
        load.heal();
        expect(load.evidence()).toMatchObject({ outcome: 'bit', figures: { requestsSent: 99 } });
      });
    });
    await world.run();
    const usual = 220_000;
    expect(latencies.slice(0, 9)).toEqual(latencies.slice(0, 9).map(() => usual));
    expect(Math.max(...latencies)).toBeGreaterThan(20 * MS);
    expect(latencies.at(-1)).toBe(usual);
  });

  it('of a burst: the last of N requests is answered after about N times the cost', async () => {
    const { world } = testWorld(2);
    const answered: number[] = [];
    world.boot('n2', (host) => {
      host.network.onRequest((message) => {
        host.spend(MS);
        return message;
      });
    });
    world.boot('n1', (host) => {
      for (let n = 0; n < 100; n++) {
        host.network.request('n2', n, { timeout: SECOND }).then((reply) => {
          expect(reply).toBe(answered.length);
          answered.push(world.now());
        });
      }
    });
    await world.run();
    expect(answered).toHaveLength(100);
    // 10 us for each event, 100 us each way.
    expect(answered.at(-1)).toBe(10_000 + 100_000 + 100 * 1_010_000 + 100_000);
  });

  it('beyond the limit of the queue is dropped', async () => {
    const { world } = testWorld(2, { queueLimit: 10 });
    let answered = 0;
    let timeouts = 0;
    world.boot('n2', (host) => {
      host.network.onRequest((message) => {
        host.spend(MS);
        return message;
      });
    });
    world.boot('n1', (host) => {
      for (let n = 0; n < 100; n++) {
        host.network.request('n2', n, { timeout: SECOND }).then(
          () => answered++,
          () => timeouts++,
        );
      }
    });
    await world.run();
    expect([answered, timeouts, world.machine('n2').overflow]).toEqual([11, 89, 89]);
  });
});
