import fc from 'fast-check';
import { hostNemesis } from './host-nemesis.ts';
import { parametersSchema } from './parameters.ts';

/**
 * Somebody deletes files by mistake, under a process that runs and is not told.
 * May break: everything in those files, for good: no crash and no restart brings them back, only copies elsewhere do.
 * Must survive: other files, and what the process has in memory.
 */
export const wrongDeletion = hostNemesis({
  name: 'wrong-deletion',
  summary: 'files are deleted by mistake while the process runs',
  lever: 'files',
  parameters: parametersSchema({
    file: { type: 'string', default: '', description: 'only files whose name contains this; all if empty' },
  }),
  momentary: true,
  lasting: true,
  values: fc.record({ file: fc.constant('') }),
  act: (levers, host, { file }) => levers.deleteFiles(host, file === '' ? undefined : file),
});
