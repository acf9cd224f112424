import { describe, expect, it } from 'vitest';
import { type CacheHitRateOptions, cacheHitRate, check } from '../../checkers/index.ts';
import { type Json, MILLISECOND, type Nanos, type Plan, SECOND } from '../../harness/contract/index.ts';
import { isOperation } from '../../histories/index.ts';
import { type Trial, type TrialRequest, trial } from '../testing/trial.ts';
import { cacheAside } from './index.ts';

const reads = { visitShare: 0, readShare: 1, writeShare: 0, casShare: 0 };

function hitRate({ history }: Trial, options: CacheHitRateOptions) {
  return check(history, cacheHitRate, options);
}

describe('the hit rate', () => {
  /** Entries do not expire, and the caches have room for all keys. */
  const busy: TrialRequest = {
    time: 5 * SECOND,
    faults: [],
    clients: 10,
    rate: 800,
    workload: { name: 'requests', options: { ...reads, keys: 200 } },
  };
  const warm = { window: 150 * MILLISECOND, warmUp: 3.5 * SECOND, atLeast: 50 };
  const options = (router: string, changes: Json): Json => ({
    router,
    changes,
    ttl: 60 * SECOND,
    capacity: 400,
    membersAge: 50 * MILLISECOND,
  });

  it.each([
    ['modulo', 0.1, 0.5, 'low-hit-rate'],
    ['consistent-hash', 0.55, 0.95, undefined],
    ['rendezvous', 0.55, 0.95, undefined],
  ])(
    'falls with %s when a fourth cache joins, as the share of the keys that move',
    async (router, least, most, anomaly) => {
      const joins = [{ at: 4.5 * SECOND, add: 3 }];
      const run = await trial(cacheAside, 1, { ...busy, options: options(router, joins) });
      const { figures, anomalies } = hitRate(run, { ...warm, floor: 0.5 });
      expect(figures.lowest).toBeGreaterThan(least);
      expect(figures.lowest).toBeLessThan(most);
      expect(anomalies[0]?.name).toBe(anomaly);
    },
  );

  it('collapses when all caches are started anew with nothing in them, and comes back', async () => {
    const caches = ['cache1', 'cache2', 'cache3'];
    const schedule: Plan['schedule'] = [
      { at: 3 * SECOND, fault: 'restart', target: { hosts: caches }, parameters: {} },
    ];
    const cold = await trial(cacheAside, 1, { ...busy, options: options('rendezvous', []), schedule });
    const lowestAfter = (warmUp: Nanos) => hitRate(cold, { ...warm, warmUp }).figures.lowest;
    expect(lowestAfter(3.5 * SECOND)).toBeLessThan(0.5);
    expect(lowestAfter(5.2 * SECOND)).toBeGreaterThan(0.9);
  });
});

describe('a hot key that expires', () => {
  /** Reads of the hot key that the store had to answer, for each time that its entry expired. */
  async function stampede(leases: boolean): Promise<number> {
    const ttl = SECOND;
    const { events } = await trial(cacheAside, 1, {
      time: 4 * SECOND,
      faults: [],
      clients: 40,
      workload: { name: 'requests', options: { ...reads, keys: 20, hotShare: 0.95, perSecond: 1500 } },
      options: { leases, ttl, changes: [], storeWork: 2 * MILLISECOND, cacheTimeout: 200 * MILLISECOND },
    });
    const fromStore = events.filter(
      (event) => isOperation(event) && event.type === 'ok' && event.key === 'k0' && event.node === 'store1',
    );
    return fromStore.length / ((5 * SECOND) / ttl);
  }

  it('sends everybody to the store, with leases one', async () => {
    expect(await stampede(false)).toBeGreaterThan(10);
    expect(await stampede(true)).toBeLessThan(3);
  });
});
