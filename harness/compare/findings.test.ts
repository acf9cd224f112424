import { describe, expect, it } from 'vitest';
import { compared, contender, rowsOf } from './testing/in-process.ts';

/** What the literature says of strategies, each beside a control that lacks it. */
const asynchronous = contender('async', 'primary-backup', { mode: 'asynchronous' });
const synchronous = contender('sync', 'primary-backup', { mode: 'synchronous' });
const raft = contender('raft', 'raft', { servers: 3 });
const single = contender('single', 'single-server');

describe('replication, as the literature has it', () => {
  it('without faults all that lead alone are linearizable, and waiting for copies costs messages and time', async () => {
    const rows = rowsOf(await compared([single, asynchronous, synchronous, raft], 'none', { seeds: 3 }));
    for (const row of Object.values(rows)) {
      expect(row).toMatchObject({ keeps: ['linearizable'], breaks: [], lost: { writes: 0 }, stale: 0 });
    }
    expect(rows.sync!.latency.p50).toBeGreaterThan(1.5 * rows.async!.latency.p50!);
    expect(rows.raft!.messages).toBeGreaterThan(2 * rows.single!.messages!);
    expect(rows.sync!.differences!.p50!.from).toBeGreaterThan(0);
  });

  it('partitioned, asynchronous replication loses acknowledged writes and reads stale; synchronous and raft do not', async () => {
    const rows = rowsOf(await compared([asynchronous, synchronous, raft], 'partition', { seeds: 8 }));
    expect(rows.async!.lost.writes).toBeGreaterThan(5);
    expect(rows.async!.stale).toBeGreaterThan(20);
    expect(rows.async!.violations.map(({ model }) => model)).toContain('linearizable');
    for (const label of ['sync', 'raft']) {
      expect(rows[label]).toMatchObject({ keeps: ['linearizable'], lost: { writes: 0 }, stale: 0 });
    }
    // And that is what it buys.
    expect(rows.async!.availability).toBeGreaterThan(rows.sync!.availability! + 0.05);
  });

  it('a copy is a spare: raft outlives the crash that takes a single server down', async () => {
    const rows = rowsOf(await compared([single, raft], 'crash', { seeds: 5 }));
    expect(rows.raft!.availability).toBeGreaterThan(0.97);
    expect(rows.single!.availability).toBeLessThan(0.8);
  });
});
