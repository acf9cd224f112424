import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The process is killed and started again at once, as by a supervisor or a careless upgrade.
 * May break: what the process held in memory, its open connections and requests.
 * Must survive: what it wrote to files. Others may not even notice, so a system must not take a quick return for no absence.
 */
export const restart = hostNemesis({
  name: 'restart',
  summary: 'the process dies and is started again at once',
  lever: 'kill',
  parameters: NO_PARAMETERS,
  momentary: true,
  values: none,
  act(levers, host) {
    const applied = levers.kill(host);
    void applied.heal();
    return applied;
  },
});
