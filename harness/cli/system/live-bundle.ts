import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import { PACKAGE_ROOT } from '../code-digest.ts';
import { asBundle, type Bundle, buildModule } from './bundle.ts';

/** What makes a system of the description of a server. */
export const CONFIGURED = pathToFileURL(
  join(PACKAGE_ROOT, 'systems-under-test', 'live', 'configured', 'index.js'),
).href;

/** Set while a package is looked up, so that this plugin does not ask itself. */
const ASKED = Symbol('asked');

/**
 * Code of the live world may import what it likes. The user's own files become part of the module; packages stay where they are installed, and are imported from there: many of
 * them cannot be bundled. `urls` gets the URL of each, which differs between machines, with its name.
 */
function packagesInPlace(urls: Map<string, string>): Plugin {
  return {
    name: 'sixways-packages',
    setup(builder) {
      builder.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...asked }) => {
        if (pluginData === ASKED) return undefined;
        if (path === CONFIGURED) return { path, external: true };
        if (/^sixways(\/.*)?$/.test(path)) {
          const entry = path === 'sixways' ? 'index.js' : join(path.slice('sixways/'.length), 'index.js');
          const url = pathToFileURL(join(PACKAGE_ROOT, entry)).href;
          urls.set(url, path);
          return { path: url, external: true };
        }
        const { resolveDir, importer, namespace, kind } = asked;
        const found = await builder.resolve(path, {
          resolveDir,
          importer,
          namespace,
          kind,
          pluginData: ASKED,
        });
        // Builtin modules are external by themselves; what is not found is said by the build.
        if (found.errors.length > 0 || found.external) return found;
        const url = pathToFileURL(found.path).href;
        urls.set(url, path);
        return { path: url, external: true };
      });
    },
  };
}

/** A user's file for the live world as a module. @throws UsageError naming file and line. */
export function bundleLive(name: string, entry: string): Promise<Bundle> {
  return bundleWith(name, dirname(entry), { entryPoints: [entry] });
}

/** The same for code that is not in a file. `folder`: what it imports is looked for from there. */
export function bundleLiveText(name: string, folder: string, text: string): Promise<Bundle> {
  return bundleWith(name, folder, { stdin: { contents: text, resolveDir: folder, sourcefile: name } });
}

async function bundleWith(name: string, folder: string, options: BuildOptions): Promise<Bundle> {
  const urls = new Map([
    [CONFIGURED, 'configured'],
    [folder, '.'],
  ]);
  const { code, map } = await buildModule(name, folder, { ...options, plugins: [packagesInPlace(urls)] });
  let digested = code;
  for (const [url, path] of urls) digested = digested.replaceAll(url, path);
  return asBundle(code, map, digested);
}
