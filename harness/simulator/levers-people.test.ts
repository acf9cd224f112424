import { describe, expect, it } from 'vitest';
import { MILLISECOND } from '../contract/index.ts';
import { testWorld } from './testing/world.ts';

const MS = MILLISECOND;

describe('files that are deleted', () => {
  it('are gone at once and for good; those with other names stay', async () => {
    const { world } = testWorld(1);
    const seen: unknown[] = [];
    world.boot('n1', async (host) => {
      if (host.incarnation === 1) {
        for (const file of ['log', 'log-old', 'state']) {
          await host.disk.append(file, new Uint8Array(10), { sync: true });
        }
        await host.sleep(100 * MS);
      }
      seen.push([host.incarnation, await host.disk.list(), await host.disk.size('log')]);
    });
    world.at(50 * MS, () => {
      const applied = world.levers.deleteFiles('n1', 'log');
      expect(applied.evidence()).toEqual({ outcome: 'bit', figures: { filesDeleted: 2 } });
      expect(world.levers.deleteFiles('n1', 'log').evidence().outcome).toBe('no-effect');
    });
    world.at(200 * MS, () => void world.levers.power('n1', 'lose').heal());
    await world.run();
    expect(seen).toEqual([
      [1, ['state'], 0],
      [2, ['state'], 0],
    ]);
  });
});

describe('the configuration of a host', () => {
  it('is that of its next processes until it is taken back, or for good; changes add up', async () => {
    const { world } = testWorld(1);
    const seen: unknown[] = [];
    world.boot('n1', (host) => void seen.push(host.configuration));
    const restart = () => void world.levers.kill('n1').heal();
    const { levers } = world;
    world.at(10 * MS, () => {
      levers.configure('n1', { version: 2 }, { lasting: true }).heal();
      const wrong = levers.configure('n1', { timeouts: 10 });
      expect(wrong.evidence().outcome).toBe('no-effect');
      restart();
      expect(wrong.evidence()).toEqual({ outcome: 'bit', figures: { processesStarted: 1 } });
      world.at(20 * MS, () => {
        wrong.heal();
        restart();
      });
    });
    await world.run();
    expect(seen).toEqual([{}, { version: 2, timeouts: 10 }, { version: 2 }]);
  });
});
