import fc from 'fast-check';
import { MILLISECOND, MINUTE } from '../harness/contract/index.ts';
import { hostNemesis } from './host-nemesis.ts';
import { durationArbitrary, parametersSchema, signedDuration } from './parameters.ts';

/**
 * The wall clock jumps forwards or back and stays that far off; healing sets it right again, which is a jump too.
 * May break: whatever compares wall clocks of two machines, or of one machine at two times.
 * Must survive: everything else; the monotonic clock does not move.
 */
export const clockStep = hostNemesis({
  name: 'clock-step',
  summary: 'the wall clock jumps by an offset, until it is set right',
  lever: 'clock',
  parameters: parametersSchema({
    step: signedDuration(
      'offset added to the wall clock, negative for the past',
      60_000_000_000,
      60 * 24 * 365 * MINUTE,
    ),
  }),
  // Many systems look at the wall clock a few times a second.
  lengths: [500 * MILLISECOND, 5_000 * MILLISECOND],
  // Clocks matter to leases, and leases to who is cut off.
  revealedBy: ['partition-one'],
  values: fc.record({
    step: fc
      .tuple(durationArbitrary(10 * MINUTE), fc.boolean())
      .map(([length, back]) => (back ? -length : length)),
  }),
  act: (levers, host, { step }) => levers.clock(host, { step }),
});
