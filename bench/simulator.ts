import { ring, SETTINGS, timers } from './events.ts';
import { duration, type Figure, rate } from './measure.ts';
import { RunBench } from './runs.ts';

const SECOND = 1e9;

/** The engine and the network alone. */
export async function engineFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  figures.push(
    await rate(
      'engine',
      'timer events of 5 hosts, callbacks, CPU time 0',
      'events/s',
      5,
      async () => {
        const world = timers(5, SETTINGS);
        world.at(0.4 * SECOND, () => world.stop());
        return (await world.run()).events;
      },
      { atLeast: 3e6 },
    ),
  );
  for (const [name, asynchronous, cpuPerEvent, target] of [
    ['messages, callbacks', false, 0, undefined],
    ['messages, async', true, 0, { atLeast: 8e5 }],
    ['messages, async, CPU time', true, 10_000, undefined],
  ] as const) {
    figures.push(
      await rate(
        name,
        `deliveries into system code: 50 messages going round 5 hosts, handlers ${asynchronous ? 'that await once' : 'by callback'}, ${cpuPerEvent / 1000} us of CPU time an event`,
        'deliveries/s',
        5,
        async () => {
          const { world, deliveries } = ring(5, 50, { ...SETTINGS, cpuPerEvent }, asynchronous);
          world.at(4 * SECOND, () => world.stop());
          await world.run();
          return deliveries();
        },
        target,
      ),
    );
  }
  for (const hosts of [5, 50, 500]) {
    figures.push(
      await rate(
        `${hosts} hosts`,
        `deliveries of ${hosts} messages going round ${hosts} hosts, async, 10 us of CPU time`,
        'deliveries/s',
        3,
        async () => {
          const { world, deliveries } = ring(hosts, hosts, { ...SETTINGS, cpuPerEvent: 10_000 }, true);
          world.at((200 / hosts) * SECOND, () => world.stop());
          await world.run();
          return deliveries();
        },
      ),
    );
  }
  return figures;
}

/** Whole runs of raft: plan, simulation, history file, verdict. */
export async function raftFigures(): Promise<Figure[]> {
  const bench = new RunBench('raft');
  const figures: Figure[] = [];
  try {
    let seed = 1;
    for (let warm = 0; warm < 20; warm++)
      await bench.run({ seed: seed++, generation: { rate: 50, clients: 10 }, check: {} });
    figures.push(
      await rate(
        'raft, 10 s runs',
        '5 nodes, 10 clients, 50 operations/s, swarm faults, history written, judged by all its checkers',
        'runs/s',
        3,
        async () => {
          for (let i = 0; i < 20; i++)
            await bench.run({ seed: seed++, generation: { rate: 50, clients: 10 }, check: {} });
          return 20;
        },
        { atLeast: 20 },
      ),
    );
    let operations = 0;
    let events = 0;
    figures.push(
      await duration(
        'raft, 60 s run',
        '5 nodes, 10 clients, 200 operations/s for 60 simulated seconds, swarm faults, history written, not judged',
        5,
        async () => {
          const summary = await bench.run({
            seed: seed++,
            generation: { rate: 200, clients: 10, time: 60 * SECOND },
            check: false,
          });
          operations += summary.operations;
          events += summary.events;
        },
        { atMost: 2 },
      ),
    );
    figures.push({
      name: 'raft, 60 s run',
      what: 'operations in it, on average',
      value: operations / 5,
      unit: 'operations',
    });
    figures.push({
      name: 'raft, 60 s run',
      what: 'events in it, on average',
      value: events / 5,
      unit: 'events',
    });
  } finally {
    bench.end();
  }
  return figures;
}
