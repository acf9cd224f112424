import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { atMoment, MOMENT, type Moment, moments } from './moment.ts';
import { parametersSchema } from './parameters.ts';

/**
 * The machine loses power before the page cache was written back: every unsynced write is lost.
 * May break: all memory; every write that was not synced.
 * Must survive: everything that was synced. Who acknowledged before syncing has lied.
 */
export const lostWrites = hostNemesis<{ readonly moment: Moment }>({
  name: 'lost-writes',
  summary: 'the machine loses power and every unsynced write is lost',
  lever: 'power',
  parameters: parametersSchema({ moment: MOMENT }),
  values: fc.record({ moment: moments }),
  act: (levers, host, { moment }, length) =>
    atMoment(levers, [host], moment, length, () => levers.power(host, 'lose')),
});
