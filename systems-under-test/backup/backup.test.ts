import { describe, expect, it } from 'vitest';
import { type Checker, durability, judge } from '../../checkers/index.ts';
import { MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { type HistoryEvent, isOperation } from '../../histories/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { backup } from './index.ts';

const short = { time: 5 * SECOND };

/** At so many seconds. */
const lost = (seconds: number, host: string, fault: string): Plan['schedule'][number] => ({
  at: seconds * SECOND,
  fault,
  target: { hosts: [host] },
  parameters: {},
});
const killed = (seconds: number, host: string): Plan['schedule'][number] => ({
  at: seconds * SECOND,
  for: 200 * MILLISECOND,
  fault: 'kill',
  target: { hosts: [host] },
  parameters: {},
});

describe('backup', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(backup, seed, short))).toEqual([]);
  });

  it('restores everything that was acknowledged before the files of the server were deleted', async () => {
    const schedule = [lost(2, 'n1', 'wrong-deletion'), killed(2.01, 'n1')];
    const found = await trial(backup, 1, { ...short, schedule });
    expect(complaints(found)).toEqual([]);
    const restored = found.events.filter((event) => 'kind' in event && event.kind === 'restored');
    expect(restored).toHaveLength(1);
  });

  it('notices that its own files were deleted long before they are needed', async () => {
    const schedule = [lost(2, 'backup1', 'wrong-deletion'), lost(4, 'n1', 'disk-destroyed')];
    const found = await trial(backup, 1, { ...short, schedule });
    expect(complaints(found)).toEqual([]);
    const kinds = found.events.flatMap((event) => ('kind' in event ? [event.kind] : []));
    expect(kinds).toContain('the backup wrote anew what was missing on its disk');
    expect(kinds).toContain('restored');
  });

  it('loses no more than an interval of acknowledged writes when shipping is periodic', async () => {
    const interval = 300 * MILLISECOND;
    // Faults are counted from the end of the warm-up.
    const diedAt = 4.01 * SECOND;
    const { history } = await trial(backup, 1, {
      ...short,
      schedule: [lost(3, 'n1', 'wrong-deletion'), killed(3.01, 'n1')],
      options: { shipping: 'periodic', interval },
      workload: { name: 'register', options: { keys: 200, valueMode: 'unique' } },
      clients: 5,
      rate: 200,
    });
    const validity = (events: readonly HistoryEvent[]) =>
      judge({ ...history, events }, [{ name: 'durability' }], [durability as Checker]).validity;
    // As if nobody had been promised anything in the time before the server died.
    const doubtful = (time: number) =>
      history.events.map((event): HistoryEvent => {
        const late = event.time > diedAt - time && event.time <= diedAt;
        return isOperation(event) && event.type === 'ok' && late ? { ...event, type: 'info' } : event;
      });
    expect(validity(doubtful(0))).toBe('invalid');
    expect(validity(doubtful(interval / 2))).toBe('invalid');
    expect(validity(doubtful(interval + 20 * MILLISECOND))).toBe('valid');
  });

  it.each([
    ['backup-deletes-along', ['wrong-deletion', 'kill', 'disk-destroyed']],
    ['restore-skips-tail', ['wrong-deletion', 'kill', 'disk-destroyed']],
    ['acknowledges-before-shipped', ['wrong-deletion', 'kill', 'disk-destroyed']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(backup, flaw, { faults }, 25)).toMatchObject({ without: [] });
  });
});
