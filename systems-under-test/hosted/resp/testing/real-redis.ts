import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overSocket, type Target } from './target.ts';

/** Whether a Redis of the version that the engine follows is installed here. */
export function hasRedis(): boolean {
  try {
    return execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).includes('v=7.0.');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

export interface RealRedis extends Target {
  stop(): Promise<void>;
}

/** A redis-server of one's own on a socket in a temporary folder. */
export async function startRedis(...settings: readonly string[]): Promise<RealRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'resp-'));
  const path = join(folder, 'redis.sock');
  const fixed = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', '', '--daemonize', 'no'];
  const child: ChildProcess = spawn('redis-server', [...fixed, ...settings], { stdio: 'ignore' });
  const target = overSocket({ path });
  // The file is there before the server listens.
  const isListening = async (): Promise<boolean> => {
    try {
      (await target.open()).close();
      return true;
    } catch {
      return false;
    }
  };
  for (let tries = 0; !(await isListening()); tries++) {
    if (tries > 500) {
      child.kill('SIGKILL');
      throw new Error('redis-server did not open its socket within 10 s');
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    ...target,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
