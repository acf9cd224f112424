import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executeRun, type RunSummary, type RunTask } from '../harness/campaign/index.ts';
import { registries } from '../harness/cli/registries.ts';

/** Runs tasks in this thread, as a worker would, history files included. */
export class RunBench {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sixways-bench-'));
  private readonly system;

  constructor(name: string) {
    const system = registries.systems.find((candidate) => candidate.name === name);
    if (system === undefined) throw new RangeError(`no system ${name}`);
    this.system = system;
  }

  run(task: Omit<RunTask, 'system' | 'history'>): Promise<RunSummary> {
    const history = join(this.folder, 'history.jsonl');
    const full: RunTask = { ...task, system: { name: this.system.name, digest: '' }, history };
    return executeRun(full, this.system, registries, {});
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
