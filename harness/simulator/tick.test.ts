import { describe, expect, it } from 'vitest';
import type { Host } from '../contract/index.ts';
import { testWorld } from './testing/world.ts';

const DAY = 86_400e9;

async function instants(tick: number, days: number): Promise<number[]> {
  const { world } = testWorld(1, { tick });
  const seen: number[] = [];
  world.boot('n1', async (host: Host) => {
    for (;;) {
      await host.sleep(DAY + 500);
      seen.push(world.now());
    }
  });
  world.at(days * DAY, () => world.stop());
  await world.run();
  return seen;
}

describe('with a coarser tick', () => {
  it('a microsecond’s instants are exact for 834 days: each a day and a tick after the one before', async () => {
    const seen = await instants(1000, 830);
    expect(seen).toHaveLength(829);
    const steps = seen.map((time, nth) => BigInt(time) - BigInt(seen[nth - 1] ?? 0));
    // The first sleep begins at 0, each other one at the end of the service of the one before.
    expect(new Set(steps)).toEqual(new Set([BigInt(DAY) + 1000n]));
  });

  it('time still ends, and the error says where', async () => {
    await expect(instants(1000, 840)).rejects.toThrow(
      'virtual time 72576000000000000 ns is beyond 72057594037927930 ns, the last exact one with a tick of 1000 ns',
    );
    await expect(instants(1, 105)).rejects.toThrow('with a tick of 1 ns: use a coarser tick');
  });
});
