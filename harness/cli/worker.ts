import { executeRun, type RunTask, type WorkerAnswer } from '../campaign/index.ts';
import { codeDigest, VERSION } from './code-digest.ts';
import { loadSystem } from './load-system.ts';
import { registries } from './registries.ts';
import { printLine } from './trace-output.ts';

/** What each worker thread does with a task. Errors cross as data: threads would lose their code. */
export default async function work(task: RunTask): Promise<WorkerAnswer> {
  try {
    const system = await loadSystem(task.system, registries.systems);
    const origin = {
      versions: { sixways: VERSION, node: process.version },
      code: codeDigest(task.system),
      ...(task.system.module !== undefined && { source: task.system.name }),
    };
    const trace = task.trace && { ...task.trace, line: printLine };
    return { summary: await executeRun(task, system, registries, origin, trace) };
  } catch (error) {
    const { name, message, stack, code } = error as Error & { code?: string };
    return { mistake: { name, message, ...(code && { code: String(code) }), ...(stack && { stack }) } };
  }
}
