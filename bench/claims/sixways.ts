import { execa } from 'execa';
import { MAIN } from '../../harness/cli/main-module.ts';

interface Answer {
  readonly code: number | undefined;
  readonly json: unknown;
}

/** Runs a command with `--json`. */
export function sixways(...args: string[]): Promise<Answer> {
  return sixwaysBy(process.execPath, ...args);
}

/** The same by this executable of Node. */
export async function sixwaysBy(node: string, ...args: string[]): Promise<Answer> {
  const { exitCode, stdout } = await execa(node, [MAIN, ...args, '--json'], {
    reject: false,
    stderr: 'inherit',
    maxBuffer: 1 << 30,
  });
  return { code: exitCode, json: stdout === '' ? null : JSON.parse(stdout) };
}
