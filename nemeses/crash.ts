import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The machine loses power and stays dark until healed: nothing answers, not even with a refusal.
 * May break: all memory; each unsynced write is kept, lost or torn, drawn one by one.
 * Must survive: everything that was synced.
 */
export const crash = hostNemesis({
  name: 'crash',
  summary: 'the machine loses power; each unsynced write is kept, lost or torn',
  lever: 'power',
  parameters: NO_PARAMETERS,
  values: none,
  act: (levers, host) => levers.power(host, 'draw'),
});
