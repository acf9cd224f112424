import { describe, expect, it } from 'vitest';
import type { Levers, Request } from '../../harness/contract/index.ts';
import { Cluster } from './testing/cluster.ts';

const writes = (count: number): Request[] =>
  Array.from({ length: count }, (_, nth) => ({ f: 'write', key: 'x', value: nth }));

/** Stops a server, and starts this version of the program half a second later. */
function upgrade(levers: Levers, host: string, version: number, later: (action: () => void) => void): void {
  levers.configure(host, { version }, { lasting: true });
  const down = levers.kill(host);
  later(() => void down.heal());
}

/** From each server in turn, 0.6 s apart. */
function rolling(cluster: Cluster, from: number, version: number): void {
  for (const [nth, host] of cluster.servers.entries()) {
    const at = from + 600 * nth;
    cluster.at(at, () =>
      upgrade(cluster.world.levers, host, version, (action) => cluster.at(at + 400, action)),
    );
  }
}

describe('an upgrade from server to server', () => {
  it('is hardly noticed, and can be taken back', async () => {
    const cluster = new Cluster({ servers: 3 });
    rolling(cluster, 1000, 2);
    rolling(cluster, 3000, 1);
    const done = cluster.script(500, 'c1', ...writes(400));
    await cluster.run(6000);
    expect(done.length).toBe(400);
    expect(done.filter(({ type }) => type === 'ok').length).toBeGreaterThan(395);
    expect(cluster.complaints).toEqual([]);
  });

  it('stops a cluster in which new servers send what old ones do not know', async () => {
    const served = async (flaws: readonly string[]) => {
      const cluster = new Cluster({ servers: 3, flaws });
      cluster.at(500, () => {
        const { leader, followers } = cluster;
        upgrade(cluster.world.levers, followers[0]!, 2, (action) => cluster.at(900, action));
        // Of the other two, one is dead and one is old: nothing can be committed without an understanding with the old one.
        cluster.at(1500, () => void cluster.world.levers.kill(leader));
      });
      const done = cluster.script(3000, 'c1', ...writes(5));
      await cluster.run(8000);
      return done.filter(({ type }) => type === 'ok').length;
    };
    expect(await served([])).toBe(5);
    expect(await served(['new-format-to-all'])).toBe(0);
  });
});

describe('time-outs that an operator set wrong on one server', () => {
  for (const timeouts of [0.1, 10]) {
    it(`by ${timeouts}: the others go on`, async () => {
      const cluster = new Cluster({ servers: 3 });
      cluster.at(700, () => {
        const { levers } = cluster.world;
        const [host] = cluster.followers;
        levers.configure(host!, { timeouts });
        void levers.kill(host!).heal();
      });
      const done = cluster.script(1000, 'c1', ...writes(200));
      await cluster.run(5000);
      expect(done.filter(({ type }) => type === 'ok')).toHaveLength(200);
      expect(cluster.complaints).toEqual([]);
    });
  }
});

describe('a log that is deleted by mistake', () => {
  it('comes back from the other servers', async () => {
    const cluster = new Cluster({ servers: 3 });
    const before = cluster.script(500, 'c1', ...writes(30));
    cluster.at(1500, () => {
      const [host] = cluster.followers;
      cluster.world.levers.deleteFiles(host!, 'log');
      void cluster.world.levers.kill(host!).heal();
    });
    // Then the two that have it must not be needed both.
    cluster.at(2500, () => void cluster.world.levers.kill(cluster.leader));
    const after = cluster.script(3000, 'c2', { f: 'read', key: 'x', value: null });
    await cluster.run(5000);
    expect(before).toHaveLength(30);
    expect(cluster.reported('recovered')).toHaveLength(1);
    expect(after).toMatchObject([{ type: 'ok', value: 29 }]);
    expect(cluster.complaints).toEqual([]);
  });
});
