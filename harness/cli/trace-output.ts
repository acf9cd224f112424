import { writeSync } from 'node:fs';

const waitCell = new Int32Array(new SharedArrayBuffer(4));
const atomicsWait = Atomics.wait.bind(Atomics);

/** Prints a line from any thread at once and in order. A full pipe is waited for; a closed one ends the printing. */
export function printLine(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  let from = 0;
  while (from < bytes.length) {
    try {
      from += writeSync(1, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      atomicsWait(waitCell, 0, 0, 2);
    }
  }
}
