import { describe, expect, it } from 'vitest';
import {
  agreement,
  assertions,
  availability,
  type Checker,
  corruption,
  durability,
  judge,
  stats,
} from '../../checkers/index.ts';
import { linearizable } from '../../checkers/linearizable/index.ts';
import type { Nemesis, System } from '../../harness/contract/index.ts';
import { runPlan } from '../../harness/controller/index.ts';
import { generatePlan } from '../../harness/plan/index.ts';
import { createSimulator } from '../../harness/simulator/index.ts';
import { register } from '../../harness/workload/index.ts';
import { nemeses } from '../../nemeses/index.ts';
import { tolerance } from './claims.ts';
import { raft } from './index.ts';

const CHECKERS = [
  linearizable,
  agreement,
  assertions,
  durability,
  corruption,
  availability,
  stats,
] as readonly Checker[];

async function anomaliesOf(seed: number, faults: readonly string[] | undefined, seconds: number) {
  const system = raft as System;
  const workload = register as Parameters<typeof runPlan>[0]['workload'];
  const request = {
    system,
    nemeses: nemeses as readonly Nemesis[],
    workloads: [workload],
    time: seconds * 1e9,
  };
  const plan = generatePlan({ ...request, ...(faults && { faults }), seed });
  const { header, events } = await runPlan({
    plan,
    system,
    workload,
    nemeses,
    world: ({ seed, topology, world, limits }, observe) =>
      createSimulator({ seed, topology, settings: world, limits, observe }),
  });
  const { verdicts } = judge({ header, events }, header.checkers ?? [], CHECKERS);
  return verdicts.flatMap((verdict) =>
    verdict.anomalies.map(({ name, explanation }) => `${name}: ${explanation}`),
  );
}

describe('each fault of the tolerance table alone', () => {
  for (const { fault } of tolerance({})) {
    it(`${fault}: every promise is kept`, async () => {
      expect(await anomaliesOf(1, [fault], 2)).toEqual([]);
    });
  }
});

describe('many faults together', () => {
  for (let seed = 1; seed <= 5; seed++) {
    it(`seed ${seed}: every promise is kept`, async () => {
      expect(await anomaliesOf(seed, undefined, 4)).toEqual([]);
    });
  }
});
