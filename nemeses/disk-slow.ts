import fc from 'fast-check';
import { MILLISECOND } from '../harness/contract/index.ts';
import { hostNemesis } from './host-nemesis.ts';
import { number, parametersSchema } from './parameters.ts';

/**
 * The disk takes several times as long, as a dying one that retries, or one whose controller is busy.
 * May break: deadlines of whoever waits for a sync.
 * Must survive: all data and their order.
 */
export const diskSlow = hostNemesis({
  name: 'disk-slow',
  summary: 'the disk takes several times as long',
  lever: 'disk-slow',
  parameters: parametersSchema({
    factor: number('how many times as long an operation takes', 1, 100_000, 50),
  }),
  // Some systems write a few times a second.
  lengths: [200 * MILLISECOND, 5_000 * MILLISECOND],
  values: fc.record({
    factor: fc.oneof(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 50, max: 2_000 })),
  }),
  act: (levers, host, { factor }) => levers.slowDisk(host, factor),
});
