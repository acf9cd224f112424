import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { count, parametersSchema } from './parameters.ts';

/**
 * Bits of a 64-bit word in a memory region flip, or of many words, as when a chip fails. SEC-DED corrects one of a word and detects two, then the
 * machine stops; with three or more, or without ECC, the process reads a wrong value and knows nothing.
 * May break: the content of a memory region, and whatever the system derives from it.
 * Must survive: plain variables, files, and every region of the other hosts.
 */
export const memoryBitFlip = hostNemesis({
  name: 'memory-bit-flip',
  summary: 'bits of words in memory flip; ECC may correct or detect it',
  lever: 'memory-bits',
  parameters: parametersSchema({
    bits: count('how many bits of a 64-bit word flip', 1, 64, 1),
    words: count('how many words are hit', 1, 4096, 1),
  }),
  momentary: true,
  lasting: true,
  weight: 2,
  // One bit is the everyday case, and harmless under ECC; what escapes it is what systems must be tried with.
  values: fc.record({
    bits: fc.oneof(
      { arbitrary: fc.constant(1), weight: 1 },
      { arbitrary: fc.integer({ min: 1, max: 16 }), weight: 5 },
    ),
    // Most words of a large memory are not read for long.
    words: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 64, max: 1024 })),
  }),
  act: (levers, host, { bits, words }) => levers.flipMemory(host, bits, words),
});
