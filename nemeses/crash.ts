import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { atMoment, MOMENT, type Moment, moments } from './moment.ts';
import { parametersSchema } from './parameters.ts';

/**
 * The machine loses power and stays dark until healed: nothing answers, not even with a refusal.
 * May break: all memory; each unsynced write is kept, lost or torn, drawn one by one.
 * Must survive: everything that was synced.
 */
export const crash = hostNemesis<{ readonly moment: Moment }>({
  name: 'crash',
  summary: 'the machine loses power; each unsynced write is kept, lost or torn',
  lever: 'power',
  parameters: parametersSchema({ moment: MOMENT }),
  values: fc.record({ moment: moments }),
  act: (levers, host, { moment }, length) =>
    atMoment(levers, [host], moment, length, () => levers.power(host, 'draw')),
});
