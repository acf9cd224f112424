import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'sixways-';
/** In each folder: whose it is. */
const OWNER = 'owner.json';

interface Owner {
  /** Where the process number means something: a namespace of this kernel, or the machine. */
  readonly space: string;
  readonly pid: number;
}

const folders = new Set<string>();

/**
 * A folder of this process's own in the system's place for temporary files. Removed when the process ends. One that is killed
 * (SIGKILL, no power) cannot do that: the next process that asks for a folder removes what the dead left.
 */
export function temporaryFolder(): string {
  if (folders.size === 0) sweep(tmpdir());
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  folders.add(folder);
  const owner: Owner = { space: spaceOfProcesses(), pid: process.pid };
  writeFileSync(join(folder, OWNER), JSON.stringify(owner));
  return folder;
}

process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Removes the folders of processes that are certainly dead; leaves alone what it is not sure of. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(parent, name);
    const owner = ownerOf(folder);
    if (owner === undefined || owner.space !== spaceOfProcesses() || isAlive(owner.pid)) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody else's: theirs to remove.
    }
  }
}

function ownerOf(folder: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as Partial<Owner> | null;
    if (typeof owner?.space !== 'string' || !Number.isSafeInteger(owner.pid)) return undefined;
    return owner as Owner;
  } catch {
    return undefined;
  }
}

/** Containers may share a folder for temporary files and not their process numbers. */
function spaceOfProcesses(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
