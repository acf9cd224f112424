import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The whole machine stands still, as a virtual machine that is being moved: nothing answers and arriving packets are lost.
 * May break: packets meant for it, and time: it goes on as if no time had passed.
 * Must survive: memory and disk, synced or not.
 */
export const freezeMachine = hostNemesis({
  name: 'freeze-machine',
  summary: 'the machine stands still; arriving packets are lost',
  lever: 'pause',
  parameters: NO_PARAMETERS,
  values: none,
  act: (levers, host) => levers.pause(host, 'machine'),
});
