import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bundleProgram, bundleWeb } from '../../harness/hosted/bundle/bundle.ts';
import { placesOf } from '../../harness/hosted/bundle/places.ts';
import { mountOf } from '../../harness/hosted/bundle/project.ts';
import { HostedHost, type LoadedPrograms } from '../../harness/hosted/hosted-host.ts';
import { createSimulator } from '../../harness/simulator/index.ts';
import { LIMITS, oneRack, SETTINGS } from '../events.ts';
import { type Figure, median } from '../measure.ts';
import { PROGRAMS } from './served.ts';

/** Runs a program on a host of its own. One that ends is started again a second later. @throws what the program does. */
async function run(
  file: string,
  seconds: number,
  looks: readonly (readonly [second: number, look: (starts: number) => void])[] = [],
): Promise<void> {
  const bundle = await bundleProgram({ entry: resolve(PROGRAMS, file), shown: file });
  const web = await bundleWeb();
  const loaded: LoadedPrograms = {
    byEntry: new Map([[bundle.file, bundle]]),
    web,
    mountOf,
    places: placesOf([bundle, web]),
  };
  const wrong: string[] = [];
  const world = createSimulator({
    seed: 1,
    topology: oneRack(2),
    settings: SETTINGS,
    limits: LIMITS,
    observe: ({ type, data }) => {
      if (type === 'uncaught') wrong.push(String(data));
    },
  });
  const hosts = {};
  let starts = 0;
  world.boot('n1', (host) => {
    starts++;
    new HostedHost(host, hosts, loaded, { bundle, env: {}, arguments: [], boot: 0, perEvent: 0 }).start();
  });
  for (const [second, look] of looks) world.at(second * 1e9, () => look(starts));
  world.at(seconds * 1e9, () => world.stop());
  await world.run();
  if (wrong.length > 0) throw new Error(`${file}: ${wrong[0]}`);
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Milliseconds of CPU time of a start, with all that it leaves to the garbage collector. */
async function startOf(file: string, seconds: number): Promise<number> {
  const from = { starts: 0, cpu: 0 };
  const to = { starts: 0, cpu: 0 };
  const look = (at: typeof from) => (starts: number) => Object.assign(at, { starts, cpu: cpuSeconds() });
  await run(file, 1.25 * seconds + 1, [
    [seconds / 4, look(from)],
    [1.25 * seconds, look(to)],
  ]);
  return ((to.cpu - from.cpu) / (to.starts - from.starts)) * 1000;
}

/** Megabytes that are reachable when a program has been started every second for so long, and for five times as long. */
async function heapAfter(file: string, seconds: number): Promise<readonly [early: number, late: number]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heaps: number[] = [];
  const look = (): void => {
    for (let time = 0; time < 3; time++) collect();
    heaps.push(process.memoryUsage().heapUsed / 1e6);
  };
  await run(file, 5 * seconds + 1, [
    [seconds, look],
    [5 * seconds, look],
  ]);
  return [heaps[0]!, heaps[1]!];
}

/** What hosts cost that run unmodified programs. */
export async function hostsOfPrograms(): Promise<Figure[]> {
  const fired: number[] = [];
  for (let round = 0; round < 4; round++) {
    const before = cpuSeconds();
    await run('timers.js', 1);
    // The first round is to warm up.
    if (round > 0) fired.push(1e6 / (cpuSeconds() - before));
  }
  const [early, late] = await heapAfter('started.js', 100);
  return [
    {
      name: 'hosted timers',
      what: 'a thousand timers of a program, each set again when it fires, each millisecond',
      value: median(fired),
      unit: 'timers per second of CPU time',
      target: { atLeast: 1e6 },
    },
    {
      name: 'hosted start, bare',
      what: 'CPU time to start a host whose program does nothing, and to forget it',
      value: await startOf('bare.js', 400),
      unit: 'ms',
      target: { atMost: 2 },
    },
    {
      name: 'hosted start, express and ioredis',
      what: 'the same for one that loads these and listens',
      value: await startOf('started.js', 100),
      unit: 'ms',
      target: { atMost: 60 },
    },
    {
      name: 'hosted restarts, memory',
      what: `reachable after 500 restarts of that program, over ${early.toFixed(0)} MB after 100`,
      value: late / early,
      unit: 'x',
      target: { atMost: 1.05 },
    },
  ];
}
