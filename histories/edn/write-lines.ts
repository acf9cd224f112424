import { closeSync, openSync, writeSync } from 'node:fs';
import { HistoryError } from '../error.ts';

const FLUSH_CHARACTERS = 1 << 20;

/** Writes lines to a file, which is replaced. @throws HistoryError `unwritable` */
export function writeLines(file: string, lines: Iterable<string>): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'w');
  } catch (error) {
    throw new HistoryError('unwritable', error instanceof Error ? error.message : String(error), { file });
  }
  try {
    let text = '';
    for (const line of lines) {
      text += `${line}\n`;
      if (text.length >= FLUSH_CHARACTERS) {
        writeSync(descriptor, text);
        text = '';
      }
    }
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}
