import { builtinModules, createRequire } from 'node:module';
import { dirname, resolve } from 'node:path/posix';
import { codedError } from '../builtins/coded-error.ts';
import type { Builtin, BuiltinContext } from '../builtins/context.ts';
import { REFUSED, refusedBuiltin } from '../builtins/refused.ts';
import { refuse } from '../current.ts';
import { Refusal } from '../leak.ts';

/** Builtins that reach nothing outside of the program's own memory: those of the process around serve all hosts. */
const HARMLESS = new Set([
  ...['assert', 'assert/strict', 'buffer', 'constants', 'events', 'path', 'path/posix', 'path/win32'],
  ...['punycode', 'querystring', 'readline', 'stream', 'stream/consumers', 'stream/promises', 'stream/web'],
  ...['string_decoder', 'sys', 'url', 'util', 'util/types'],
]);

const requireReal = createRequire(import.meta.url);

/** In bundles, what stands before a package whose native addon was asked for, and before the file of one that is declared pure. */
export const ADDON = 'sixways-addon:';
export const PURE_ADDON = 'sixways-pure-addon:';

const ADDON_REMEDY =
  'machine code sees the real clock and memory: use a package in JavaScript, or say by allowNative that it is pure';

/** `node:` is a spelling. */
export function builtinName(id: string): string {
  return id.startsWith('node:') ? id.slice(5) : id;
}

/** As Node says it. */
function notFound(id: string): Error {
  return Object.assign(codedError('MODULE_NOT_FOUND', `Cannot find module '${id}'`), { requireStack: [] });
}

/** The builtin modules of one incarnation: each is made when it is first asked for. */
export class Modules {
  private readonly makers: { readonly [name: string]: Builtin };
  private readonly loaded = new Map<string, unknown>();
  private readonly context: BuiltinContext;

  constructor(context: BuiltinContext, makers: { readonly [name: string]: Builtin }) {
    this.context = context;
    this.makers = makers;
  }

  /** What `require` of this name gives. @throws as Node, with the code MODULE_NOT_FOUND, for what was not found when the program was bundled. */
  load(id: string): unknown {
    const name = builtinName(id);
    const known = this.loaded.get(name);
    if (known !== undefined) return known;
    const module = this.make(id, name);
    this.loaded.set(name, module);
    return module;
  }

  private make(id: string, name: string): unknown {
    if (Object.hasOwn(this.makers, name)) return this.makers[name]!(this.context);
    if (HARMLESS.has(name)) return requireReal(`node:${name}`);
    if (Object.hasOwn(REFUSED, name)) return refusedBuiltin(name);
    if (builtinModules.includes(name) || id.startsWith('node:')) return refusedBuiltin(name);
    if (id.startsWith(PURE_ADDON)) return requireReal(id.slice(PURE_ADDON.length));
    if (id.startsWith(ADDON)) this.refuseAddon(id.slice(ADDON.length));
    if (id.startsWith('/')) return this.file(id);
    if (id.startsWith('.'))
      return refuse(
        `require(${JSON.stringify(id)}), a name made at run time`,
        'require or import a literal, so that it is bundled with the program',
      );
    const { mount } = this.context;
    if (mount.read(`${mount.root}/node_modules/${id}/package.json`) !== undefined)
      this.context.log('warn', `require(${JSON.stringify(id)}), a name made at run time: not in the bundle`);
    throw notFound(id);
  }

  /** @throws Refusal for that of a package, which may have a fallback. */
  private refuseAddon(name: string): never {
    const call = `the native addon of ${name}`;
    if (name.endsWith('.node') && !name.includes('/node_modules/')) refuse(call, ADDON_REMEDY);
    const refusal = new Refusal(call, ADDON_REMEDY);
    this.context.log('warn', refusal.message);
    throw refusal;
  }

  /** A file of the project by a name that was made at run time: data is read, and code would have to be in the bundle. */
  private file(path: string): unknown {
    const { mount } = this.context;
    const found = [path, `${path}.js`, `${path}.json`, `${path}.node`, `${path}/index.js`].find(
      (name) => mount.read(name) !== undefined,
    );
    if (found === undefined) throw notFound(path);
    if (found.endsWith('.json')) return JSON.parse(Buffer.from(mount.read(found)!).toString());
    if (found.endsWith('.node')) this.refuseAddon(found);
    return refuse(
      `require(${JSON.stringify(path)}), a name made at run time`,
      'require or import a literal, so that it is bundled with the program',
    );
  }

  /** `module`, for code that makes its own require. */
  module(): object {
    const load = (id: string): unknown => this.load(id);
    const isBuiltin = (id: string): boolean => builtinModules.includes(builtinName(id));
    return {
      createRequire: (from: string | URL) => {
        const folder = dirname(String(from).replace(/^file:\/\//, ''));
        const resolved = (id: string): string => (id.startsWith('.') ? resolve(folder, id) : id);
        const require = (id: string): unknown => this.load(resolved(id));
        return Object.assign(require, { resolve: resolved, cache: {}, main: undefined });
      },
      builtinModules: [...builtinModules],
      isBuiltin,
      Module: { builtinModules: [...builtinModules], _load: load, _extensions: {}, _cache: {} },
      register: () =>
        this.context.log('warn', 'module.register(): all modules are in the bundle, so its hooks see none'),
      syncBuiltinESMExports() {},
      enableCompileCache() {},
    };
  }
}
