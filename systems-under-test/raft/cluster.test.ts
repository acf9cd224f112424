import { describe, expect, it } from 'vitest';
import type { Completion, Request } from '../../harness/contract/index.ts';
import { Cluster } from './testing/cluster.ts';

const read = (key = 'x'): Request => ({ f: 'read', key, value: null });
const write = (value: number, key = 'x'): Request => ({ f: 'write', key, value });
const cas = (expected: number | null, next: number, key = 'x'): Request => ({
  f: 'cas',
  key,
  value: [expected, next],
});
const outcome = (completion: Completion | undefined) =>
  completion === undefined
    ? 'open'
    : completion.type === 'ok'
      ? completion.value
      : `${completion.type}: ${completion.error}`;
const writes = (count: number) => Array.from({ length: count }, (_, nth) => write(nth));

describe('a healthy cluster', () => {
  it('elects one leader and serves reads, writes and cas', async () => {
    const cluster = new Cluster();
    const done = cluster.script(500, 'c1', read(), write(1), cas(1, 2), cas(1, 3), read());
    await cluster.run(1000);
    expect(cluster.reported('leader')).toHaveLength(1);
    expect(done.map(outcome)).toEqual([null, 1, [1, 2], 'fail: cas-mismatch', 2]);
    expect(cluster.complaints).toEqual([]);
  });

  it('of one server leads itself', async () => {
    const cluster = new Cluster({ servers: 1 });
    const done = cluster.script(500, 'c1', write(1), read());
    await cluster.run(1000);
    expect(done.map(outcome)).toEqual([1, 1]);
  });

  it('does not log reads, and refuses values that do not fit', async () => {
    const cluster = new Cluster();
    const done = cluster.script(500, 'c1', { f: 'write', key: 'x', value: 'a'.repeat(1000) }, read());
    await cluster.run(1000);
    expect(done.map(outcome)).toEqual(['fail: value-too-large', null]);
  });
});

describe('crashes', () => {
  it('of the leader lose nothing, and another one leads', async () => {
    const cluster = new Cluster();
    cluster.script(500, 'c1', write(1));
    cluster.at(700, () => void cluster.world.levers.kill(cluster.leader));
    const done = cluster.script(710, 'c2', read(), write(2), read());
    await cluster.run(2000);
    expect(new Set(cluster.reported('leader')).size).toBe(2);
    expect(done.map(outcome)).toEqual([1, 2, 2]);
    expect(cluster.complaints).toEqual([]);
  });

  for (const unsynced of ['keep', 'lose', 'tear', 'draw'] as const) {
    it(`of all machines at once, unsynced writes: ${unsynced}, keep what was acknowledged`, async () => {
      const cluster = new Cluster({ seed: 7 });
      const done = cluster.script(500, 'c1', ...writes(200));
      let acknowledged = 0;
      cluster.at(800, () => {
        acknowledged = done.length;
        for (const host of cluster.servers) {
          const { heal } = cluster.world.levers.power(host, unsynced);
          cluster.at(1000, () => void heal());
        }
      });
      const after = cluster.script(2500, 'c2', read());
      await cluster.run(3500);
      expect(acknowledged).toBeGreaterThan(10);
      // The write that was open at that moment may have taken effect; c1 goes on when the cluster does.
      expect(Number(outcome(after[0]))).toBeGreaterThanOrEqual(acknowledged - 1);
      expect(cluster.complaints).toEqual([]);
    });
  }

  it('flaw log-not-synced: a power failure takes acknowledged writes away', async () => {
    const cluster = new Cluster({ flaws: ['log-not-synced'] });
    const done = cluster.script(500, 'c1', write(1), write(2));
    cluster.at(800, () => {
      for (const host of cluster.servers) {
        const { heal } = cluster.world.levers.power(host, 'lose');
        cluster.at(1000, () => void heal());
      }
    });
    const after = cluster.script(2500, 'c2', read());
    await cluster.run(3500);
    expect([...done.map(outcome), outcome(after[0])]).toEqual([1, 2, null]);
  });

  it('of a process with a full disk are survived, and it serves again when there is room', async () => {
    const cluster = new Cluster();
    const fills: { heal(): void | Promise<void> }[] = [];
    cluster.at(500, () => {
      for (const host of cluster.servers) fills.push(cluster.world.levers.fillDisk(host));
    });
    const during = cluster.script(600, 'c1', write(1));
    cluster.at(2000, () => fills.forEach((fill) => void fill.heal()));
    const after = cluster.script(3000, 'c2', write(2), read());
    await cluster.run(4000);
    expect(during[0]?.type).not.toBe('ok');
    expect(after.map(outcome)).toEqual([2, 2]);
    expect(cluster.complaints).toEqual([]);
  });
});

describe('partitions', () => {
  it('a leader that is cut off serves nobody; the majority goes on; nothing is lost', async () => {
    const cluster = new Cluster();
    cluster.script(500, 'c1', write(1));
    cluster.at(700, () => {
      const [minority, majority] = [
        [cluster.leader, 'c1'],
        [...cluster.followers, 'c2'],
      ];
      const { heal } = cluster.world.levers.block(cluster.between(minority, majority));
      cluster.at(3300, () => void heal());
    });
    const cutOff = cluster.script(1200, 'c1', read(), write(9));
    const majority = cluster.script(1200, 'c2', read(), write(2));
    const after = cluster.script(3800, 'c3', read());
    await cluster.run(4200);
    // Nobody answered: the read certainly had no effect, of the write the client cannot know.
    expect(cutOff.map((completion) => completion.type)).toEqual(['fail', 'info']);
    expect([...majority, ...after].map(outcome)).toEqual([1, 2, 2]);
    expect(cluster.complaints).toEqual([]);
  });

  it('flaw stale-leader-reads: a leader that is cut off serves the past', async () => {
    const cluster = new Cluster({ flaws: ['stale-leader-reads'] });
    cluster.script(500, 'c1', write(1));
    cluster.at(700, () => {
      const [minority, majority] = [
        [cluster.leader, 'c1'],
        [...cluster.followers, 'c2'],
      ];
      cluster.world.levers.block(cluster.between(minority, majority));
    });
    const majority = cluster.script(1200, 'c2', write(2));
    const cutOff = cluster.script(2000, 'c1', read());
    await cluster.run(3000);
    expect([outcome(majority[0]), outcome(cutOff[0])]).toEqual([2, 1]);
  });

  it('a follower that missed more than the log keeps gets a snapshot, and can lead after', async () => {
    const cluster = new Cluster({ servers: 3, options: { snapshotEvery: 20, keepBehindSnapshot: 5 } });
    let late = '';
    cluster.at(500, () => {
      late = cluster.followers[0]!;
      const others = cluster.servers.filter((name) => name !== late);
      const { heal } = cluster.world.levers.block(cluster.between([late], others));
      cluster.at(2000, () => void heal());
    });
    cluster.script(600, 'c1', ...writes(60));
    // Only the late one and one other are left: one of them must lead, both must know all.
    cluster.at(2500, () => void cluster.world.levers.kill(cluster.leader));
    const after = cluster.script(3500, 'c2', read(), cas(59, 100), read());
    await cluster.run(4500);
    expect(cluster.reported('installed a snapshot of the leader')).toEqual([late]);
    expect(after.map(outcome)).toEqual([59, [59, 100], 100]);
    expect(cluster.complaints).toEqual([]);
  });

  it('entries of a leader that was cut off are removed when they contradict', async () => {
    const cluster = new Cluster();
    let old = '';
    cluster.script(500, 'c1', write(1));
    cluster.at(700, () => {
      old = cluster.leader;
      const { heal } = cluster.world.levers.block(cluster.between([old, 'c1'], [...cluster.followers, 'c2']));
      cluster.at(2000, () => void heal());
    });
    const orphan = cluster.script(750, 'c1', { f: 'write', key: 'y', value: 1 });
    const majority = cluster.script(1500, 'c2', write(2), write(3));
    const after = cluster.script(2500, 'c3', read('y'), read());
    await cluster.run(3500);
    expect(orphan.map(({ type }) => type)).toEqual(['info']);
    expect([...majority, ...after].map(outcome)).toEqual([2, 3, null, 3]);
    expect(cluster.reported('removed entries that contradict the leader')).toEqual([old]);
    expect(cluster.complaints).toEqual([]);
  });
});

describe('retries', () => {
  /** The first write reaches the leader, whose replies to c1 are lost for a while; c2 writes meanwhile; c1 tries again. */
  async function lostReply(flaws: readonly string[]) {
    const cluster = new Cluster({ flaws });
    const first = cluster.script(500, 'c1', write(1), write(2));
    cluster.at(700, () => {
      const pairs = cluster.servers.map((server) => [server, 'c1'] as const);
      const { heal } = cluster.world.levers.impair({ pairs, only: 'reply', loss: 1 });
      cluster.at(1000, () => void heal());
    });
    const retried = cluster.script(750, 'c1', write(3));
    const other = cluster.script(850, 'c2', read(), write(4));
    const after = cluster.script(2000, 'c3', read());
    await cluster.run(2500);
    return [...first, ...retried, ...other, ...after].map(outcome);
  }

  it('take effect exactly once', async () => {
    expect(await lostReply([])).toEqual([1, 2, 3, 3, 4, 4]);
  });

  it('flaw retry-applied-twice: bring an old value back', async () => {
    expect(await lostReply(['retry-applied-twice'])).toEqual([1, 2, 3, 3, 4, 3]);
  });
});

describe('figure 8 of the extended paper', () => {
  /**
   * The first leader has an entry that nobody else has; the second leader another one; the first leads again and brings its own
   * to a majority; then the second one comes back.
   */
  async function figure8(flaws: readonly string[]) {
    const cluster = new Cluster({ servers: 3, flaws });
    const { levers } = cluster.world;
    cluster.script(500, 'c1', write(0));
    cluster.script(500, 'c2', write(0));
    let first = '';
    let second = '';
    const third = () => cluster.servers.find((name) => name !== first && name !== second)!;
    cluster.at(1000, () => {
      first = cluster.leader;
      const { heal } = levers.block(cluster.between([first, 'c1'], [...cluster.followers, 'c2', 'c3']));
      cluster.at(2000, () => void heal());
    });
    cluster.script(1010, 'c1', write(1));
    cluster.script(1500, 'c2', read());
    cluster.at(1990, () => {
      second = cluster.leader;
      const { heal } = levers.block(cluster.between([second, 'c2'], [first, third(), 'c1', 'c3']));
      cluster.at(3500, () => void heal());
    });
    cluster.script(1995, 'c2', write(2));
    const before = cluster.script(3000, 'c3', read());
    cluster.at(3490, () => {
      levers.block(cluster.between([first], [second, third(), 'c1', 'c2', 'c3']));
    });
    const after = cluster.script(4500, 'c3', read());
    await cluster.run(5500);
    return { values: [...before, ...after].map(outcome), complaints: new Set(cluster.complaints) };
  }

  it('does not happen: the second leader made sure of its term before anything else', async () => {
    expect(await figure8([])).toEqual({ values: [0, 0], complaints: new Set() });
  });

  it('flaw commits-earlier-term: a committed entry is overwritten', async () => {
    const { values, complaints } = await figure8(['commits-earlier-term']);
    expect(values).toEqual([1, 2]);
    expect([...complaints].some((text) => text.endsWith('committed entries stay in the log'))).toBe(true);
  });
});
