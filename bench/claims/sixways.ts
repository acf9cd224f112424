import { execa } from 'execa';
import { MAIN } from '../../harness/cli/main-module.ts';

/** Runs a command with `--json`. */
export async function sixways(
  ...args: string[]
): Promise<{ readonly code: number | undefined; readonly json: unknown }> {
  const { exitCode, stdout } = await execa(process.execPath, [MAIN, ...args, '--json'], {
    reject: false,
    stderr: 'inherit',
    maxBuffer: 1 << 30,
  });
  return { code: exitCode, json: stdout === '' ? null : JSON.parse(stdout) };
}
