import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../contract/index.ts';
import { testWorld } from './testing/world.ts';
import type { TraceOptions } from './trace.ts';

const MS = MILLISECOND;

/** Three hosts: n1 asks n2 every 10 ms and writes; n3 is cut off after 25 ms, dies at 35 ms. */
async function run(options?: Omit<TraceOptions, 'line'>) {
  const lines: string[] = [];
  const trace = options && { ...options, line: (text: string) => void lines.push(text) };
  const { world } = testWorld(3, { jitter: 20_000, loss: 0.1 }, { seed: 3, trace });
  for (const name of ['n2', 'n3']) world.boot(name, (host) => host.network.onRequest((message) => message));
  world.boot('n1', async (host) => {
    for (let n = 1; n <= 5; n++) {
      for (const to of ['n2', 'n3']) {
        host.network.request(to, { type: 'ask', n }, { timeout: 5 * MS }).catch(() => {});
      }
      await host.disk.append('log', new Uint8Array(8));
      await host.sleep(10 * MS);
    }
  });
  world.at(25 * MS, () => void world.levers.block([['n1', 'n3']]));
  world.at(35 * MS, () => void world.levers.power('n3', 'keep'));
  world.at(SECOND, () => world.stop());
  const { digest, events } = await world.run();
  return { lines, digest, events };
}

describe('a trace', () => {
  it('does not change the run', async () => {
    const { digest, events } = await run();
    for (const options of [
      {},
      { host: 'n2' },
      { from: MS, to: 2 * MS },
      { events: { first: 0, last: 1e6 } },
    ]) {
      expect(await run(options)).toMatchObject({ digest, events });
    }
  });

  it('tells the fate of each message, and the events of hosts', async () => {
    const { lines } = await run({});
    expect(lines[0]).toBe('  0.000000s  n2  process 1 started');
    expect(
      lines.filter((line) => line.endsWith('n1 -> n3  request blocked  {"type":"ask","n":4}')),
    ).toHaveLength(1);
    expect(
      lines.some((line) =>
        /n2 -> n1 {2}reply (delivered after [\d.]+us|lost) {2}\{"type":"ask","n":1\}$/.test(line),
      ),
    ).toBe(true);
    expect(lines.some((line) => / n1 {2}disk append log 8 B$/.test(line))).toBe(true);
    expect(lines.some((line) => / n1 {2}timer$/.test(line))).toBe(true);
    expect(lines.some((line) => / n1 {2}no reply from n3 within 5ms$/.test(line))).toBe(true);
    expect(lines.filter((line) => line.startsWith('  0.035000s  n3'))).toEqual([
      '  0.035000s  n3  process 1 ended',
      '  0.035000s  n3  power lost; unsynced writes: 0 kept, 0 lost, 0 torn',
    ]);
  });

  it('keeps to one host', async () => {
    const all = (await run({})).lines;
    const { lines } = await run({ host: 'n3' });
    expect(lines).toEqual(all.filter((line) => / n3 /.test(line) && !line.includes('no reply')));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(all.length);
  });

  it('keeps to a span of time, both ends included', async () => {
    const all = (await run({})).lines;
    const { lines } = await run({ from: 20 * MS, to: 30 * MS });
    const within = (line: string): boolean => {
      const time = Number(/^ *([\d.]+)s/.exec(line)![1]) * SECOND;
      return time >= 20 * MS && time <= 30 * MS;
    };
    expect(lines).toEqual(all.filter(within));
    expect(lines.length).toBeGreaterThan(0);
    expect(await run({ from: 2 * SECOND }).then(({ lines: none }) => none)).toEqual([]);
  });

  it('numbers the events of the queue on demand: what two runs are compared by', async () => {
    const { lines, events } = await run({ events: { first: 2, last: 4 } });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['#2', '#3', '#4']);
    expect(lines[0]).toMatch(/^#2 0 ns {2}machine n1 0$/);
    expect(events).toBeGreaterThan(5);
  });

  it('shortens long messages', async () => {
    const lines: string[] = [];
    const { world } = testWorld(2, {}, { trace: { line: (text) => void lines.push(text) } });
    world.boot('n1', (host) => host.network.send('n2', 'x'.repeat(1000)));
    await world.run();
    expect(lines.filter((line) => line.includes('->'))).toEqual([
      `  0.000110s  n1 -> n2  datagram no process  "${'x'.repeat(199)}... (1002 characters)`,
    ]);
  });
});
