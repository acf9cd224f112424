import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Mount } from '../builtins/context.ts';

/** Where a project is seen on the simulated machine. */
export const PROJECT_ROOT = '/app';

/** The folder of the nearest package.json above a file, or the file's own. */
export function projectOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}

/** The name on the simulated machine of a real file: of the project, or of a package installed above it. */
export function simulatedName(project: string, file: string): string {
  const inside = relative(project, file).split(sep).join('/');
  if (!inside.startsWith('..')) return `${PROJECT_ROOT}/${inside}`;
  const modules = inside.lastIndexOf('node_modules/');
  return modules < 0
    ? `${PROJECT_ROOT}/${inside.replaceAll('../', '')}`
    : `${PROJECT_ROOT}/${inside.slice(modules)}`;
}

/** The project's files, as they are when a program asks. */
export function mountOf(project: string): Mount {
  const real = (name: string): string | undefined => {
    if (name !== PROJECT_ROOT && !name.startsWith(`${PROJECT_ROOT}/`)) return undefined;
    const inside = name.slice(PROJECT_ROOT.length + 1);
    // Packages may be installed above the project.
    const folders = inside.startsWith('node_modules/') ? [project, ...parents(project)] : [project];
    return folders.map((folder) => join(folder, inside)).find((path) => existsSync(path));
  };
  return {
    root: PROJECT_ROOT,
    read(name) {
      const path = real(name);
      return path !== undefined && statSync(path).isFile() ? new Uint8Array(readFileSync(path)) : undefined;
    },
    list(name) {
      const path = real(name);
      if (path === undefined || !statSync(path).isDirectory()) return undefined;
      return readdirSync(path, { withFileTypes: true })
        .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

function parents(folder: string): string[] {
  const above: string[] = [];
  for (let at = dirname(folder); at !== dirname(at); at = dirname(at)) above.push(at);
  return above;
}
