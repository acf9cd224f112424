import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { executeRun } from '../../harness/campaign/index.ts';
import { registries } from '../../harness/cli/registries.ts';
import type { System } from '../../harness/contract/index.ts';
import { hosted } from '../../harness/hosted/index.ts';
import { attachPrograms, bundlePrograms } from '../../harness/hosted/prepare.ts';
import { redis } from '../../systems-under-test/hosted/resp/index.ts';
import { type Figure, median } from '../measure.ts';

export const PROGRAMS = resolve('bench/hosted/programs');

const COMMON = {
  operations: ['generate'],
  workload: { name: 'unique-ids' },
  checkers: [{ name: 'unique-ids' }, { name: 'availability' }],
  tolerance: [],
} as const;

const withRedis = hosted({
  ...COMMON,
  name: 'ids',
  programs: { api: { entry: './ids.js', env: { REDIS_HOST: 'redis' } }, redis: redis() },
  client: './ids-client.js',
});

const plain = hosted({
  ...COMMON,
  name: 'plain',
  programs: { api: { entry: './plain.js' } },
  client: './plain-client.js',
});

export interface Measured {
  readonly requests: number;
  /** Of virtual time. */
  readonly simulated: number;
  /** Of CPU time: of all threads, so also of the garbage collector's. */
  readonly seconds: number;
}

/** A run without faults, its history written to a file and judged. @throws if it is not valid. */
async function measured(
  system: System,
  { rate, clients, seconds }: { readonly rate: number; readonly clients: number; readonly seconds: number },
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'sixways-bench-'));
  try {
    const before = process.cpuUsage();
    const generation = { rate, clients, faults: [], time: seconds * 1e9 };
    const task = {
      system: { name: system.name, digest: '' },
      seed: 1,
      generation,
      history: join(folder, 'history.jsonl'),
      check: {},
    };
    const run = await executeRun(task, system, registries, {});
    const { user, system: kernel } = process.cpuUsage(before);
    if (run.validity !== 'valid') throw new Error(`${system.name}: ${run.reasons.join(', ')}`);
    return { requests: run.succeeded, simulated: run.simulated / 1e9, seconds: (user + kernel) / 1e6 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a system ready, and its code warm. */
async function prepared(
  system: System,
  what: Parameters<typeof measured>[1],
): Promise<() => Promise<Measured>> {
  attachPrograms(system, (await bundlePrograms(system, PROGRAMS))!);
  await measured(system, what);
  return () => measured(system, what);
}

const CLIENTS = 10;
/** Of the plain server under plain Node. */
const PORT = 38_471;

async function loopback(): Promise<number> {
  const file = resolve(PROGRAMS, 'loopback.js');
  const { stdout } = await execa(process.execPath, [file, String(CLIENTS), '2', String(PORT)]);
  return Number(stdout);
}

/** What an application costs, and how that compares with what it costs in earnest. */
export async function servedFigures(): Promise<Figure[]> {
  const serve = await prepared(withRedis, { rate: 40, clients: CLIENTS, seconds: 60 });
  const services: Measured[] = [];
  for (let round = 0; round < 3; round++) services.push(await serve());
  const saturate = await prepared(plain, { rate: 1e6, clients: CLIENTS, seconds: 5 });
  // In turns, since neighbours on the machine come and go.
  const rates: { readonly hosted: number; readonly inEarnest: number }[] = [];
  for (let round = 0; round < 5; round++) {
    const { requests, seconds } = await saturate();
    rates.push({ hosted: requests / seconds, inEarnest: await loopback() });
  }
  return [
    {
      name: 'hosted service',
      what: `express, ioredis and ${CLIENTS} clients with \`fetch\`, 40 requests per virtual second, history and checking on: virtual seconds in a second of CPU time`,
      value: median(services.map(({ simulated, seconds }) => simulated / seconds)),
      unit: 'x',
      target: { atLeast: 10 },
    },
    {
      name: 'hosted http',
      what: `${CLIENTS} clients of \`node:http\`, as fast as they can, history and checking on`,
      value: median(rates.map(({ hosted }) => hosted)),
      unit: 'requests per second of CPU time',
    },
    {
      name: 'hosted http, share of plain Node',
      what: `the same server and clients over the loopback device do ${Math.round(median(rates.map(({ inEarnest }) => inEarnest)))}`,
      value: median(rates.map(({ hosted, inEarnest }) => (100 * hosted) / inEarnest)),
      unit: '%',
      target: { atLeast: 70 },
    },
  ];
}
