import fc from 'fast-check';
import { MILLISECOND } from '../harness/contract/index.ts';
import { hostNemesis } from './host-nemesis.ts';
import { parametersSchema } from './parameters.ts';

/**
 * The wall clock runs too fast or too slow while the fault is in force; healing sets it right.
 * May break: leases and timestamps taken from wall clocks.
 * Must survive: everything else; the monotonic clock runs true.
 */
export const clockDrift = hostNemesis({
  name: 'clock-drift',
  summary: 'the wall clock runs too fast or too slow',
  lever: 'clock',
  parameters: parametersSchema({
    ppm: {
      type: 'integer',
      minimum: -900_000,
      maximum: 10_000_000,
      default: 50_000,
      description: 'parts per million that the clock gains, negative if it loses; 1000000 is twice as fast',
    },
  }),
  // Many systems look at the wall clock a few times a second.
  lengths: [500 * MILLISECOND, 5_000 * MILLISECOND],
  values: fc.record({
    ppm: fc.oneof(
      fc.integer({ min: -200, max: 200 }).filter((ppm) => ppm !== 0),
      fc.integer({ min: -500_000, max: 1_000_000 }).filter((ppm) => ppm !== 0),
    ),
  }),
  act: (levers, host, { ppm }) => levers.clock(host, { driftPpm: ppm }),
});
