import { describe, expect, it } from 'vitest';
import { type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { singleServer } from './index.ts';

const short = { time: 5 * SECOND };

describe('single-server', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(singleServer, seed, short))).toEqual([]);
  });

  it('is valid without faults', async () => {
    expect(complaints(await trial(singleServer, 1, { ...short, faults: [] }))).toEqual([]);
  });

  it.each([
    ['acknowledges-before-sync', ['power-loss', 'lost-writes']],
    ['checkpoint-not-atomic', ['power-loss', 'lost-writes']],
    ['acknowledges-on-full-disk', ['disk-full', 'kill']],
    ['memory-not-checked', ['memory-bit-flip']],
    ['retries-blindly', ['reply-loss', 'pause-process']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    const result = await caught(singleServer, flaw, { faults }, 25);
    expect(result).toMatchObject({ without: [] });
  });

  it('goes on reading while the disk is full, and refuses writes by name', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, for: 2 * SECOND, fault: 'disk-full', target: { hosts: ['n1'] }, parameters: {} },
    ];
    const { events, judgement } = await trial(singleServer, 1, { ...short, schedule });
    expect(judgement.validity).toBe('valid');
    const during = events.filter(
      ({ time, type }) => time > 2.5 * SECOND && time < 3.9 * SECOND && type !== 'invoke',
    );
    const outcomes = new Set(
      during.flatMap((event) =>
        'f' in event && 'key' in event ? [`${event.f} ${event.type} ${event.error ?? ''}`.trim()] : [],
      ),
    );
    expect(outcomes).toContain('read ok');
    expect(outcomes).toContain('write fail disk-full');
    expect(outcomes).not.toContain('write ok');
  });

  it('stops serving rather than losing a record that was damaged on the disk', async () => {
    const at = (seconds: number) => seconds * SECOND;
    const schedule: Plan['schedule'] = [
      { at: at(2), fault: 'disk-bit-flip', target: { hosts: ['n1'] }, parameters: { bits: 1, file: 'log' } },
      { at: at(3), for: at(0.5), fault: 'kill', target: { hosts: ['n1'] }, parameters: {} },
    ];
    const { events, judgement } = await trial(singleServer, 1, {
      ...short,
      schedule,
      options: { checkpointBytes: 1e6 },
    });
    const stopped = events.filter((event) => 'kind' in event && event.kind === 'stopped');
    expect(stopped).toMatchObject([{ data: { error: 'damaged-storage' } }]);
    const wrong = judgement.verdicts.filter(
      ({ validity, checker }) => validity === 'invalid' && checker !== 'availability',
    );
    expect(wrong).toEqual([]);
  });
});
