import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../contract/index.ts';
import { oneRack, testWorld } from './testing/world.ts';

const MS = MILLISECOND;
const text = (value: string) => new TextEncoder().encode(value);

describe('memory flips', () => {
  async function run(ecc: 'off' | 'sec-ded', bits: number, read = true) {
    const topology = oneRack(1);
    const spec = topology.datacenters[0]!.racks[0]!.hosts[0]!;
    Object.assign(spec, { ecc });
    const { world, observations } = testWorld(1, {}, { topology });
    const starts: number[] = [];
    const values: number[] = [];
    world.boot('n1', async (host) => {
      starts.push(world.now());
      const region = host.memory.region('table', 8);
      region.write(0, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
      await host.sleep(100 * MS);
      if (read) values.push(...region.read(0, 8));
    });
    let flip = world.levers.flipMemory('n1', bits);
    expect(flip.evidence().outcome).toBe('no-effect');
    world.at(50 * MS, () => {
      flip = world.levers.flipMemory('n1', bits);
    });
    await world.run();
    return { starts, values, evidence: flip.evidence(), observations };
  }
  const sound = [1, 2, 3, 4, 5, 6, 7, 8];

  it('of one bit are corrected by SEC-DED: masked', async () => {
    const { starts, values, evidence } = await run('sec-ded', 1);
    expect([starts, values]).toEqual([[0], sound]);
    expect(evidence).toMatchObject({ outcome: 'masked', figures: { region: 'table', corrected: 1 } });
  });

  it('of two bits stop the machine when they are read; it reboots after a second', async () => {
    const { starts, values, evidence, observations } = await run('sec-ded', 2);
    expect(starts).toEqual([0, 100 * MS + SECOND]);
    expect(values).toEqual(sound);
    expect(evidence).toMatchObject({ outcome: 'bit', figures: { detected: 1 } });
    expect(observations).toMatchObject([{ type: 'note', kind: 'machine-check', host: 'n1' }]);
  });

  it('escape where there is no code', async () => {
    const { starts, values, evidence } = await run('off', 1);
    expect(starts).toEqual([0]);
    expect(values.filter((value, nth) => value !== sound[nth])).toHaveLength(1);
    expect(evidence).toMatchObject({ outcome: 'bit', figures: { escaped: 1 } });
  });

  it('that nobody reads have no effect', async () => {
    expect((await run('off', 1, false)).evidence.outcome).toBe('no-effect');
  });
});

describe('the disk levers', () => {
  /** Appends a record each 10 ms; notes the code of each failure. */
  async function appending(fault: (world: ReturnType<typeof testWorld>['world']) => void) {
    const { world } = testWorld(1);
    const failures: [number, string][] = [];
    const sizes: number[] = [];
    world.boot('n1', async (host) => {
      sizes.push(await host.disk.size('log'));
      for (let n = 0; n < 10; n++) {
        await host.disk
          .append('log', text('record'))
          .catch((error: { code: string }) => failures.push([n, error.code]));
        await host.disk.sync('log').catch(() => {});
        await host.sleep(10 * MS);
      }
    });
    world.at(35 * MS, () => fault(world));
    await world.run();
    return { failures: failures.map(([, code]) => code), sizes, world };
  }

  it('fill it until healed', async () => {
    const { failures, world } = await appending((world) => {
      const full = world.levers.fillDisk('n1');
      const again = world.levers.fillDisk('n1');
      world.at(45 * MS, () => again.heal());
      world.at(65 * MS, () => {
        full.heal();
        expect(full.evidence()).toMatchObject({
          outcome: 'bit',
          figures: { writesRefused: failuresOf(world) },
        });
      });
    });
    expect(new Set(failures)).toEqual(new Set(['disk-full']));
    expect(failures.length).toBe(3);
    expect(world.machine('n1').disk.used).toBe(7 * 'record'.length);
  });

  it('destroy it: every operation fails until the process is started on an empty one', async () => {
    const { failures, sizes } = await appending((world) => {
      const fault = world.levers.destroyDisk('n1');
      world.at(65 * MS, () => {
        fault.heal();
        expect(fault.evidence()).toMatchObject({ outcome: 'bit', figures: { bytesLost: 24 } });
      });
    });
    expect(failures).toEqual(['disk-failure', 'disk-failure', 'disk-failure']);
    expect(sizes).toEqual([0, 0]);
  });

  it('destroy it: a crash meanwhile exchanges it too, and healing then kills nobody', async () => {
    const { sizes } = await appending((world) => {
      const fault = world.levers.destroyDisk('n1');
      const kill = world.levers.kill('n1');
      kill.heal();
      world.at(65 * MS, () => fault.heal());
    });
    expect(sizes).toEqual([0, 0]);
  });

  it('slow it while in force', async () => {
    const { world } = testWorld(1, { cpuPerEvent: 0 });
    const took: number[] = [];
    world.boot('n1', async (host) => {
      for (let n = 0; n < 3; n++) {
        const before = world.now();
        await host.disk.sync('log');
        took.push(world.now() - before);
        await host.sleep(100 * MS);
      }
    });
    world.at(50 * MS, () => {
      const slow = world.levers.slowDisk('n1', 100);
      world.at(180 * MS, () => {
        slow.heal();
        expect(slow.evidence()).toEqual({ outcome: 'bit', figures: { operationsSlowed: 1 } });
      });
    });
    await world.run();
    expect(took).toEqual([500_000, 50 * MS, 500_000]);
  });

  it('flip a bit, or spoil a sector, of a file that matches: it bites when it is read, and is masked when overwritten', async () => {
    for (const lever of ['flipDisk', 'badSector'] as const) {
      for (const [then, outcome] of [
        ['read', 'bit'],
        ['replace', 'masked'],
        ['nothing', 'no-effect'],
      ] as const) {
        const { world } = testWorld(1);
        const log: string[] = [];
        world.boot('n1', async (host) => {
          for (const file of ['log', 'snapshot']) {
            await host.disk.append(file, text('sound'));
            await host.disk.sync(file);
          }
          await host.sleep(50 * MS);
          if (then === 'replace') await host.disk.replace('snapshot', text('sound'), { sync: true });
          if (then === 'nothing') return;
          for (const file of ['log', 'snapshot']) {
            await host.disk.read(file).then(
              (bytes) => log.push(new TextDecoder().decode(bytes) === 'sound' ? 'sound' : 'altered'),
              (error: { code: string }) => log.push(error.code),
            );
          }
        });
        let fault = lever === 'flipDisk' ? world.levers.flipDisk('n1', 1) : world.levers.badSector('n1');
        expect(fault.evidence()).toEqual({ outcome: 'no-effect', figures: { file: null } });
        world.at(25 * MS, () => {
          fault =
            lever === 'flipDisk'
              ? world.levers.flipDisk('n1', 1, 'snap')
              : world.levers.badSector('n1', 'snap');
        });
        await world.run();
        expect(fault.evidence()).toMatchObject({ outcome, figures: { file: 'snapshot' } });
        if (then === 'read')
          expect(log).toEqual(['sound', lever === 'flipDisk' ? 'altered' : 'disk-failure']);
        if (then === 'replace') expect(log).toEqual(['sound', 'sound']);
      }
    }
  });

  it('draw the same places whatever other levers were pulled before', async () => {
    const place = async (others: boolean) => {
      const { world } = testWorld(2);
      for (const name of ['n1', 'n2']) {
        world.boot(name, async (host) => {
          await host.disk.append('log', new Uint8Array(10_000));
          await host.disk.sync('log');
        });
      }
      let figures: unknown;
      world.at(SECOND, () => {
        if (others) {
          world.levers.flipDisk('n2', 1);
          world.levers.badSector('n2');
        }
        ({ figures } = world.levers.flipDisk('n1', 1).evidence());
      });
      await world.run();
      return figures;
    };
    expect(await place(true)).toEqual(await place(false));
  });
});

function failuresOf(world: ReturnType<typeof testWorld>['world']): number {
  return world.machine('n1').disk.counters.full;
}

describe('a lever pulled at a write', () => {
  /** Writes and syncs a record at 30 ms, and says so; power is cut at 10 ms or at the write that follows, for 50 ms. */
  async function run(seed: number, { within = 40 * MS, healsAt = 60 * MS } = {}) {
    const { world } = testWorld(1, { diskWriteLatency: MS, diskSyncLatency: MS }, { seed });
    const cuts: number[] = [];
    const starts: number[] = [];
    world.boot('n1', async (host) => {
      starts.push(world.now());
      if (starts.length > 1) return;
      await host.sleep(30 * MS);
      await host.disk.append('log', text('record'), { sync: true });
    });
    world.at(10 * MS, () => {
      const lever = world.levers.atWrite(['n1'], 'write', within, () => {
        cuts.push(world.now());
        return world.levers.power('n1', 'lose');
      });
      world.at(healsAt, () => lever.heal());
      world.at(SECOND / 2, () => {
        evidence.push(lever.evidence());
      });
    });
    const evidence: unknown[] = [];
    await world.run();
    return { cuts, starts, evidence };
  }

  it('falls while the write is under way', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, seed) => run(seed)));
    for (const { cuts, evidence } of all) {
      const after = cuts[0]! - 30 * MS;
      expect(cuts).toHaveLength(1);
      expect(after).toBeGreaterThanOrEqual(0);
      expect(after).toBeLessThan(2.1 * MS);
      if (after < 2 * MS) expect(evidence).toMatchObject([{ figures: { machinesOff: 1, writesLost: 2 } }]);
    }
    for (const { starts } of all) expect(starts).toEqual([0, 60 * MS]);
  });

  it('is not put off for ever', async () => {
    expect((await run(1, { within: 15 * MS })).cuts).toEqual([25 * MS]);
  });

  it('is never pulled if it is healed before', async () => {
    const { cuts, starts, evidence } = await run(1, { healsAt: 20 * MS });
    expect([cuts, starts]).toEqual([[], [0]]);
    expect(evidence).toEqual([
      { outcome: 'no-effect', figures: { why: 'healed before anything was written' } },
    ]);
  });
});
