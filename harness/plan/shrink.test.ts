import { describe, expect, it } from 'vitest';
import { nemeses } from '../../nemeses/index.ts';
import { MILLISECOND, type Plan, type ScheduledFault, SECOND } from '../contract/index.ts';
import { planGenerator } from './generate.ts';
import { type Failure, type OperationId, shrinkPlan } from './shrink.ts';
import { withTolerance } from './testing.ts';

const plans = planGenerator({
  system: withTolerance(nemeses.map(({ name }) => ({ fault: name, atOnce: 'all' as const }))),
  nemeses,
  clients: 10,
});

function crash(at: number, length: number, hosts: readonly string[] = ['n1', 'n2', 'n3']): ScheduledFault {
  return { at, for: length, fault: 'crash', target: { hosts }, parameters: {} };
}

function loss(at: number, length: number, share: number): ScheduledFault {
  return { at, for: length, fault: 'packet-loss', target: { hosts: ['n4'] }, parameters: { loss: share } };
}

const INVOKED: readonly OperationId[] = Array.from({ length: 1000 }, (_, nth) => [
  nth % 10,
  Math.floor(nth / 10),
]);

/** A long schedule with the two faults that matter in its midst. */
const busy: Plan = {
  ...plans(1),
  schedule: [
    ...Array.from({ length: 20 }, (_, nth) => loss(nth * 100 * MILLISECOND, 50 * MILLISECOND, 0.1)),
    crash(2.5 * SECOND, 3 * SECOND),
    loss(3 * SECOND, 4 * SECOND, 0.9),
    ...Array.from({ length: 20 }, (_, nth) => crash(5 * SECOND + nth * 100 * MILLISECOND, SECOND, ['n5'])),
  ],
};

function overlap(a: ScheduledFault, b: ScheduledFault): boolean {
  return a.at < b.at + (b.for ?? 0) && b.at < a.at + (a.for ?? 0);
}

/** Fails iff n2 is crashed while at least 30 % of packets are lost, and these three operations are invoked. */
const needed: readonly OperationId[] = [
  [3, 14],
  [7, 40],
  [3, 41],
];
function fails(plan: Plan): boolean {
  const crashes = plan.schedule.filter(
    ({ fault, target }) => fault === 'crash' && 'hosts' in target && target.hosts.includes('n2'),
  );
  const losses = plan.schedule.filter(({ parameters }) => Number(parameters.loss ?? 0) >= 0.3);
  const only = plan.workload.only ?? INVOKED;
  return (
    crashes.some((one) => losses.some((other) => overlap(one, other))) &&
    needed.every(([client, nth]) => only.some((id) => id[0] === client && id[1] === nth))
  );
}

async function test(plan: Plan): Promise<Failure | undefined> {
  if (!fails(plan)) return undefined;
  return { checker: 'linearizable', anomaly: 'nonlinearizable', operations: plan.workload.only ?? INVOKED };
}

describe('shrinkPlan', () => {
  it('leaves the two faults that must overlap, at one host, short and mild, and the operations that matter', async () => {
    const { plan, ended, runs } = await shrinkPlan(busy, { test, nemeses });
    expect(plan.workload.only).toEqual(needed);
    expect(plan.schedule).toHaveLength(2);
    const [one, other] = plan.schedule;
    expect(one).toMatchObject({ at: 2.5 * SECOND, fault: 'crash', target: { hosts: ['n2'] } });
    expect(other).toMatchObject({ at: 3 * SECOND, fault: 'packet-loss' });
    expect(other!.parameters.loss).toBeLessThan(0.6);
    expect(one!.for).toBeLessThan(SECOND);
    expect(plan.phases.faults).toBeLessThan(5 * SECOND);
    expect(plan.world).toMatchObject({ jitter: 0, loss: 0, slowShare: 0 });
    expect(ended).toBe('minimal');
    expect(runs).toBeLessThanOrEqual(300);
    expect(await test(plan)).toBeDefined();
  });

  it('needs far fewer runs when the anomaly names its operations', async () => {
    const blind = await shrinkPlan(busy, { test, nemeses });
    const told = await shrinkPlan(busy, {
      nemeses,
      test: async (plan) => {
        const failure = await test(plan);
        return failure && { ...failure, proof: needed, until: 4 * SECOND };
      },
    });
    expect(told.plan.workload.only).toEqual(needed);
    expect(told.runs).toBeLessThan(blind.runs / 1.5);
  });

  it('gives the same result with the same number of runs for any concurrency and any timing', async () => {
    const alone = await shrinkPlan(busy, { test, nemeses, budget: 120 });
    for (const concurrency of [2, 7]) {
      let nth = 0;
      let running = 0;
      let most = 0;
      const together = await shrinkPlan(busy, {
        nemeses,
        budget: 120,
        concurrency,
        async test(plan) {
          most = Math.max(most, ++running);
          for (let turns = (nth++ * 7) % 5; turns >= 0; turns--) await Promise.resolve();
          running--;
          return test(plan);
        },
      });
      expect(together).toEqual(alone);
      expect(most).toBe(concurrency);
    }
  });

  it('keeps checker and anomaly, though another failure would be smaller', async () => {
    const { plan } = await shrinkPlan(busy, {
      nemeses,
      async test(candidate) {
        if (candidate.schedule.length < 5) return { checker: 'stats', anomaly: 'no-operations' };
        return test(candidate);
      },
    });
    expect(plan.schedule).toHaveLength(5);
  });

  it('keeps to its budget and says so', async () => {
    let tried = 0;
    const counting = (plan: Plan) => {
      tried++;
      return test(plan);
    };
    const { runs, ended, plan } = await shrinkPlan(busy, { test: counting, nemeses, budget: 20 });
    expect([runs, tried, ended]).toEqual([20, 20, 'budget']);
    expect(fails(plan)).toBe(true);
  });

  it('tries no plan that is not acceptable', async () => {
    const accept = (plan: Plan) => plan.schedule.length >= 10;
    const { plan } = await shrinkPlan(busy, {
      accept,
      nemeses,
      async test(candidate) {
        expect(accept(candidate)).toBe(true);
        return test(candidate);
      },
    });
    expect(plan.schedule).toHaveLength(10);
  });

  it('needs nothing of a plan that fails whatever happens', async () => {
    const always = async (plan: Plan): Promise<Failure> => ({
      checker: 'assertions',
      anomaly: 'assertion',
      operations: plan.workload.only ?? INVOKED,
    });
    const { plan, runs } = await shrinkPlan(busy, { test: always, nemeses });
    expect(plan.schedule).toEqual([]);
    expect(plan.workload.only).toEqual([]);
    expect(runs).toBeLessThan(20);
  });

  it('refuses a plan that does not fail, or fails otherwise', async () => {
    await expect(shrinkPlan(busy, { test: async () => undefined })).rejects.toThrow(
      'expected a plan that fails with any anomaly to be shrunk, found none',
    );
    const signature = { checker: 'durability', anomaly: 'lost-write' };
    await expect(shrinkPlan(busy, { test, signature })).rejects.toThrow(
      'expected a plan that fails with durability: lost-write to be shrunk, found linearizable: nonlinearizable',
    );
  });

  it('ends when a run could not be carried out', async () => {
    let tried = 0;
    const broken = async (plan: Plan) => {
      if (++tried === 5) throw new Error('worker died');
      return test(plan);
    };
    await expect(shrinkPlan(busy, { test: broken, concurrency: 3 })).rejects.toThrow('worker died');
  });

  it('shrinks generated plans to at most three faults and thirty operations, as a median', async () => {
    const sizes: { faults: number; operations: number; runs: number }[] = [];
    for (let seed = 0; seed < 21; seed++) {
      const original = plans(seed);
      const culprits = original.schedule.filter((_, nth) => (nth + seed) % 4 === 0).slice(0, 2);
      const invoked = INVOKED.slice(0, 400);
      const wanted = invoked.filter((_, nth) => (nth + seed * 7) % 31 === 0).map(String);
      const at = new Set(culprits.map((fault) => `${fault.at} ${fault.fault}`));
      const { plan, runs } = await shrinkPlan(original, {
        nemeses,
        async test(candidate) {
          const left = candidate.schedule.filter((fault) => at.has(`${fault.at} ${fault.fault}`));
          const only = candidate.workload.only ?? invoked;
          const ids = new Set(only.map(String));
          const kept = wanted.every((id) => ids.has(id));
          if (left.length < at.size || !kept) return undefined;
          return { checker: 'linearizable', anomaly: 'nonlinearizable', operations: only };
        },
      });
      sizes.push({ faults: plan.schedule.length, operations: plan.workload.only?.length ?? 400, runs });
    }
    const median = (of: 'faults' | 'operations' | 'runs') =>
      sizes.map((size) => size[of]).sort((a, b) => a - b)[(sizes.length - 1) / 2]!;
    expect(median('faults')).toBeLessThanOrEqual(3);
    expect(median('operations')).toBeLessThanOrEqual(30);
    expect(median('runs')).toBeLessThanOrEqual(400);
  });
});
