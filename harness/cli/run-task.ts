import { executeRun, type RunTask, type RunWatching, type WorkerAnswer } from '../campaign/index.ts';
import { measureRun } from '../compare/index.ts';
import type { System } from '../contract/index.ts';
import { codeDigest, VERSION } from './code-digest.ts';
import { registries } from './registries.ts';
import { placeOfError } from './system/source-places.ts';
import { printLine } from './trace-output.ts';

/** Carries out a task with a system that is loaded. @throws as `executeRun` */
export async function runTask(
  task: RunTask,
  system: System,
  watching: Pick<RunWatching, 'entered' | 'world' | 'supported'>,
): Promise<WorkerAnswer> {
  const origin = {
    versions: { sixways: VERSION, node: process.version },
    code: codeDigest(task.system),
    ...(task.system.module !== undefined && { source: task.system.name }),
  };
  const summary = await executeRun(task, system, registries, origin, {
    ...(task.trace && { trace: { ...task.trace, line: printLine } }),
    measure: measureRun,
    ...watching,
  });
  return { summary };
}

/** Errors cross as data: threads and processes would lose their code. */
export async function answerOf(task: RunTask, run: () => Promise<WorkerAnswer>): Promise<WorkerAnswer> {
  try {
    return await run();
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
