import fc from 'fast-check';
import { together } from './compose.ts';
import { hostNemesis } from './host-nemesis.ts';
import { count, parametersSchema } from './parameters.ts';

/**
 * An operator installs another version of the program: the process is stopped (an unmodified program by SIGTERM), and the new version started when the fault is healed. A rolling upgrade is one of these
 * for each host, one after the other; a lower version than before takes it back.
 * May break: what the process held in memory; what versions say to each other, while they run side by side.
 * Must survive: what it wrote to files, which the other version has to read.
 */
export const upgrade = hostNemesis({
  name: 'upgrade',
  summary: 'the process is stopped, and another version of the program is started on the same disk',
  lever: ['configuration', 'kill'],
  parameters: parametersSchema({
    version: count('version of the program that is started', 1, 100, 2),
  }),
  lasting: true,
  // Forward as a rule, sometimes back.
  values: fc.record({ version: fc.constantFrom(1, 2, 2, 2) }),
  act: (levers, host, { version }) =>
    together([levers.configure(host, { version }, { lasting: true }), levers.terminate(host)]),
});
