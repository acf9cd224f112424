import { MILLISECOND } from '../harness/contract/index.ts';
import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The process stops for a while, as in a garbage collection or after SIGSTOP. Its machine goes on: packets are
 * acknowledged and wait, clocks run. Afterwards it acts on what it knew before, perhaps in the middle of an action.
 * May break: nothing but time: timeouts, leases and leadership run out behind its back.
 * Must survive: all state.
 */
export const pauseProcess = hostNemesis({
  name: 'pause-process',
  summary: 'the process stops as in a garbage collection; its events wait and its clock runs',
  lever: 'pause',
  parameters: NO_PARAMETERS,
  lengths: [50 * MILLISECOND, 3_000 * MILLISECOND],
  values: none,
  act: (levers, host) => levers.pause(host, 'process'),
});
