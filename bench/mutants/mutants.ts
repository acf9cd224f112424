import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../harness/cli/temporary.ts';
import { findSites, mutate, type Site } from './sites.ts';

/** The sources of the systems, seen from here or from where this is built. */
export const SYSTEMS = ['../..', '../../..']
  .map((up) => join(fileURLToPath(new URL(up, import.meta.url)), 'systems-under-test'))
  .find((folder) => existsSync(join(folder, 'index.ts')))!;
const TESTING = /\.test\.ts$|[/\\]testing(?:[/\\]|$)/;

/** A system with one thing taken away. */
export interface Mutant extends Site {
  /** File, relative to `systems-under-test`. */
  readonly file: string;
  readonly mutant: string;
}

/** All mutants of the files of a folder of `systems-under-test`. */
export function mutantsOf(folder: string): Mutant[] {
  const files = readdirSync(join(SYSTEMS, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    join(folder, file),
  );
  return files
    .filter(isSource)
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(SYSTEMS, file), 'utf8');
      return findSites(file, text).flatMap((site) =>
        site.mutants.map((mutant) => ({ ...site, file, mutant })),
      );
    });
}

const isSource = (file: string): boolean => file.endsWith('.ts') && !TESTING.test(file);

/** All files of `systems-under-test` that a system is made of. */
export function sourcesOf(system: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, path] of readFileSync(join(SYSTEMS, file), 'utf8').matchAll(/ from '(\.[^']*)'/g)) {
      const imported = relative(SYSTEMS, resolve(SYSTEMS, dirname(file), path!));
      if (!imported.startsWith('..')) visit(imported);
    }
  };
  visit(join(system, 'index.ts'));
  return seen;
}

/** A copy of the systems, as users' own files that import the package, in which mutants live one at a time. */
export class Nursery {
  private readonly folder = temporaryFolder();

  constructor() {
    const inside = (source: string): boolean => !TESTING.test(source);
    cpSync(SYSTEMS, join(this.folder, 'systems-under-test'), { recursive: true, filter: inside });
    // Classes of errors must be those of the harness that runs the copy.
    mkdirSync(join(this.folder, 'harness/contract'), { recursive: true });
    writeFileSync(join(this.folder, 'harness/contract/index.ts'), "export * from 'sixways';\n");
    this.expose();
  }

  /** Each system is what its folder's `index.ts` exports, by whatever name: users' files export it as `system`. */
  private expose(): void {
    for (const name of readdirSync(SYSTEMS, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    )) {
      const exported = exportedSystem(name);
      if (exported === undefined) continue;
      const entry = `export { ${exported} as system } from './systems-under-test/${name}/index.ts';\n`;
      writeFileSync(join(this.folder, `${name}.ts`), entry);
    }
  }

  /** The file that exports the system. */
  entry(system: string): string {
    return join(this.folder, `${system}.ts`);
  }

  /** Bundles what needs the mutant, and takes it away again. */
  async with<Result>({ file, mutant, ...site }: Mutant, use: () => Promise<Result>): Promise<Result> {
    const path = join(this.folder, 'systems-under-test', file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, mutate(text, site, mutant));
    try {
      return await use();
    } finally {
      writeFileSync(path, text);
    }
  }
}

function exportedSystem(name: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(join(SYSTEMS, name, 'index.ts'), 'utf8');
  } catch {
    return undefined;
  }
  return /export const (\w+): System\b/.exec(text)?.[1];
}
