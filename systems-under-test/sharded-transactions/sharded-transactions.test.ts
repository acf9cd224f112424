import { describe, expect, it } from 'vitest';
import { MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { shardedTransactions } from './index.ts';

const short = { time: 4 * SECOND };

describe('sharded-transactions', () => {
  it.each([
    ['list-append', 1],
    ['register', 2],
    ['bank', 3],
  ])('keeps its promises with the workload %s, seed %i', async (name, seed) => {
    expect(complaints(await trial(shardedTransactions, seed, { ...short, workload: { name } }))).toEqual([]);
  });

  it('has transactions over three groups', async () => {
    const request = { ...short, faults: [], options: { shards: 3 } };
    expect(complaints(await trial(shardedTransactions, 1, request))).toEqual([]);
  });

  it.each([
    ['prepare-not-replicated', ['crash', 'kill']],
    ['commits-on-silence', ['crash', 'kill', 'partition-halves']],
    ['aborts-after-vote', ['slow-host', 'disk-slow', 'partition-one']],
    ['reads-through-locks', []],
    ['range-handed-out-again', ['crash', 'kill']],
    ['oracle-not-confirmed', ['pause-process', 'partition-one', 'partition-primary']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(shardedTransactions, flaw, { faults }, 60)).toMatchObject({ without: [] });
  });
});

describe('atomicity when a participant or the coordinator dies', () => {
  /** All servers of a group lose their power in the midst of transactions, several times. */
  const outages = (group: string): Plan['schedule'] =>
    [500, 1500, 2500, 3500].map((at) => ({
      at: at * MILLISECOND,
      for: 300 * MILLISECOND,
      fault: 'crash',
      target: { hosts: [1, 2, 3].map((nth) => `${group}${nth}`) },
      parameters: {},
      mustBite: true,
    }));

  it.each(['shard-a', 'shard-b'])('no transaction is half done after power failures of %s', async (group) => {
    const outcomes: unknown[] = [];
    // In most seeds all those that are asked about were aborted.
    const both = () => new Set(outcomes).size === 2;
    for (let seed = 1; seed <= 3 || (seed <= 20 && !both()); seed++) {
      const request = { ...short, schedule: outages(group), rate: 200, clients: 8 };
      const done = await trial(shardedTransactions, seed, request);
      expect(complaints(done)).toEqual([]);
      for (const event of done.events) {
        if (!('kind' in event) || event.kind !== 'recovered-transaction') continue;
        outcomes.push((event.data as { readonly outcome: string }).outcome);
      }
    }
    // Transactions that somebody had to ask about, and both answers among them.
    expect(outcomes.length).toBeGreaterThan(5);
    expect(new Set(outcomes)).toEqual(new Set(['aborted', 'committed']));
  });
});
