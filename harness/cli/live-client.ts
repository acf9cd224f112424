import { createInterface } from 'node:readline';
import type { SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { settingOf } from '../controller/index.ts';
import { type ClientBriefing, type FromClient, serveClient } from '../live/index.ts';
import { registries } from './registries.ts';
import { loadSystem } from './system/load-system.ts';

/** What a client's process needs to make the client. */
export interface ClientJob {
  readonly system: SystemReference;
  readonly plan: Plan;
}

/** The program that plays a client of the live world: standard input and output are its line to the run. */
async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) return;
  const briefing = JSON.parse(first.value) as ClientBriefing & ClientJob;
  const { plan } = briefing;
  const system = await loadSystem(briefing.system, registries.systems);
  await serveClient({
    system,
    setting: settingOf({ plan, system }),
    seed: plan.seed,
    briefing,
    lines: { [Symbol.asyncIterator]: () => lines },
    answer: (message: FromClient) => process.stdout.write(`${JSON.stringify(message)}\n`),
  });
}

await main();
// Its input has ended: the run is over, whatever connections are still open.
process.exit(0);
