import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ClientJob } from '../harness/cli/live-client.ts';
import { machineOf, type Plan, type Program } from '../harness/contract/index.ts';
import { LiveWorld } from '../harness/live/index.ts';

/** A world to bring up in an enclosure, without a run in it: by the plan, with the system's servers and clients, or with processes that only sleep. */
export interface WorldJob {
  readonly plan: Plan;
  readonly asleep: boolean;
  /** Stay until killed. */
  readonly stay: boolean;
}

/** Milliseconds since the job was read. */
export type WorldMessage =
  | { readonly built: number }
  | { readonly served: number }
  | { readonly ready: number };

const CLIENT = fileURLToPath(new URL('../harness/cli/live-client.js', import.meta.url));

function sleeping(): Program {
  return (host) => {
    machineOf(host).spawn('sleeper', ['sleep', '1000']);
  };
}

/** The programs of the plan's system. Loaded when they are wanted: that takes longer than all the rest. */
async function served(plan: Plan): Promise<(role: string) => Program> {
  const { registries } = await import('../harness/cli/registries.ts');
  const { settingOf } = await import('../harness/controller/index.ts');
  const system = registries.systems.find(({ name }) => name === plan.system.name)!;
  const setting = settingOf({ plan, system });
  return (role) => (host) => system.start(host, role, setting);
}

async function main({ plan, asleep, stay }: WorldJob): Promise<void> {
  const began = performance.now();
  const tell = (message: WorldMessage): void => {
    process.stdout.write(`${JSON.stringify(message)}\n`);
  };
  const world = new LiveWorld({
    plan,
    observe: () => {},
    needs: new Set(),
    clientCommand: asleep ? ['sleep', '1000'] : [process.execPath, CLIENT],
    clientBriefing: () =>
      ({ system: { name: plan.system.name, digest: '', live: true }, plan }) satisfies ClientJob,
  });
  tell({ built: performance.now() - began });
  const program = asleep ? sleeping : await served(plan);
  const starting = plan.topology.datacenters
    .flatMap(({ racks }) => racks.flatMap(({ hosts }) => hosts))
    .filter(({ role }) => role !== 'client')
    .map(
      ({ name, role }) =>
        new Promise<void>((resolve) =>
          world.boot(name, async (host) => {
            await program(role)(host);
            resolve();
          }),
        ),
    );
  await Promise.all(starting);
  tell({ served: performance.now() - began });
  if (!asleep) await world.ready();
  tell({ ready: performance.now() - began });
  if (!stay) setImmediate(() => process.exit(0));
}

createInterface({ input: process.stdin }).once('line', (line) => void main(JSON.parse(line) as WorldJob));
