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
  /** Of its socket. */
  readonly path: string;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  kill(): Promise<void>;
  /** As it was started before, with what it left in its folder. */
  restart(): Promise<void>;
  /** For good. */
  stop(): Promise<void>;
}

/** A redis-server of one's own on a socket in a temporary folder. */
export async function startRedis(...settings: readonly string[]): Promise<RealRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'resp-'));
  const path = join(folder, 'redis.sock');
  const fixed = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', '', '--daemonize', 'no'];
  const target = overSocket({ path });
  let child: ChildProcess;
  // The file is there before the server listens.
  const isListening = async (): Promise<boolean> => {
    try {
      (await target.open()).close();
      return true;
    } catch {
      return false;
    }
  };
  const start = async (): Promise<void> => {
    child = spawn('redis-server', [...fixed, ...settings], { stdio: 'ignore' });
    for (let tries = 0; !(await isListening()); tries++) {
      if (tries > 500) {
        child.kill('SIGKILL');
        throw new Error('redis-server did not open its socket within 10 s');
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    ...target,
    path,
    signal: (name) => void child.kill(name),
    kill,
    restart: async () => {
      await kill();
      await start();
    },
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
