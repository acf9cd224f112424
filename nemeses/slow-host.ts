import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { number, parametersSchema } from './parameters.ts';

/**
 * The CPU is clocked down, too hot or shared with a noisy neighbour: everything takes longer.
 * May break: deadlines; queues grow and may overflow.
 * Must survive: all state, and the order of events.
 */
export const slowHost = hostNemesis({
  name: 'slow-host',
  summary: 'the CPU takes several times as long for everything',
  lever: 'slow',
  parameters: parametersSchema({
    factor: number('how many times as long an event takes', 1, 10_000, 10),
  }),
  values: fc.record({ factor: fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 20, max: 500 })) }),
  act: (levers, host, { factor }) => levers.slow(host, factor),
});
