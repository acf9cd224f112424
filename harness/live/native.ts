import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './commands.ts';

/** Where the sources are: beside this file, or, seen from the compiled one, in the package. */
const SOURCES = [
  join(import.meta.dirname, 'native'),
  join(import.meta.dirname, '../../../harness/live/native'),
].find((folder) => existsSync(folder));

const LIBRARY = ['-O2', '-std=gnu11', '-shared', '-fPIC', '-ldl'] as const;

const HOW = {
  link: ['-O2', '-std=gnu11'],
  clock: LIBRARY,
  disk: LIBRARY,
} as const;

export type NativeName = keyof typeof HOW;

/** Whether there is a compiler for them, and their sources. */
export function isNative(): boolean {
  return SOURCES !== undefined && ['/usr/bin/gcc', '/usr/local/bin/gcc'].some((file) => existsSync(file));
}

/**
 * Path of a program of ours in C, compiled when it is first asked for, and kept beside the source or, where that cannot be written, in `fallback`. Undefined where there is no
 * compiler.
 */
export function native(name: NativeName, fallback: string): string | undefined {
  if (SOURCES === undefined || !isNative()) return undefined;
  const source = join(SOURCES, `${name}.c`);
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 8);
  const folders = [join(SOURCES, 'compiled'), fallback];
  const known = folders.map((folder) => join(folder, `${name}-${digest}`)).find((file) => existsSync(file));
  if (known !== undefined) return known;
  for (const folder of folders) {
    const file = join(folder, `${name}-${digest}`);
    try {
      mkdirSync(folder, { recursive: true });
      // Two runs may do this at the same time.
      const mine = `${file}.${process.pid}`;
      command(['gcc', ...HOW[name], '-o', mine, source]);
      renameSync(mine, file);
      return file;
    } catch (error) {
      if (folder === fallback) throw error;
    }
  }
  return undefined;
}
