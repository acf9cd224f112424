import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { atMoment, MOMENT, type Moment, moments } from './moment.ts';
import { parametersSchema } from './parameters.ts';

/**
 * The machine loses power in the middle of writing: every unsynced write is torn, only a part of its bytes arrives.
 * May break: all memory; the content of unsynced writes.
 * Must survive: everything that was synced, and a reader that finds the torn record must notice it.
 */
export const tornWrites = hostNemesis<{ readonly moment: Moment }>({
  name: 'torn-writes',
  summary: 'the machine loses power and every unsynced write is torn',
  lever: 'power',
  parameters: parametersSchema({ moment: MOMENT }),
  values: fc.record({ moment: moments }),
  act: (levers, host, { moment }, length) =>
    atMoment(levers, [host], moment, length, () => levers.power(host, 'tear')),
});
