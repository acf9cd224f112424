import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { atMoment, MOMENT, type Moment, moments } from './moment.ts';
import { parametersSchema } from './parameters.ts';

/**
 * The process dies at once, as of SIGKILL, and stays dead until healed; the machine lives on and refuses connections.
 * May break: everything the process held in plain variables and memory regions, its open connections and requests.
 * Must survive: what it wrote to files, synced or not: the operating system still has it.
 */
export const kill = hostNemesis<{ readonly moment: Moment }>({
  name: 'kill',
  summary: 'the process dies; its machine refuses connections until it is started again',
  lever: 'kill',
  parameters: parametersSchema({ moment: MOMENT }),
  values: fc.record({ moment: moments }),
  act: (levers, host, { moment }, length) =>
    atMoment(levers, [host], moment, length, () => levers.kill(host)),
});
