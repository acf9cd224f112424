import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './usage-error.ts';

/** Refuses early what would fail when all the work is done. @throws UsageError */
export function requireWritable(flag: string, file: string): void {
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
    if (existsSync(file) && statSync(file).isDirectory()) throw new Error('a directory');
  } catch (error) {
    throw unwritable(flag, file, error);
  }
}

/** @throws UsageError */
export function writeOutput(flag: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw unwritable(flag, file, error);
  }
}

function unwritable(flag: string, file: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'its folder does not exist' : message;
  return new UsageError('unwritable', `${flag}: expected a file that can be written, got ${file}: ${why}`);
}
