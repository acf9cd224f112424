import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Applied, Levers } from '../contract/index.ts';
import { MILLISECOND, SECOND } from '../contract/index.ts';
import { testWorld } from './testing/world.ts';

const MS = MILLISECOND;
const EPOCH_MICROSECONDS = 1_767_225_600_000_000;

/** Everything that can be in force on one machine, and what it leaves behind of the wall clock, in nanoseconds. */
const FAULTS: Readonly<Record<string, (levers: Levers) => Applied>> = {
  kill: (levers) => levers.kill('n2'),
  power: (levers) => levers.power('n2', 'draw'),
  pause: (levers) => levers.pause('n2', 'process'),
  freeze: (levers) => levers.pause('n2', 'machine'),
  slow: (levers) => levers.slow('n2', 7),
  step: (levers) => levers.clock('n2', { step: 5 * SECOND }),
  drift: (levers) => levers.clock('n2', { driftPpm: 900 }),
  'lasting step': (levers) => levers.clock('n2', { step: SECOND, lasting: true }),
  full: (levers) => levers.fillDisk('n2'),
  'failing syncs': (levers) => levers.failSyncs('n2'),
  'slow disk': (levers) => levers.slowDisk('n2', 7),
  'destroyed disk': (levers) => levers.destroyDisk('n2'),
  'deleted files': (levers) => levers.deleteFiles('n2'),
  configuration: (levers) => levers.configure('n2', { timeouts: 2 }),
  block: (levers) => levers.block([['n1', 'n2']]),
  impair: (levers) => levers.impair({ pairs: [['n2', 'n1']], loss: 1 }),
  'switch down': (levers) => levers.switchDown('r1/switch'),
  'memory flip': (levers) => levers.flipMemory('n2', 2),
  load: (levers) => levers.load('n2', { perSecond: 500, cost: MS }),
};
const KINDS = Object.keys(FAULTS);

/** All faults are over after two seconds, a machine that was stopped by its memory a second later. */
const FINAL = 6 * SECOND;
/** An answer takes four events of 10 us, four hops, an append and a sync. */
const USUAL = 4 * 10_000 + 200_000 + 50_000 + 500_000;

const fault = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat(100).map((tenths) => tenths * 10 * MS),
  length: fc.integer({ min: 0, max: 100 }).map((tenths) => tenths * 10 * MS),
});

/** One machine under these faults, with a process that serves, writes and looks at its memory all the time; then time to recover. */
async function under(faults: readonly { kind: string; at: number; length: number }[]) {
  const { world, observations } = testWorld(2);
  let lastAnswer = -1;
  world.boot('n2', async (host) => {
    const region = host.memory.region('state', 64);
    host.network.onRequest(async (message) => {
      region.write(0, region.read(0, 64));
      await host.disk.append('log', new Uint8Array(16));
      await host.disk.sync('log');
      return [message, host.clock.wall(), host.clock.monotonic()];
    });
    region.write(0, new Uint8Array(64).fill(1));
  });
  world.boot('n1', async (host) => {
    while (world.now() < 4 * SECOND) {
      await host.network.request('n2', 'ask', { timeout: 100 * MS }).catch(() => {});
      await host.sleep(10 * MS);
    }
  });
  for (const { kind, at, length } of faults) {
    world.at(at, () => {
      const applied = FAULTS[kind]!(world.levers);
      world.at(at + length, () => {
        applied.heal();
        applied.heal();
        expect(['bit', 'masked', 'no-effect']).toContain(applied.evidence().outcome);
      });
    });
  }
  let final: unknown;
  world.at(FINAL, () =>
    world.enter('n1', async () => {
      const before = world.now();
      final = await world.processOf('n1')!.network.request('n2', 'final', { timeout: SECOND });
      lastAnswer = world.now() - before;
      world.stop();
    }),
  );
  const end = await world.run();
  return { world, end, final, lastAnswer, observations };
}

describe('faults that overlap on one machine', () => {
  it('leave it running and answering at its usual speed, in whatever order they begin and heal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 8 }), async (faults) => {
        const { world, end, final, lastAnswer, observations } = await under(faults);
        expect(end.why).toBe('stopped');
        const machine = world.machine('n2');
        expect([machine.powered, machine.paused, machine.frozen, machine.process?.alive]).toEqual([
          true,
          false,
          false,
          true,
        ]);
        expect(lastAnswer).toBe(USUAL);
        const steps = faults.filter(({ kind }) => kind === 'lasting step').length;
        const [message, wall] = final as [string, number, number];
        expect(message).toBe('final');
        const truth = EPOCH_MICROSECONDS + FINAL / 1000;
        expect(Math.abs(wall - truth - steps * 1_000_000)).toBeLessThan(2000);
        // A request that met a full or destroyed disk fails, the process does not die of it.
        expect(observations.filter(({ type }) => type === 'uncaught')).toEqual([]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('of the same kind, two at a time, one within the other and staggered, end with the last', async () => {
    for (const kind of KINDS) {
      for (const second of [
        { at: 400 * MS, length: 200 * MS },
        { at: 400 * MS, length: 900 * MS },
        { at: 200 * MS, length: 800 * MS },
      ]) {
        const faults = [
          { kind, at: 200 * MS, length: 800 * MS },
          { kind, ...second },
        ];
        const { lastAnswer, end } = await under(faults);
        expect([kind, end.why, lastAnswer]).toEqual([kind, 'stopped', USUAL]);
      }
    }
  });

  it('of two kinds that stop it, healed in both orders, restart it when the last is healed', async () => {
    const stopping = ['kill', 'power', 'pause', 'freeze'];
    for (const one of stopping) {
      for (const other of stopping) {
        for (const length of [100 * MS, 1500 * MS]) {
          const faults = [
            { kind: one, at: SECOND, length: 800 * MS },
            { kind: other, at: 1200 * MS, length },
          ];
          const { lastAnswer, world } = await under(faults);
          expect([one, other, lastAnswer]).toEqual([one, other, USUAL]);
          const killed = [one, other].some((kind) => kind === 'kill' || kind === 'power');
          expect(world.processOf('n2')!.incarnation > 1).toBe(killed);
        }
      }
    }
  });
});
