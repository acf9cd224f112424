import { builtinModules } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { REFUSED } from '../builtins/refused.ts';
import { ADDON, PURE_ADDON } from '../realm/modules.ts';

const CLIENT_HELPER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../client.ts' : '../client.js', import.meta.url),
);

const isBuiltin = (path: string): boolean => path.startsWith('node:') || builtinModules.includes(path);
export const isOfPackage = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file);

/**
 * Resolves as Node does at run time: builtins are asked of the program's own `require`, and what is not installed is missing when the
 * code asks for it (packages try whether `pg-native` is there). A builtin that is refused is refused here where the user's own code imports it.
 */
export function resolving(allowNative: readonly string[]): Plugin {
  return {
    name: 'sixways-hosted-resolve',
    setup(builder) {
      builder.onResolve({ filter: /^sixways\/client$/ }, () => ({ path: CLIENT_HELPER }));
      builder.onResolve(
        { filter: /^[^./]|^\.\.?$/ },
        async ({ path, kind, importer, resolveDir, pluginData, namespace }) => {
          if (kind === 'entry-point' || pluginData === ASKED) return undefined;
          if (path.startsWith(ADDON) || path.startsWith(PURE_ADDON)) return { path, external: true };
          if (isBuiltin(path)) {
            if (namespace === BUILTIN) return { path, external: true };
            const name = path.replace(/^node:/, '');
            const remedy = REFUSED[name];
            if (
              remedy !== undefined &&
              importer !== '' &&
              !isOfPackage(importer) &&
              importer !== CLIENT_HELPER
            )
              return { errors: [{ text: `"${path}" cannot be imported by a hosted program: ${remedy}` }] };
            return { path, namespace: BUILTIN };
          }
          const found = await builder.resolve(path, { kind, importer, resolveDir, pluginData: ASKED });
          // Left to esbuild: of what a plugin resolves (`paths` of tsconfig.json) it does not read the settings.
          if (found.errors.length === 0) return undefined;
          return isOfPackage(importer) || kind === 'require-call' || kind === 'require-resolve'
            ? { path, external: true }
            : undefined;
        },
      );
      // Through `require`, whatever format the bundle has.
      builder.onLoad({ filter: /.*/, namespace: BUILTIN }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)})`,
        loader: 'js',
      }));
      builder.onLoad({ filter: /\.node$/ }, ({ path }) => {
        const name =
          /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/.][^\\/]*)/.exec(path)?.[1] ?? basename(path);
        const asked = allowNative.includes(name) ? `${PURE_ADDON}${path}` : `${ADDON}${name}`;
        return { contents: `module.exports = require(${JSON.stringify(asked)})`, loader: 'js' };
      });
    },
  };
}

const ASKED = Symbol('asked by this plugin');
const BUILTIN = 'sixways-builtin';
