import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The process dies at once, as of SIGKILL, and stays dead until healed; the machine lives on and refuses connections.
 * May break: everything the process held in plain variables and memory regions, its open connections and requests.
 * Must survive: what it wrote to files, synced or not: the operating system still has it.
 */
export const kill = hostNemesis({
  name: 'kill',
  summary: 'the process dies; its machine refuses connections until it is started again',
  lever: 'kill',
  parameters: NO_PARAMETERS,
  values: none,
  act: (levers, host) => levers.kill(host),
});
