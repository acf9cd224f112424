import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();

/** A folder of this process's own in the system's place for temporary files. Removed when the process ends, unless it is killed. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sixways-'));
  folders.add(folder);
  return folder;
}

process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
