import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { labelOf } from './system/load-system.ts';
import { UsageError } from './usage-error.ts';

/** The folder where a campaign keeps the histories of its failures. Made when it begins, and taken away again if nothing was kept. */
export class KeptHistories {
  readonly folder: string;
  private readonly made: boolean;
  private readonly labels = new Set<string>();

  /** @throws UsageError if it cannot be made. */
  constructor(folder: string) {
    this.folder = folder;
    try {
      this.made = mkdirSync(folder, { recursive: true }) !== undefined;
      if (!statSync(folder).isDirectory()) throw new Error('not a folder');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const found = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file' : message;
      throw new UsageError('unwritable', `--keep: expected a folder to write to, got ${found}: ${folder}`);
    }
    process.on('exit', () => this.close());
  }

  /** How the files of this system begin: two systems of one name do not overwrite each other's. */
  labelFor(system: string): string {
    const label = labelOf(system);
    let free = label;
    for (let n = 2; this.labels.has(free); n++) free = `${label}-${n}`;
    this.labels.add(free);
    return free;
  }

  close(): void {
    if (!this.made) return;
    try {
      rmdirSync(this.folder);
    } catch {
      // It holds what was kept, or is gone already.
    }
  }
}
