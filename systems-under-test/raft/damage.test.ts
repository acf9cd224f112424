import { describe, expect, it } from 'vitest';
import { Cluster } from './testing/cluster.ts';

const writes = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ f: 'write', key: 'x', value: nth }));
const read = { f: 'read', key: 'x', value: null };

/** The follower `victim` is damaged and restarted in the middle of a run of 60 writes; later, two others die, so that it is needed. */
async function damagedFollower(
  damage: (cluster: Cluster, victim: string) => void,
  flaws: readonly string[] = [],
) {
  const cluster = new Cluster({ flaws, options: { snapshotEvery: 1000 } });
  let victim = '';
  const done = cluster.script(500, 'c1', ...writes(60));
  cluster.at(600, () => {
    victim = cluster.followers[0]!;
    const { heal } = cluster.world.levers.kill(victim);
    damage(cluster, victim);
    cluster.at(700, () => void heal());
  });
  cluster.at(2500, () => {
    const others = cluster.followers.filter((host) => host !== victim);
    cluster.world.levers.kill(others[0]!);
    cluster.world.levers.kill(cluster.leader);
  });
  const after = cluster.script(4000, 'c2', read);
  await cluster.run(5000);
  return { cluster, victim, done, last: after[0]?.type === 'ok' ? after[0].value : after[0]?.error };
}

/** Flips a bit of the byte at this offset from the end of the file. */
function flip(cluster: Cluster, host: string, file: string, fromEnd: number): void {
  const { disk } = cluster.world.machine(host);
  const at = disk.size(file) - fromEnd;
  disk.write(file, at, Uint8Array.of(disk.read(file, at, 1)[0]! ^ 4));
}

describe('damage to a disk', () => {
  for (const [where, fromEnd] of [
    ['in the middle of the log', 2000],
    ['in the last record that was synced', 10],
  ] as const) {
    it(`${where} is found; what was lost comes back from the others`, async () => {
      const { cluster, victim, last } = await damagedFollower((damaged, host) => {
        flip(damaged, host, 'log', fromEnd);
      });
      expect(cluster.reported('found synced entries damaged')).toEqual([victim]);
      expect(cluster.reported('recovered lost entries from the leader')).toEqual([victim]);
      expect([last, cluster.complaints]).toEqual([59, []]);
    });
  }

  it('flaw checksum-not-verified: is replayed, and logs differ', async () => {
    const { cluster, victim } = await damagedFollower(
      (damaged, host) => flip(damaged, host, 'log', 2000),
      ['checksum-not-verified'],
    );
    expect(cluster.reported('found synced entries damaged')).toEqual([]);
    expect(cluster.complaints[0]).toContain(victim);
  });

  it('that makes sectors unreadable is found as well', async () => {
    const { cluster, victim, last } = await damagedFollower((damaged, host) => {
      damaged.world.levers.badSector(host, 'log');
    });
    expect(cluster.reported('found synced entries damaged')).toEqual([victim]);
    expect([last, cluster.complaints]).toEqual([59, []]);
  });

  it('in one copy of term and vote changes nothing', async () => {
    const { cluster, last } = await damagedFollower((damaged, host) => flip(damaged, host, 'state-a', 3));
    expect(cluster.reported('lost its term and vote')).toEqual([]);
    expect([last, cluster.complaints]).toEqual([59, []]);
  });

  it('in both copies of term and vote makes the server ask all others before it takes part', async () => {
    const { cluster, victim, last } = await damagedFollower((damaged, host) => {
      flip(damaged, host, 'state-a', 3);
      flip(damaged, host, 'state-b', 3);
    });
    expect(cluster.reported('lost its term and vote')).toEqual([victim]);
    expect(cluster.reported('recovered lost entries from the leader')).toEqual([victim]);
    expect([last, cluster.complaints]).toEqual([59, []]);
  });

  it('of everything does so too, and an empty disk is not taken for a new cluster', async () => {
    const { cluster, victim, last } = await damagedFollower((damaged, host) => {
      damaged.world.levers.destroyDisk(host);
    });
    expect(cluster.reported('lost its term and vote')).toEqual([victim]);
    expect([last, cluster.complaints]).toEqual([59, []]);
  });

  it('keeps a server without memory out while another one has not answered', async () => {
    const cluster = new Cluster({ servers: 3 });
    cluster.at(600, () => {
      const [first, second] = cluster.followers;
      const { heal } = cluster.world.levers.kill(first!);
      cluster.world.levers.destroyDisk(first!);
      cluster.world.levers.kill(second!);
      cluster.at(700, () => void heal());
    });
    const done = cluster.script(1500, 'c1', { f: 'write', key: 'x', value: 1 });
    await cluster.run(3000);
    expect(cluster.reported('recovered lost entries from the leader')).toEqual([]);
    expect(done.map(({ type }) => type)).toEqual(['fail']);
  });
});
