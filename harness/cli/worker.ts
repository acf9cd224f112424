import type { Json } from '../../histories/index.ts';
import { executeRun, type WorkerAnswer, type WorkerJob } from '../campaign/index.ts';
import { measureRun } from '../compare/index.ts';
import { codeDigest, VERSION } from './code-digest.ts';
import { registries } from './registries.ts';
import { loadSystem } from './system/load-system.ts';
import { placeOfError } from './system/source-places.ts';
import { printLine } from './trace-output.ts';

/** What each worker thread does with a task. Errors cross as data: threads would lose their code. */
export default async function work({ task, stage }: WorkerJob): Promise<WorkerAnswer> {
  try {
    const system = await loadSystem(task.system, registries.systems);
    const origin = {
      versions: { sixways: VERSION, node: process.version },
      code: codeDigest(task.system),
      ...(task.system.module !== undefined && { source: task.system.name }),
    };
    const summary = await executeRun(task, system, registries, origin, {
      ...(task.trace && { trace: { ...task.trace, line: printLine } }),
      measure: (run) => measureRun(run) as unknown as Json,
      entered: (number) => Atomics.store(stage, 0, number),
    });
    return { summary };
  } catch (error) {
    const { name, message, stack, code } = error as Error & { code?: string };
    const at = name === 'AmbientAccess' ? placeOfError(error, task.system.module) : '';
    return {
      mistake: {
        name,
        message: at === '' ? message : `${at}: ${message}`,
        ...(code && { code: String(code) }),
        ...(stack && { stack }),
      },
    };
  }
}
