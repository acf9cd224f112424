import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const SOURCES = ['histories', 'checkers', 'nemeses', 'systems-under-test', 'harness'];

function newest(folder: string, wanted: (file: string) => boolean): number {
  let latest = 0;
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (wanted(file)) latest = Math.max(latest, statSync(join(folder, file)).mtimeMs);
  }
  return latest;
}

/** Tests of the command line run the command as users have it: compiled. */
export default function build(): void {
  const isSource = (file: string): boolean => /(?<!\.test)\.ts$/.test(file) && !/testing[/\\]/.test(file);
  const sources = Math.max(...SOURCES.map((folder) => newest(join(root, folder), isSource)));
  let compiled = 0;
  try {
    compiled = newest(join(root, 'dist'), (file) => /\.(js|tsbuildinfo)$/.test(file));
  } catch {
    // Nothing has been compiled yet.
  }
  if (compiled > sources) return;
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
}
