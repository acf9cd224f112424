import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { PACKAGE_ROOT, VERSION } from '../code-digest.ts';
import { scaffold } from '../scaffold/files.ts';
import { UsageError } from '../usage-error.ts';

/** `sixways init FOLDER`: a system to begin with, its test, and what CI needs. */
export function addInit(program: Command): void {
  program
    .command('init')
    .summary('a folder with a system to begin with, its test and a CI workflow')
    .description(
      'Writes a small replicated register with a mistake to be found, a test of it, and a workflow for GitHub Actions.',
    )
    .argument('<folder>', 'a new or empty folder')
    .option('--json', 'print the names of the files as JSON')
    .addHelpText('after', '\nExamples:\n  sixways init my-system')
    .action((folder: string, { json }: { readonly json?: boolean }) => {
      const path = resolve(folder);
      requireEmpty(folder, path);
      const files = scaffold(packageName(path), dependencyFrom(path));
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, file)), { recursive: true });
        writeFileSync(join(path, file), text);
      }
      const names = Object.keys(files);
      console.log(
        json
          ? JSON.stringify(
              names.map((name) => join(folder, name)),
              null,
              2,
            )
          : whatNext(folder, names),
      );
    });
}

/** @throws UsageError */
function requireEmpty(folder: string, path: string): void {
  if (!existsSync(path)) return;
  let found = 'a file';
  try {
    const names = readdirSync(path);
    if (names.length === 0) return;
    found = `one that holds ${names[0]}`;
  } catch {
    // Not a folder.
  }
  throw new UsageError('not-empty', `${folder}: expected a new or empty folder, got ${found}`);
}

function packageName(path: string): string {
  return (
    basename(path)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, '') || 'my-system'
  );
}

/** The version that runs; from a clone, the clone. */
function dependencyFrom(path: string): string {
  const root = resolve(PACKAGE_ROOT, '..');
  return basename(dirname(root)) === 'node_modules'
    ? `^${VERSION}`
    : `file:${relative(path, root).replaceAll('\\', '/')}`;
}

function whatNext(folder: string, names: readonly string[]): string {
  const system = join(folder, 'register.ts');
  return [
    `wrote ${names.length} files into ${folder}:`,
    ...names.map((name) => `  ${name}`),
    '',
    'The register in it has a mistake. Find it:',
    `  sixways test ./${system} --failures 1`,
    'Then replay the failure, correct register.ts, and run it again, step by step as in the guide',
    '(systems-under-test/GUIDE.md in sixways). In the folder, npm install && npm test does the same as a test.',
  ].join('\n');
}
