import fc from 'fast-check';
import { packetNemesis } from './packet-nemesis.ts';
import { count, parametersSchema, share, shareArbitrary } from './parameters.ts';

/**
 * Bits flip on the wire in a share of the packets from and to the targeted hosts. Where the transport's checksum is on, such a
 * packet is dropped; where it is off, altered bytes are delivered.
 * May break: any packet, and without the checksum whatever is read from it.
 * Must survive: memory and files that no altered packet reached.
 */
export const wireBitFlip = packetNemesis({
  name: 'wire-bit-flip',
  summary: 'bits flip in a share of the packets from and to these hosts',
  lever: 'wire-bits',
  parameters: parametersSchema({
    corrupt: share('share of packets in which bits flip', 0.05),
    bits: count('how many bits flip in such a packet', 1, 64, 1),
  }),
  values: fc.record({
    corrupt: fc.oneof(shareArbitrary(0.3), shareArbitrary()),
    bits: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8 })),
  }),
  rule: ({ corrupt, bits }) => ({ corrupt, corruptBits: bits }),
});
