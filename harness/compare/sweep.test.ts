import { describe, expect, it } from 'vitest';
import { DEFAULT_CONDITIONS } from './plan.ts';
import { parseSweep } from './sweep.ts';

const values = (text: string) => parseSweep(text).points.map(({ value }) => value);

describe('parseSweep', () => {
  it('reads lists and ranges, the latter by equal factors', () => {
    expect(values('rate=10,100')).toEqual(['10', '100']);
    expect(values('rtt=1ms..100ms')).toEqual(['1ms', '3.2ms', '10ms', '32ms', '100ms']);
    expect(values('keys=1..3')).toEqual(['1', '2', '3']);
    expect(values('loss=0..0.2')).toEqual(['0', '0.05', '0.1', '0.15', '0.2']);
  });

  it('changes one figure of the conditions', () => {
    const [point] = parseSweep('rtt=8ms').points;
    expect(point!.apply(DEFAULT_CONDITIONS)).toEqual({ ...DEFAULT_CONDITIONS, world: { hopLatency: 1e6 } });
    expect(parseSweep('clients=3').points[0]!.apply(DEFAULT_CONDITIONS).clients).toBe(3);
  });

  it.each([
    ['rt=1ms', /^expected one of rtt, rate, .* such as rtt=1ms\.\.200ms, got "rt=1ms"$/],
    ['rtt', /^expected a duration above 0 such as 20ms for rtt, got ""$/],
    ['rtt=5', /^expected a duration above 0 such as 20ms for rtt, got "5"$/],
    ['clients=2.5', /^expected a whole number above 0 for clients, got "2.5"$/],
    ['loss=0..2', /^expected a share from 0 to 1 for loss, got "2"$/],
  ])('refuses %s', (text, message) => {
    expect(() => parseSweep(text)).toThrow(message);
  });
});
