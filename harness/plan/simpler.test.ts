import { describe, expect, it } from 'vitest';
import { nemeses } from '../../nemeses/index.ts';
import { MILLISECOND, type ScheduledFault, SECOND } from '../contract/index.ts';
import { simplerFaults } from './simpler.ts';

function simpler(fault: ScheduledFault): ScheduledFault[] {
  return simplerFaults(
    fault,
    nemeses.find(({ name }) => name === fault.fault),
  );
}

describe('simplerFaults', () => {
  it('has each host alone, then all but one, then shorter lengths', () => {
    const fault = { at: 5, for: SECOND, fault: 'crash', target: { hosts: ['a', 'b', 'c'] }, parameters: {} };
    expect(simpler(fault).map(({ target, for: length }) => [Object.values(target)[0], length])).toEqual([
      [['a'], SECOND],
      [['b'], SECOND],
      [['c'], SECOND],
      [['b', 'c'], SECOND],
      [['a', 'c'], SECOND],
      [['a', 'b'], SECOND],
      [['a', 'b', 'c'], 125 * MILLISECOND],
      [['a', 'b', 'c'], 250 * MILLISECOND],
      [['a', 'b', 'c'], 500 * MILLISECOND],
      [['a', 'b', 'c'], 750 * MILLISECOND],
    ]);
  });

  it.each<[string, ScheduledFault['parameters'], ScheduledFault['parameters'][]]>([
    ['slow-host', { factor: 9 }, [{ factor: 1 }, { factor: 5 }]],
    ['clock-drift', { ppm: -7 }, [{ ppm: 0 }, { ppm: -3 }]],
    ['packet-loss', { loss: 0.25 }, [{ loss: 0 }, { loss: 0.125 }]],
    ['power-loss', { unsynced: 'tear' }, [{ unsynced: 'keep' }, { unsynced: 'draw' }]],
    [
      'packet-delay',
      { delay: 25 * MILLISECOND, jitter: 0 },
      [
        { delay: 0, jitter: 0 },
        { delay: 12 * MILLISECOND, jitter: 0 },
      ],
    ],
    ['disk-bit-flip', { bits: 1, file: 'log' }, []],
  ])('has milder parameters of %s', (name, parameters, expected) => {
    const fault = { at: 0, fault: name, target: { hosts: ['a'] }, parameters };
    expect(simpler(fault).map((other) => other.parameters)).toEqual(expected);
  });

  it('has nothing below a millisecond at one host', () => {
    const fault = { at: 0, for: MILLISECOND, fault: 'crash', target: { hosts: ['a'] }, parameters: {} };
    expect(simpler(fault)).toEqual([]);
  });
});
