import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative, resolve } from 'node:path';
import type { BundledProgram } from './bundle.ts';
import { simulatedName } from './project.ts';

/**
 * Makes text that names places of these bundles (stacks, as a rule) name those of the source files, as they are called on the simulated machine. Maps are read when the
 * first such text comes.
 */
export function placesOf(bundles: readonly BundledProgram[]): (text: string) => string {
  const maps = new Map<
    string,
    { readonly map: SourceMap; readonly root: string; readonly project: string }
  >();
  const byFile = new Map(bundles.map((bundle) => [bundle.file, bundle]));
  return (text) =>
    text.replace(
      /(\/app\/[^\s():]+\.bundle\.js):(\d+):(\d+)/g,
      (whole, file: string, line: string, column: string) => {
        const bundle = byFile.get(file);
        if (bundle === undefined) return whole;
        let known = maps.get(file);
        if (known === undefined) {
          const payload = JSON.parse(bundle.map) as SourceMapPayload;
          known = {
            map: new SourceMap({ ...payload, sourceRoot: '' }),
            root: payload.sourceRoot,
            project: bundle.project,
          };
          maps.set(file, known);
        }
        const entry = known.map.findEntry(Number(line) - 1, Number(column) - 1);
        if (!('originalSource' in entry)) return whole;
        const source = resolve(known.root, entry.originalSource);
        const inside = relative(known.project, source);
        return `${simulatedName(known.project, resolve(known.project, inside))}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
      },
    );
}
