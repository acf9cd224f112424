import { MAIN } from './main-module.ts';

export interface FreshProcess {
  readonly args: readonly string[];
  readonly input?: string;
  readonly env?: { readonly [name: string]: string };
  /** Flags of Node. */
  readonly nodeFlags?: readonly string[];
}

/** Runs this command in a new process, which ends with this one. */
export async function runInFreshProcess({ args, input, env, nodeFlags = [] }: FreshProcess) {
  // Loaded when it is needed: it is a quarter of all the files that a command would load.
  const { execa } = await import('execa');
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...nodeFlags, MAIN, ...args], {
    ...(env !== undefined && { env }),
    ...(input !== undefined && { input }),
    reject: false,
    maxBuffer: 1 << 30,
  });
  return { exitCode, stdout, stderr };
}
