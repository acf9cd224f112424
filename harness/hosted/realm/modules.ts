import { builtinModules, createRequire } from 'node:module';
import { codedError } from '../builtins/coded-error.ts';
import type { Builtin, BuiltinContext } from '../builtins/context.ts';
import { REFUSED, refusedBuiltin } from '../builtins/refused.ts';
import { refuse } from '../current.ts';

/** Builtins that reach nothing outside of the program's own memory: those of the process around serve all hosts. */
const HARMLESS = new Set([
  ...[
    'assert',
    'assert/strict',
    'buffer',
    'constants',
    'diagnostics_channel',
    'events',
    'path',
    'path/posix',
    'path/win32',
  ],
  ...['punycode', 'querystring', 'readline', 'stream', 'stream/consumers', 'stream/promises', 'stream/web'],
  ...['string_decoder', 'sys', 'url', 'util', 'util/types'],
]);

const requireReal = createRequire(import.meta.url);

/** In bundles, what stands before a package whose native addon was asked for, and before the file of one that is declared pure. */
export const ADDON = 'sixways-addon:';
export const PURE_ADDON = 'sixways-pure-addon:';

/** `node:` is a spelling. */
export function builtinName(id: string): string {
  return id.startsWith('node:') ? id.slice(5) : id;
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
    if (id.startsWith(ADDON))
      return refuse(
        `the native addon of ${id.slice(ADDON.length)}`,
        'machine code sees the real clock and memory: use a package in JavaScript, or say by allowNative that it is pure',
      );
    if (/^[./]/.test(id))
      return refuse(
        `require(${JSON.stringify(id)}), a name made at run time`,
        'require or import a literal, so that it is bundled with the program',
      );
    throw Object.assign(codedError('MODULE_NOT_FOUND', `Cannot find module '${id}'`), { requireStack: [] });
  }

  /** `module`, for code that makes its own require. */
  module(): object {
    const load = (id: string): unknown => this.load(id);
    const isBuiltin = (id: string): boolean => builtinModules.includes(builtinName(id));
    const require = Object.assign(load, { resolve: (id: string) => id, cache: {}, main: undefined });
    return {
      createRequire: () => require,
      builtinModules: [...builtinModules],
      isBuiltin,
      Module: { builtinModules: [...builtinModules], _load: load, _extensions: {}, _cache: {} },
      register: () => refuse('module.register()', 'hooks of the loader do not run in the simulated world'),
      syncBuiltinESMExports() {},
      enableCompileCache() {},
    };
  }
}
