import { ring, SETTINGS, timers } from './events.ts';

async function main(): Promise<void> {
  const { performance } = globalThis;
  for (const [name, make] of [
    ['timers, callbacks', () => timers(5, SETTINGS)],
    ['messages, callbacks', () => ring(5, 50, SETTINGS, false).world],
    ['messages, async', () => ring(5, 50, SETTINGS, true).world],
    ['messages, async, cpu 10us', () => ring(5, 50, { ...SETTINGS, cpuPerEvent: 10_000 }, true).world],
  ] as const) {
    for (let round = 0; round < 3; round++) {
      const world = make();
      const duration = name.startsWith('timers') ? 1e9 * 0.4 : 8e9;
      world.at(duration, () => world.stop());
      const started = performance.now();
      const end = await world.run();
      const seconds = (performance.now() - started) / 1000;
      console.log(name, end.events, `${(end.events / seconds / 1e6).toFixed(2)} M events/s`, end.digest);
    }
  }
}
await main();
