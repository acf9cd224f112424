import fc from 'fast-check';
import type { Applied, Levers } from '../harness/contract/index.ts';
import { hostNemesis } from './host-nemesis.ts';
import { choice, number, parametersSchema } from './parameters.ts';

/** The process starts anew, and with it what was configured. */
function restart(levers: Levers, host: string): Applied {
  const applied = levers.kill(host);
  void applied.heal();
  return applied;
}

/**
 * An operator gives a host the wrong time-outs, and starts its process anew; when somebody notices, they are set right, and the process is started anew again.
 * May break: whatever rests on time-outs that are alike on all hosts: who is taken for dead, how often leaders change.
 * Must survive: what was written, and all that is not a matter of speed.
 */
export const wrongConfiguration = hostNemesis({
  name: 'wrong-configuration',
  summary: 'the process is started anew with time-outs that are wrong by a factor, until somebody notices',
  lever: ['configuration', 'kill'],
  parameters: parametersSchema({
    factor: number('how many times the time-outs are too long or too short', 1, 1000, 10),
    direction: choice('which way they are wrong', ['longer', 'shorter'], 'longer'),
  }),
  values: fc.record({
    factor: fc.integer({ min: 2, max: 20 }),
    direction: fc.constantFrom('longer', 'shorter'),
  }),
  act(levers, host, { factor, direction }) {
    const configured = levers.configure(host, { timeouts: direction === 'longer' ? factor : 1 / factor });
    restart(levers, host);
    let wrong = true;
    return {
      async heal() {
        if (!wrong) return;
        wrong = false;
        await configured.heal();
        restart(levers, host);
      },
      evidence: () => configured.evidence(),
    };
  },
});
