import { describe, expect, it } from 'vitest';
import { type Json, MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import type { HistoryEvent } from '../../histories/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { fileStore } from './index.ts';

const short = { time: 4 * SECOND };
/** Few writes: what is lost or rotten is not overwritten before anybody can tell. */
const reading = { name: 'register', options: { keys: 15, readShare: 10, writeShare: 1, casShare: 0 } };

const notes = (events: readonly HistoryEvent[], kind: string) =>
  events.filter((event) => 'kind' in event && event.kind === kind);
const chunks = (events: readonly HistoryEvent[], kind: string) =>
  notes(events, kind).map((event) =>
    'data' in event ? (event.data as { readonly [name: string]: Json }).chunk : null,
  );

describe('file-store', () => {
  it.each([1, 2])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(fileStore, seed, short))).toEqual([]);
  });

  it.each([
    ['accepts-stale-copies', ['crash', 'switch-down']],
    ['acknowledges-before-sync', ['power-loss']],
    ['reads-unverified', ['disk-bit-flip']],
    ['copies-damaged', ['disk-bit-flip']],
    ['collects-unfinished', ['packet-delay']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(fileStore, flaw, { faults, time: 5 * SECOND }, 15)).toMatchObject({ without: [] });
  });

  it('loses no acknowledged file with two disks dead at once, for good', async () => {
    const schedule: Plan['schedule'] = [
      { at: 2 * SECOND, fault: 'disk-destroyed', target: { hosts: ['chunk1', 'chunk3'] }, parameters: {} },
    ];
    const result = await trial(fileStore, 1, { time: 5 * SECOND, schedule, workload: reading });
    expect(complaints(result)).toEqual([]);
    // The final reads are of a time when all that was on the two disks has been copied again.
    expect(notes(result.events, 'disk-failed')).toHaveLength(2);
    expect(notes(result.events, 'copied').length).toBeGreaterThan(10);
    const final = result.events.filter((event) => 'phase' in event && event.phase === 'final');
    expect(final.filter(({ type }) => type === 'ok').length).toBeGreaterThan(0);
    expect(final.filter(({ type }) => type === 'fail' || type === 'info')).toEqual([]);
  });

  it('with three disks dead at once it can only say which chunks are lost', async () => {
    const hosts = ['chunk1', 'chunk2', 'chunk3'];
    const schedule: Plan['schedule'] = [
      { at: 3 * SECOND, fault: 'disk-destroyed', target: { hosts }, parameters: {} },
      {
        at: 3 * SECOND + MILLISECOND,
        for: 100 * MILLISECOND,
        fault: 'kill',
        target: { hosts },
        parameters: {},
      },
    ];
    const result = await trial(fileStore, 1, { time: 5 * SECOND, schedule, workload: reading });
    const found = complaints(result);
    expect(found).toContain('assertions/assertion');
  });

  it('finds each rotten copy and makes it anew from a sound one', async () => {
    const rot = (at: number, host: string): Plan['schedule'][number] => ({
      at: at * SECOND,
      fault: 'disk-bit-flip',
      target: { hosts: [host] },
      parameters: { bits: 1, file: 'chunk' },
    });
    const schedule = [rot(1, 'chunk2'), rot(2, 'chunk5'), rot(3, 'chunk2')];
    const result = await trial(fileStore, 2, {
      time: 6 * SECOND,
      schedule,
      workload: reading,
      options: { scrubInterval: 100 * MILLISECOND },
    });
    expect(complaints(result)).toEqual([]);
    const found = chunks(result.events, 'damage-found');
    const copied = chunks(result.events, 'copied');
    expect(found.length).toBeGreaterThan(1);
    // One that is not made anew was replaced by a new version first.
    expect(found.filter((chunk) => copied.includes(chunk)).length).toBeGreaterThan(0);
  });
});
