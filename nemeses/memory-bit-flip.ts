import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { count, parametersSchema } from './parameters.ts';

/**
 * Bits of one 64-bit word in a memory region flip. SEC-DED corrects one and detects two, then the machine stops; with
 * three or more, or without ECC, the process reads a wrong value and knows nothing.
 * May break: the content of a memory region, and whatever the system derives from it.
 * Must survive: plain variables, files, and every region of the other hosts.
 */
export const memoryBitFlip = hostNemesis({
  name: 'memory-bit-flip',
  summary: 'bits of one word in memory flip; ECC may correct or detect it',
  lever: 'memory-bits',
  parameters: parametersSchema({ bits: count('how many bits of one 64-bit word flip', 1, 64, 1) }),
  momentary: true,
  lasting: true,
  // One bit is the everyday case, and harmless under ECC; what escapes it is what systems must be tried with.
  values: fc.record({
    bits: fc.oneof(
      { arbitrary: fc.constant(1), weight: 1 },
      { arbitrary: fc.integer({ min: 1, max: 16 }), weight: 3 },
    ),
  }),
  act: (levers, host, { bits }) => levers.flipMemory(host, bits),
});
