import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { count, parametersSchema } from './parameters.ts';

/**
 * Bit rot: bits in the stable content of a file flip, and reads succeed with wrong bytes.
 * May break: any record on that disk, however long ago it was synced.
 * Must survive: length and names of files, and every other disk. A checksum finds it; only another copy repairs it.
 */
export const diskBitFlip = hostNemesis({
  name: 'disk-bit-flip',
  summary: 'bits of a file on disk flip; reads give wrong bytes',
  lever: 'disk-bits',
  parameters: parametersSchema({
    bits: count('how many bits flip, next to each other', 1, 4096, 1),
    file: { type: 'string', default: '', description: 'only files whose name contains this; all if empty' },
  }),
  momentary: true,
  lasting: true,
  weight: 2,
  revealedBy: ['restart', 'kill', 'crash'],
  values: fc.record({
    bits: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 64 })),
    file: fc.constant(''),
  }),
  act: (levers, host, { bits, file }) => levers.flipDisk(host, bits, file === '' ? undefined : file),
});
