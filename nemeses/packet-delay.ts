import fc from 'fast-check';
import { MILLISECOND } from '../harness/contract/index.ts';
import { packetNemesis } from './packet-nemesis.ts';
import { duration, durationArbitrary, parametersSchema } from './parameters.ts';

/**
 * Packets from and to the targeted hosts take longer, by a fixed delay and a uniform extra one.
 * May break: deadlines and the order of datagrams; what arrives may be long out of date.
 * Must survive: every packet arrives, unaltered.
 */
export const packetDelay = packetNemesis({
  name: 'packet-delay',
  summary: 'packets from and to these hosts take longer',
  lever: 'packets',
  parameters: parametersSchema({
    delay: duration('added to the latency of each packet', 50 * MILLISECOND),
    jitter: duration('uniform extra delay of up to this', 10 * MILLISECOND),
  }),
  values: fc.record({
    delay: durationArbitrary(1_000 * MILLISECOND),
    jitter: fc.oneof(fc.constant(0), durationArbitrary(1_000 * MILLISECOND)),
  }),
  rule: ({ delay, jitter }) => ({ delay, jitter }),
});
