import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunTask, StageNumber, WorkerAnswer } from '../campaign/index.ts';
import type { Lever } from '../contract/index.ts';
import { fewerLevers, LiveWorld, withRemoteClients } from '../live/index.ts';
import type { ClientJob } from './live-client.ts';
import { registries } from './registries.ts';
import { answerOf, runTask } from './run-task.ts';
import { loadSystem } from './system/load-system.ts';

/** One run in the live world: the program in an enclosure. Reads its job from standard input, prints messages as lines of JSON. */
export interface LiveJob {
  readonly task: RunTask;
}

export type LiveMessage = { readonly stage: StageNumber } | { readonly answer: WorkerAnswer };

const CLIENT = fileURLToPath(new URL('./live-client.js', import.meta.url));

function leversOf(fault: string): readonly Lever[] {
  return registries.nemeses.find(({ name }) => name === fault)?.levers ?? [];
}

function tell(message: LiveMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function main(line: string): Promise<void> {
  const { task } = JSON.parse(line) as LiveJob;
  const answer = await answerOf(task, async () => {
    const system = await loadSystem(task.system, registries.systems);
    const supported = fewerLevers();
    return runTask(task, withRemoteClients(system), {
      ...(supported && { supported }),
      entered: (stage) => tell({ stage }),
      world: (plan, observe) =>
        new LiveWorld({
          plan,
          observe,
          needs: new Set(plan.schedule.flatMap(({ fault }) => leversOf(fault))),
          clientCommand: [process.execPath, CLIENT],
          clientBriefing: () => ({ system: task.system, plan }) satisfies ClientJob,
        }),
    });
  });
  process.stdout.write(`${JSON.stringify({ answer } satisfies LiveMessage)}\n`, () => process.exit(0));
}

createInterface({ input: process.stdin }).once('line', (line) => void main(line));
