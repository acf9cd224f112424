import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { lacksForLive } from './testing/live-needs.ts';
import { MAIN, sixways } from './testing/sixways.ts';

const skipped = lacksForLive(['/usr/bin/redis-server', '/usr/sbin/nft', '/usr/sbin/ip']);

const PATIENCE = 60_000;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const text = readFileSync(`/proc/${entry}/stat`, 'utf8');
        const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
        const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return state === 'Z' ? [] : [{ pid: Number(entry), parent: Number(parent), name }];
      } catch {
        return [];
      }
    });
}

function descendants(of: number): Process[] {
  const all = processes();
  const found: Process[] = [];
  for (let level = [of]; level.length > 0; ) {
    const next = all.filter(({ parent }) => level.includes(parent));
    found.push(...next);
    level = next.map(({ pid }) => pid);
  }
  return found;
}

async function until(condition: () => boolean): Promise<number> {
  const began = performance.now();
  while (!condition() && performance.now() - began < PATIENCE)
    await new Promise((turn) => setTimeout(turn, 50));
  return performance.now() - began;
}

describe.skipIf(skipped)(
  'a run in the live world',
  () => {
    it.each(['SIGKILL', 'SIGINT'] as const)('leaves no process behind after %s', async (signal) => {
      const args = ['run', 'redis', '--faults', 'none', '--time', '50s', '--clients', '2'];
      const run = execa(process.execPath, [MAIN, ...args], { reject: false });
      let all: Process[] = [];
      await until(() => {
        all = descendants(run.pid!);
        return all.filter(({ name }) => name === 'redis-server').length === 6;
      });
      expect(all.filter(({ name }) => name === 'redis-server')).toHaveLength(6);
      run.kill(signal);
      await run;
      const pids = new Set(all.map(({ pid }) => pid));
      await until(() => !processes().some(({ pid }) => pids.has(pid)));
      expect(processes().filter(({ pid }) => pids.has(pid))).toEqual([]);
      // Everything else that it made lives in namespaces that have ended with their processes.
      expect(existsSync('/run/hosts')).toBe(false);
    });

    it('refuses a fault that this world cannot cause, by name', async () => {
      const { exitCode, stderr } = await sixways(['run', 'redis', '--faults', 'disk-destroyed', '--beyond']);
      expect(exitCode).toBe(64);
      expect(stderr).toMatch(
        /disk-destroyed needs the lever disk-destroy, which the live world does not have/,
      );
    });
  },
  180_000,
);
