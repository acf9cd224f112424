import { describe, expect, it } from 'vitest';
import { compared, contender, rowsOf } from './testing/in-process.ts';

/** What the literature says of strategies, each beside a control that lacks it. */
const asynchronous = contender('async', 'primary-backup', { mode: 'asynchronous' });
const synchronous = contender('sync', 'primary-backup', { mode: 'synchronous' });
const chain = contender('chain', 'chain');
const raft = contender('raft', 'raft', { servers: 3 });
const single = contender('single', 'single-server');

const lastWriteWins = { servers: 3, quorum: 'strict', resolution: 'last-write-wins' };
const one = contender('1+1', 'quorum', { ...lastWriteWins, r: 1, w: 1 });
const two = contender('2+2', 'quorum', { ...lastWriteWins, r: 2, w: 2 });
const wallClock = contender('wall clock', 'quorum', { ...lastWriteWins, readRepair: 'before-reply' });
const logical = contender('logical', 'quorum', {
  ...lastWriteWins,
  readRepair: 'before-reply',
  timestamps: 'quorum',
});
const siblings = contender('siblings', 'quorum', { servers: 3, quorum: 'strict' });

const unharmed = { keeps: ['linearizable'], breaks: [], lost: { writes: 0, unknown: 0 }, stale: 0 };

describe('replication, as the literature has it', () => {
  it('without faults all that lead alone are linearizable, and waiting for copies costs messages and time', async () => {
    const rows = rowsOf(await compared([single, asynchronous, synchronous, raft], 'none', { seeds: 3 }));
    for (const row of Object.values(rows)) expect(row).toMatchObject(unharmed);
    expect(rows.sync!.latency.p50).toBeGreaterThan(1.5 * rows.async!.latency.p50!);
    expect(rows.raft!.messages).toBeGreaterThan(2 * rows.single!.messages!);
    expect(rows.sync!.differences!.p50!.from).toBeGreaterThan(0);
  });

  it('on failover in a partition asynchronous replication loses acknowledged writes and reads stale; synchronous, chain and raft do not', async () => {
    const rows = rowsOf(await compared([asynchronous, synchronous, chain, raft], 'partition', { seeds: 6 }));
    expect(rows.async!.lost.writes).toBeGreaterThan(5);
    expect(rows.async!.stale).toBeGreaterThan(20);
    expect(rows.async!.violations.map(({ model }) => model)).toContain('sequential');
    for (const label of ['sync', 'chain', 'raft']) expect(rows[label]).toMatchObject(unharmed);
    // And that is what it buys.
    expect(rows.async!.availability).toBeGreaterThan(rows.sync!.availability! + 0.05);
  });

  it('a copy is a spare: raft outlives the crash that takes a single server down', async () => {
    const rows = rowsOf(await compared([single, raft], 'crash', { seeds: 5 }));
    expect(rows.raft!.availability).toBeGreaterThan(0.97);
    expect(rows.single!.availability).toBeLessThan(0.8);
    expect(rows.single!.repair.mean).toBeGreaterThan(5e8);
  });

  it('a primary that is cut off stops where a majority is waited for, and goes on where it is not, to be overruled', async () => {
    const rows = rowsOf(await compared([raft, one], 'partition', { seeds: 6 }));
    expect(rows.raft).toMatchObject(unharmed);
    expect(rows['1+1']!.availability).toBeGreaterThan(rows.raft!.availability!);
    expect(rows['1+1']!.stale).toBeGreaterThan(20);
  });
});

describe('quorums, as the literature has it', () => {
  const busy = { keys: 1, rate: 1000 };

  it('R + W <= N reads stale without any fault, R + W > N does not', async () => {
    const rows = rowsOf(await compared([one, two], 'none', { seeds: 3, conditions: busy }));
    expect(rows['1+1']!.stale).toBeGreaterThan(10);
    expect(rows['2+2']).toMatchObject({ stale: 0, lost: { writes: 0 } });
  });

  it('last write wins loses updates under clock skew; timestamps from a quorum and siblings do not', async () => {
    const rows = rowsOf(await compared([wallClock, logical, siblings, raft], 'clock', { seeds: 6 }));
    expect(rows['wall clock']!.lost.writes).toBeGreaterThan(5);
    for (const label of ['logical', 'siblings', 'raft']) expect(rows[label]!.lost.writes).toBe(0);
    expect(rows.logical).toMatchObject(unharmed);
  });

  it('copies that diverged agree again after the partition, replicas of a CRDT too, which answer all along', async () => {
    const crdt = contender('crdt', 'crdt', { replicas: 3, type: 'register' });
    const rows = rowsOf(await compared([one, two, crdt], 'partition', { seeds: 4 }));
    expect(rows.crdt!.availability).toBeGreaterThan(rows['2+2']!.availability!);
    expect(rows.crdt!.lost.writes).toBe(0);
    expect(rows.crdt!.violations.map(({ model }) => model)).toContain('linearizable');
    for (const row of Object.values(rows))
      expect(row.violations.map(({ model }) => model)).not.toContain('convergent');
  });
});

describe('the rest of the price list', () => {
  it('a balancer that looks at queues spares users the slow server, one that does not sends them there', async () => {
    const balancedBy = (balancer: string) =>
      contender(balancer, 'web-tier', {
        balancer,
        balancers: 1,
        frontEnds: 4,
        frontEndsMost: 4,
        speeds: [1, 1, 1, 0.5],
        work: '20ms',
      });
    const rows = rowsOf(
      await compared([balancedBy('random'), balancedBy('least-outstanding')], 'none', { seeds: 3 }),
    );
    expect(rows.random!.latency.p50).toBeGreaterThan(1.5 * rows['least-outstanding']!.latency.p50!);
  });

  it('between data centres a write that waits for most of them pays the cable, one that does not is lost with it', async () => {
    const site = (mode: string) => contender(mode, 'geo-replicated', { mode });
    const sites = [site('synchronous'), site('asynchronous')];
    const calm = rowsOf(await compared(sites, 'none', { seeds: 2 }));
    expect(calm.synchronous!.latency.p50).toBeGreaterThan(2 * calm.asynchronous!.latency.p50!);
    const cut = rowsOf(await compared(sites, 'cable', { seeds: 6 }));
    expect(cut.synchronous).toMatchObject({ keeps: ['linearizable'], lost: { writes: 0 } });
    expect(cut.asynchronous!.lost.writes).toBeGreaterThan(0);
  });
});
