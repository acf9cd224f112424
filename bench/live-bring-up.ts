import { fileURLToPath } from 'node:url';
import { registries } from '../harness/cli/registries.ts';
import type { Plan } from '../harness/contract/index.ts';
import { enclosed } from '../harness/live/index.ts';
import { parsePlan } from '../harness/plan/index.ts';
import { missing } from './installed.ts';
import type { WorldJob, WorldMessage } from './live-world.ts';
import { type Figure, median } from './measure.ts';

const ENTRY = fileURLToPath(new URL('./live-world.js', import.meta.url));
const ROUNDS = 5;

/** Three servers and two clients: five namespaces. */
export function planOfFive(): Plan {
  const plan = { seed: 1, system: { name: 'redis' }, workload: { clients: 2 } };
  return parsePlan(plan, registries);
}

/** One world, up and down again. Milliseconds. */
async function upAndDown(): Promise<{
  readonly besides: number;
  readonly servers: number;
  readonly down: number;
}> {
  const began = performance.now();
  let [built, served, readyAt] = [0, 0, 0];
  const job: WorldJob = { plan: planOfFive(), asleep: false, stay: false };
  await enclosed<WorldMessage>({
    entry: ENTRY,
    job,
    heard(message) {
      if ('built' in message) built = message.built;
      else if ('served' in message) served = message.served;
      else readyAt = performance.now();
    },
  });
  const servers = served - built;
  return { besides: readyAt - began - servers, servers, down: performance.now() - readyAt };
}

/** How long it takes to bring up five hosts with a cluster of three, and to take them down. Nothing where the live world cannot be made. */
export async function bringUpFigures(): Promise<Figure[]> {
  const lacking = missing(['ip', 'nft', 'redis-server']);
  if (lacking.length > 0) return [];
  const rounds: Awaited<ReturnType<typeof upAndDown>>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await upAndDown());
  const seconds = (of: (round: (typeof rounds)[number]) => number): number => median(rounds.map(of)) / 1000;
  return [
    {
      name: 'live, up',
      what: 'five network namespaces, their switches, clients that can be asked; besides the start of the servers',
      value: seconds(({ besides }) => besides),
      unit: 's',
      target: { atMost: 3 },
    },
    {
      name: 'live, servers',
      what: 'three Redis servers with Sentinels, ready to serve',
      value: seconds(({ servers }) => servers),
      unit: 's',
    },
    {
      name: 'live, down',
      what: 'from the end of a run until nothing of it is left',
      value: seconds(({ down }) => down),
      unit: 's',
      target: { atMost: 1 },
    },
  ];
}
