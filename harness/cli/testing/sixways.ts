import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const MAIN = fileURLToPath(new URL('../../../dist/harness/cli/main.js', import.meta.url));

export interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: { readonly [name: string]: string };
}

/** Runs the compiled command as a user would; it must have been built before. */
export async function sixways(
  args: readonly string[],
  { cwd, input, env }: Surroundings = {},
): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, ...args], {
    ...(cwd !== undefined && { cwd }),
    ...(input !== undefined && { input }),
    env: { NO_COLOR: '1', GITHUB_ACTIONS: '', ...env },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** A folder outside of any repository, with these files. The caller removes it. */
export function folderWith(files: { readonly [name: string]: string } = {}): {
  readonly path: string;
  readonly remove: () => void;
} {
  const path = mkdtempSync(join(tmpdir(), 'cli-test-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
