import { describe, expect, it } from 'vitest';
import { MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { type HistoryEvent, isObservation, isOperation } from '../../histories/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import type { Configuration } from './configuration.ts';
import { chain } from './index.ts';

const short = { time: 5 * SECOND };

/** The longest time in this part of a run in which no operation of this kind was answered. */
function silence(events: readonly HistoryEvent[], f: string, from: number, to: number): number {
  const answers = events
    .filter((event) => isOperation(event) && event.f === f && event.type === 'ok')
    .map(({ time }) => time)
    .filter((time) => time >= from && time <= to);
  return Math.max(...[...answers, to].map((time, nth) => time - (answers[nth - 1] ?? from)));
}

describe('chain', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(chain, seed, short))).toEqual([]);
  });

  it.each([4, 5])('keeps them with reads at any server, seed %i', async (seed) => {
    expect(complaints(await trial(chain, seed, { ...short, options: { reads: 'any' } }))).toEqual([]);
  });

  it.each([
    ['reads-without-lease', ['partition-one', 'partition-halves', 'pause-process']],
    ['new-tail-reads-at-once', ['kill']],
    ['acknowledges-before-tail', ['partition-primary', 'partition-halves']],
    ['skips-silent-successor', ['partition-primary', 'partition-halves']],
    ['reads-dirty-versions', ['packet-delay', 'partition-one']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(chain, flaw, { faults }, 60)).toMatchObject({ without: [] });
  });
});

describe('a chain of three, one of which dies', () => {
  const dead = (host: string): Plan['schedule'] => [
    { at: SECOND, for: 2 * SECOND, fault: 'crash', target: { hosts: [host] }, parameters: {} },
  ];
  /** Who plays which part in the end, head first. */
  const parts = (events: readonly HistoryEvent[]) => {
    const last = events.filter(isObservation).findLast(({ kind }) => kind === 'configuration');
    return (last!.data as Configuration).chain;
  };

  it.each([
    ['head', 0],
    ['middle', 1],
    ['tail', 2],
  ])('goes on without its %s in less than half a second, and takes it back at the tail', async (_, part) => {
    const { events: calm } = await trial(chain, 1, { ...short, schedule: [] });
    const host = parts(calm)[part]!;
    const { events, judgement } = await trial(chain, 1, {
      ...short,
      schedule: dead(host),
      rate: 200,
      clients: 10,
    });
    expect(judgement.validity).toBe('valid');
    for (const f of ['read', 'write'])
      expect(silence(events, f, 1.5 * SECOND, 5.5 * SECOND)).toBeLessThan(500 * MILLISECOND);
    expect(parts(events).at(-1)).toBe(host);
  });

  it('serves while the master is down, and loses reads only', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, for: 2 * SECOND, fault: 'kill', target: { hosts: ['master1'] }, parameters: {} },
    ];
    const { events, judgement } = await trial(chain, 1, { ...short, schedule, rate: 100 });
    expect(judgement.validity).toBe('valid');
    expect(silence(events, 'write', 2 * SECOND, 4 * SECOND)).toBeLessThan(500 * MILLISECOND);
    expect(silence(events, 'read', 2 * SECOND, 4.5 * SECOND)).toBeGreaterThan(SECOND);
  });

  it('makes the copy of a server anew whose disk was destroyed', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, fault: 'disk-destroyed', target: { hosts: ['n1'] }, parameters: {} },
      { at: 2 * SECOND, for: SECOND, fault: 'crash', target: { hosts: ['n1'] }, parameters: {} },
      { at: 4 * SECOND, for: SECOND, fault: 'kill', target: { hosts: ['n2'] }, parameters: {} },
    ];
    const result = await trial(chain, 1, { ...short, schedule });
    expect(complaints(result)).toEqual([]);
    expect(result.events).toContainEqual(expect.objectContaining({ kind: 'state-transfer', host: 'n1' }));
  });
});
