import { describe, expect, it } from 'vitest';
import { type Plan, SECOND, type System } from '../../harness/contract/index.ts';
import { isOperation, type Operation } from '../../histories/index.ts';
import { singleServer } from '../single-server/index.ts';
import { caught, complaints, type Trial, trial } from '../testing/trial.ts';
import { remoteStorage } from './index.ts';

const short = { time: 5 * SECOND };

const completed = ({ events }: Trial): Operation[] =>
  events.flatMap((event) => (isOperation(event) && event.type !== 'invoke' ? [event] : []));

/** Median of the latency of reads, in nanoseconds. */
async function medianRead(system: System): Promise<number> {
  const { events } = await trial(system, 1, { time: 5 * SECOND, faults: [], clients: 5, rate: 100 });
  const open = new Map<number, number>();
  const latencies: number[] = [];
  for (const event of events) {
    if (!isOperation(event) || event.f !== 'read') continue;
    if (event.type === 'invoke') open.set(event.process, event.time);
    else if (event.type === 'ok') latencies.push(event.time - open.get(event.process)!);
  }
  return latencies.sort((a, b) => a - b)[Math.floor(latencies.length / 2)]!;
}

describe('remote-storage', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(remoteStorage, seed, short))).toEqual([]);
  });

  it('is valid without faults', async () => {
    expect(complaints(await trial(remoteStorage, 1, { ...short, faults: [] }))).toEqual([]);
  });

  it.each([
    ['acknowledges-from-write-cache', ['power-loss', 'lost-writes']],
    ['writes-without-condition', ['packet-delay', 'packet-duplicate']],
    ['ignores-the-writer', ['packet-loss', 'reply-loss']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(remoteStorage, flaw, { faults }, 25)).toMatchObject({ without: [] });
  });

  it('reads take two to four times as long as from one box that has everything', async () => {
    const ratio = (await medianRead(remoteStorage as System)) / (await medianRead(singleServer as System));
    expect(ratio).toBeGreaterThan(2);
    expect(ratio).toBeLessThan(4);
  });

  const kill = (host: string): Plan['schedule'] => [
    { at: SECOND, for: 2 * SECOND, fault: 'kill', target: { hosts: [host] }, parameters: {} },
  ];
  const outcomes = async (host: string) => {
    const during = completed(await trial(remoteStorage, 1, { ...short, schedule: kill(host) })).filter(
      ({ time }) => time > 2.5 * SECOND && time < 3.9 * SECOND,
    );
    return new Set(during.map(({ type }) => type));
  };

  it('serves nobody while the appliance is away', async () => {
    expect(await outcomes('storage1')).not.toContain('ok');
  });

  it('serves while a compute server is away', async () => {
    expect(await outcomes('n1')).toContain('ok');
  });
});
