import { describe, expect, it } from 'vitest';
import type { Completion, Request } from '../../harness/contract/index.ts';
import type { ClientReply } from './messages.ts';
import { Cluster } from './testing/cluster.ts';

const read: Request = { f: 'read', key: 'x', value: null };
const write = (value: number): Request => ({ f: 'write', key: 'x', value });
const writes = (count: number): Request[] => Array.from({ length: count }, (_, nth) => write(nth));
const outcome = (completion: Completion | undefined) =>
  completion?.type === 'ok' ? completion.value : (completion?.error ?? 'open');

/** Never replaces who is healthy. */
const WATCHFUL = { rolling: '1000s' };

describe('a member whose disk is gone', () => {
  it('is replaced, and in the end more than a minority may have been lost one after the other', async () => {
    const cluster = new Cluster({ servers: 3, spares: 2, options: WATCHFUL });
    const done = cluster.script(500, 'c1', ...writes(30));
    const lost: string[] = [];
    for (const at of [1000, 6000]) {
      cluster.at(at, () => {
        const host = cluster.followers.find((name) => !lost.includes(name))!;
        lost.push(host);
        cluster.world.levers.destroyDisk(host);
      });
    }
    // A last one: whoever of the first three is left. The spares know everything.
    cluster.at(11000, () => {
      const host = cluster.servers.find((name) => !lost.includes(name))!;
      void cluster.world.levers.kill(host);
    });
    const after = cluster.script(13000, 'c2', read, write(100), read);
    await cluster.run(15000);
    expect(done).toHaveLength(30);
    expect(after.map(outcome)).toEqual([29, 100, 100]);
    expect(cluster.members).toMatchObject({ voters: expect.arrayContaining(['s1', 's2']) });
    expect(cluster.complaints).toEqual([]);
  });
});

describe('members that are healthy', () => {
  it('are replaced one by one while clients hardly notice', async () => {
    const cluster = new Cluster({ servers: 3, spares: 2, options: { rolling: '500ms', snapshotEvery: 30 } });
    const done = cluster.script(500, 'c1', ...writes(400));
    await cluster.run(8000);
    expect(cluster.reported('members').length).toBeGreaterThan(12);
    expect(done).toHaveLength(400);
    expect(done.filter(({ type }) => type === 'ok').length).toBeGreaterThan(390);
    expect(cluster.complaints).toEqual([]);
  });

  it('are remembered by snapshots: processes that start from one know who votes', async () => {
    const cluster = new Cluster({
      servers: 3,
      spares: 1,
      options: { ...WATCHFUL, snapshotEvery: 20, keepBehindSnapshot: 0 },
    });
    cluster.script(500, 'c1', ...writes(50));
    cluster.at(600, () => cluster.world.levers.kill(cluster.followers[0]!));
    cluster.script(4000, 'c1', ...writes(50));
    cluster.at(5000, () => {
      for (const host of cluster.world.machines.map(({ name }) => name).filter((name) => /^[ns]/.test(name)))
        if (cluster.world.processOf(host) !== undefined) void cluster.world.levers.kill(host).heal();
    });
    const after = cluster.script(6000, 'c2', read);
    await cluster.run(7000);
    expect(cluster.members).toMatchObject({ voters: expect.arrayContaining(['s1']) });
    expect(after.map(outcome)).toEqual([49]);
    expect(cluster.complaints).toEqual([]);
  });
});

describe('a change that the operator asks for', () => {
  async function asked(what: (cluster: Cluster) => ClientReply[]) {
    const cluster = new Cluster({ servers: 3, spares: 1, manual: true });
    let replies: ClientReply[] = [];
    cluster.at(1000, () => {
      replies = what(cluster);
    });
    const after = cluster.script(2500, 'c1', write(1), read);
    await cluster.run(4000);
    expect(after.map(outcome)).toEqual([1, 1]);
    expect(cluster.complaints).toEqual([]);
    return { cluster, reply: replies[0] };
  }

  it('may remove the leader: it steps down, and another one leads', async () => {
    let first = '';
    const { cluster, reply } = await asked((cluster) => {
      first = cluster.leader;
      return cluster.administer(first, 'remove-server', first);
    });
    expect(reply).toMatchObject({ status: 'ok' });
    expect(cluster.leader).not.toBe(first);
    expect(cluster.reported('a leader removed itself')).toEqual([first]);
  });

  it('leaves a removed server that runs on unable to disturb the others', async () => {
    const { cluster, reply } = await asked((cluster) =>
      cluster.administer(cluster.leader, 'remove-server', cluster.followers[0]!),
    );
    expect(reply).toMatchObject({ status: 'ok' });
    expect(cluster.reported('leader')).toHaveLength(1);
  });

  it('does not make a server a member that does not answer', async () => {
    const { cluster, reply } = await asked((cluster) => {
      void cluster.world.levers.kill('s1');
      return cluster.administer(cluster.leader, 'add-server', 's1');
    });
    expect(reply).toEqual({ status: 'fail', error: 'not-caught-up' });
    expect(cluster.members).toBeNull();
  });
});

describe('two changes of the same four members by two leaders', () => {
  /**
   * The first leader removes one server, and nobody hears of it. The second one removes the first one, and is cut off with half of the
   * servers before the other half has anything of its term. By their own configurations, two of three members are a majority on either side.
   */
  async function twoChanges(flaws: readonly string[]) {
    const cluster = new Cluster({ servers: 4, spares: 1, manual: true, flaws });
    const { levers } = cluster.world;
    let first = '';
    let second = '';
    let removed: ClientReply[] = [];
    cluster.script(500, 'c1', write(1));
    cluster.script(500, 'c2', write(1));
    cluster.at(1000, () => {
      first = cluster.leader;
      const [leaves, ...stay] = cluster.followers;
      const healed = levers.block(cluster.between([first, 'o1', 'c1'], [leaves!, ...stay, 'c2', 'c3']));
      cluster.administer(first, 'remove-server', leaves!);
      cluster.whenReported.set('leader', (leader) => {
        cluster.whenReported.clear();
        second = leader;
        void healed.heal();
        // Who leaves by the first change stays with the second leader; one who stays, with the first.
        const ally = leader === leaves ? stay[0]! : leaves!;
        const others = cluster.servers.filter((name) => name !== leader && name !== ally);
        levers.block(cluster.between([leader, ally, 'c2', 'o1'], [...others, 'c1', 'c3']));
        cluster.world.enter('o1', () => {
          removed = cluster.administer(leader, 'remove-server', first);
        });
      });
    });
    const here = cluster.script(3000, 'c1', write(2));
    const there = cluster.script(3000, 'c2', write(3));
    await cluster.run(5000);
    return {
      acknowledged: [...here, ...there].filter(({ type }) => type === 'ok').length,
      second: second !== first,
      removed: removed[0],
      complaints: new Set(cluster.complaints.map((text) => text.replace(/^.*: /, ''))),
    };
  }

  it('cannot both happen: the second leader first makes sure of its term', async () => {
    expect(await twoChanges([])).toEqual({
      acknowledged: 1,
      second: true,
      removed: { status: 'fail', error: 'too-early' },
      complaints: new Set(),
    });
  });

  it('flaw changes-before-own-commit: either side decides without the other', async () => {
    const { acknowledged, removed, complaints } = await twoChanges(['changes-before-own-commit']);
    expect(removed).toMatchObject({ status: 'ok' });
    expect(acknowledged).toBe(2);
    expect(complaints.size).toBe(1);
  });
});
