import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HarnessLoad, isOperation, isPhase, readHistory } from '../histories/index.ts';
import { sixways } from './claims/sixways.ts';
import { missing } from './installed.ts';
import type { Figure } from './measure.ts';

const CLIENTS = 8;
const SECONDS = 5;
/** More than anybody can: how many there are is then up to the harness and the servers. */
const RATE = 20_000;

/** Operations a second that a live run records, its history written as it goes. Nothing where the live world cannot be made. */
export async function recordingFigures(): Promise<Figure[]> {
  if (missing(['ip', 'nft', 'redis-server']).length > 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'live-recording-'));
  try {
    const [planFile, historyFile] = [join(folder, 'plan.json'), join(folder, 'history.jsonl')];
    const plan = {
      seed: 1,
      system: { name: 'redis' },
      workload: { name: 'register', options: { casShare: 0, keys: 1000 }, clients: CLIENTS, rate: RATE },
      phases: { warmUp: 1e9, faults: SECONDS * 1e9, settle: 0 },
    };
    writeFileSync(planFile, JSON.stringify(plan));
    await sixways('run', 'redis', '--plan', planFile, '--out', historyFile);
    const { events, footer } = await readHistory(historyFile);
    const at = (phase: string): number =>
      events.find((event) => isPhase(event) && (event.value as { readonly name: string }).name === phase)!
        .time;
    const [from, to] = [at('faults'), at('heal')];
    const invoked = events.filter((event) => isOperation(event) && event.type === 'invoke');
    const during = invoked.filter(({ time }) => time >= from && time < to);
    const { cpu, busy } = footer!.harness as HarnessLoad;
    return [
      {
        name: 'live, recording',
        what: `operations of ${CLIENTS} clients on three Redis servers, all on this machine, history written as it goes; the harness was busy ${Math.round(busy * 100)}% of the time`,
        value: during.length / ((to - from) / 1e9),
        unit: 'operations/s',
        target: { atLeast: 5000 },
      },
      {
        name: 'live, CPU',
        what: 'operations for each second of CPU time of the process that drives and records',
        value: invoked.length / (cpu / 1e9),
        unit: 'operations/s',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
