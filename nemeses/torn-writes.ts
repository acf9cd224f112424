import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The machine loses power in the middle of writing: every unsynced write is torn, only a part of its bytes arrives.
 * May break: all memory; the content of unsynced writes.
 * Must survive: everything that was synced, and a reader that finds the torn record must notice it.
 */
export const tornWrites = hostNemesis({
  name: 'torn-writes',
  summary: 'the machine loses power and every unsynced write is torn',
  lever: 'power',
  parameters: NO_PARAMETERS,
  values: none,
  act: (levers, host) => levers.power(host, 'tear'),
});
