import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { expect, it } from 'vitest';
import type { WorldJob } from '../../bench/live-world.ts';
import { parsePlan } from '../plan/index.ts';
import { registries } from './registries.ts';
import { lacksForLive } from './testing/live-needs.ts';
import { folderWith } from './testing/sixways.ts';

const skipped = lacksForLive(['/usr/sbin/nft', '/usr/sbin/ip']);
const DIST = join(import.meta.dirname, '../../dist');

/** Runs it in an enclosure, as a harness of its own that can be killed. */
const HARNESS = `
import { enclosed } from ${JSON.stringify(join(DIST, 'harness/live/index.js'))};
const [, job] = process.argv;
await enclosed({
  entry: ${JSON.stringify(join(DIST, 'bench/live-world.js'))},
  job: JSON.parse(job),
  heard: (message) => console.log(JSON.stringify(message)),
});`;

/** Its processes inherit it, whatever becomes of their parents. */
const MARK = `SIXWAYS_TEST=${randomUUID()}`;

function processes(): string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/environ`, 'latin1').includes(MARK);
    } catch {
      return false;
    }
  });
}

/** What a run makes outside of itself, if it makes anything. */
function surroundings() {
  const said = (...[file = '', ...rest]: string[]): string => execaSync(file, rest, { reject: false }).stdout;
  return {
    namespaces: said('ip', 'netns', 'list'),
    devices: said('ip', '-brief', 'link').replace(/\s+/g, ' '),
    rules: said('nft', 'list', 'ruleset'),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
    folders: readdirSync('/run'),
  };
}

const plan = parsePlan({ seed: 1, system: { name: 'redis' }, workload: { clients: 2 } }, registries);

it.skipIf(skipped)(
  'twenty worlds in a row, some killed and some interrupted, leave nothing behind',
  async () => {
    const { path, remove } = folderWith();
    const [name = '', mark] = MARK.split('=');
    const before = surroundings();
    let most = 0;
    for (let nth = 0; nth < 20; nth++) {
      const signal = ([undefined, undefined, 'SIGKILL', 'SIGINT'] as const)[nth % 4];
      const job: WorldJob = { plan, asleep: true, stay: signal !== undefined };
      const args = ['--input-type=module', '--eval', HARNESS, JSON.stringify(job)];
      const run = execa(process.execPath, args, { reject: false, env: { [name]: mark, TMPDIR: path } });
      for await (const line of run) {
        if (!line.includes('ready')) continue;
        most = Math.max(most, processes().length);
        if (signal !== undefined) run.kill(signal);
      }
      const { exitCode } = await run;
      expect([nth, exitCode]).toEqual([nth, signal === undefined ? 0 : undefined]);
      await expect.poll(processes, { timeout: 5_000, interval: 10 }).toEqual([]);
    }
    // Three servers and two clients, while they lasted.
    expect(most).toBeGreaterThanOrEqual(5);
    expect(surroundings()).toEqual(before);
    expect(readdirSync(path)).toEqual([]);
    remove();
  },
  120_000,
);
