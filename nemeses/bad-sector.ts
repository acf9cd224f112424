import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { parametersSchema } from './parameters.ts';

/**
 * A latent sector error: a sector of a file can no longer be read, however often one tries, until it is written again.
 * May break: reads of that sector, with an error.
 * Must survive: all other sectors. Nothing is ever read wrong.
 */
export const badSector = hostNemesis({
  name: 'bad-sector',
  summary: 'a sector of a file can no longer be read until it is written again',
  lever: 'disk-sectors',
  parameters: parametersSchema({
    file: { type: 'string', default: '', description: 'only files whose name contains this; all if empty' },
  }),
  momentary: true,
  lasting: true,
  weight: 2,
  revealedBy: ['restart', 'kill', 'crash'],
  values: fc.record({ file: fc.constant('') }),
  act: (levers, host, { file }) => levers.badSector(host, file === '' ? undefined : file),
});
