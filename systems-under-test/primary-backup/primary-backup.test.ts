import { describe, expect, it } from 'vitest';
import { MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { primaryBackup } from './index.ts';

const short = { time: 5 * SECOND };

describe('primary-backup, synchronous', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(primaryBackup, seed, short))).toEqual([]);
  });

  it('is valid without faults', async () => {
    expect(complaints(await trial(primaryBackup, 1, { ...short, faults: [] }))).toEqual([]);
  });

  it.each([
    ['lease-read', ['pause-process', 'partition-primary', 'partition-halves']],
    ['backup-accepts-old-view', ['pause-process', 'partition-primary', 'partition-bridge']],
    ['acknowledges-before-backup', ['partition-primary', 'partition-halves']],
    ['falls-back-to-asynchronous', ['partition-primary', 'partition-halves']],
    ['view-not-persisted', ['kill', 'crash']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    const result = await caught(primaryBackup, flaw, { faults }, 40);
    expect(result).toMatchObject({ without: [] });
  });

  it('goes on while the view service is down, and changes views when it is back', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, for: 2 * SECOND, fault: 'kill', target: { hosts: ['view1'] }, parameters: {} },
      { at: 3500 * MILLISECOND, for: SECOND, fault: 'kill', target: { hosts: ['n1', 'n2'] }, parameters: {} },
    ];
    const { events, judgement } = await trial(primaryBackup, 1, { ...short, schedule });
    expect(judgement.validity).toBe('valid');
    const served = (from: number, to: number) =>
      events.filter(({ time, type }) => type === 'ok' && time >= from && time < to).length;
    expect(served(2.5 * SECOND, 4 * SECOND)).toBeGreaterThan(10);
    expect(events.some((event) => 'kind' in event && event.kind === 'view' && event.time > 4 * SECOND)).toBe(
      true,
    );
  });

  it('makes the copy of a server anew whose disk was destroyed', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, fault: 'disk-destroyed', target: { hosts: ['n1'] }, parameters: {} },
      { at: 2 * SECOND, for: SECOND, fault: 'crash', target: { hosts: ['n1'] }, parameters: {} },
      { at: 4 * SECOND, for: SECOND, fault: 'kill', target: { hosts: ['n2'] }, parameters: {} },
    ];
    expect(complaints(await trial(primaryBackup, 1, { ...short, schedule }))).toEqual([]);
  });
});

describe('primary-backup, lease-read', () => {
  it('is caught when the holder is paused between check and act', async () => {
    const schedule: Plan['schedule'] = [1, 3, 5, 7].map((at) => ({
      at: at * SECOND,
      for: 600 * MILLISECOND,
      fault: 'pause-process',
      target: { role: 'leader', index: 0 },
      parameters: {},
    }));
    const result = await caught(primaryBackup, 'lease-read', { schedule, rate: 100, clients: 10 }, 30);
    expect(result).toEqual({ by: 'linearizable/nonlinearizable', without: [] });
  });
});

describe('primary-backup in a partition that cuts the primary off', () => {
  const schedule: Plan['schedule'] = [1, 3].map((at) => ({
    at: at * SECOND,
    for: SECOND,
    fault: 'partition-primary',
    target: { role: 'leader', index: 0 },
    parameters: {},
  }));
  const lost = async (mode: string) => {
    for (let seed = 1; seed <= 15; seed++) {
      const found = complaints(await trial(primaryBackup, seed, { ...short, schedule, options: { mode } }));
      if (found.length > 0) return found;
    }
    return [];
  };

  it('loses acknowledged writes in asynchronous mode', async () => {
    expect(await lost('asynchronous')).toContain('linearizable/nonlinearizable');
  });

  it('loses none in synchronous mode', async () => {
    expect(await lost('synchronous')).toEqual([]);
  });
});
