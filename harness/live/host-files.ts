import { readdirSync } from 'node:fs';

/** Logs that the world keeps of servers are not theirs. */
const OURS = /^[^/]*\.log$/;

/** Regular files of a host, by their names below its folder, in order; only those whose name contains `part`. */
export function hostFiles(folder: string, part = ''): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .filter((name) => name.includes(part) && !OURS.test(name))
    .sort();
}
