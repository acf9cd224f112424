import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The machine loses power before the page cache was written back: every unsynced write is lost.
 * May break: all memory; every write that was not synced.
 * Must survive: everything that was synced. Who acknowledged before syncing has lied.
 */
export const lostWrites = hostNemesis({
  name: 'lost-writes',
  summary: 'the machine loses power and every unsynced write is lost',
  lever: 'power',
  parameters: NO_PARAMETERS,
  values: none,
  act: (levers, host) => levers.power(host, 'lose'),
});
