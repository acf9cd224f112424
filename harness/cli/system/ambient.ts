import { type AnyNode, parse } from 'acorn';
import { ancestor } from 'acorn-walk';
import { Scopes } from './scopes.ts';

/** Something in the code that would bring the machine into the simulated world. */
export interface AmbientUse {
  /** Offset into the code. */
  readonly at: number;
  readonly what: string;
  readonly instead: string;
}

/** Properties of `process` that differ between machines or runs, and that no trap can guard. */
const OF_PROCESS =
  /^(env|argv|argv0|execArgv|execPath|pid|ppid|platform|arch|cwd|title|version|versions|release|config|memoryUsage|cpuUsage|resourceUsage|uptime|stdin|stdout|stderr|on|once)$/;

/**
 * Finds what only reading the code can find: imports by a name made at run time, and facts of the machine that are plain properties.
 * @param code One JavaScript module, as esbuild bundles it.
 */
export function findAmbientUses(code: string): AmbientUse[] {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const scopes = new Scopes();
  const uses: AmbientUse[] = [];
  const isGlobal = (name: string, ancestors: readonly AnyNode[]): boolean =>
    scopes.resolve(name, ancestors) < 0;
  ancestor(program, {
    ImportExpression({ start }) {
      uses.push({
        at: start,
        what: 'import() of a name made at run time',
        instead: 'a static import, or import() of a literal',
      });
    },
    CallExpression({ start, callee }, _, ancestors) {
      if (callee.type !== 'Identifier') return;
      if (callee.name === '__require' || (callee.name === 'require' && isGlobal('require', ancestors)))
        uses.push({ at: start, what: 'require() of a name made at run time', instead: 'a static import' });
    },
    MetaProperty({ start, meta }) {
      if (meta.name === 'import')
        uses.push({ at: start, what: 'import.meta', instead: 'the options of the system' });
    },
    MemberExpression({ start, object, property }, _, ancestors) {
      if (object.type !== 'Identifier' || object.name !== 'process' || property.type !== 'Identifier') return;
      if (OF_PROCESS.test(property.name) && isGlobal('process', ancestors))
        uses.push({ at: start, what: `process.${property.name}`, instead: 'the options of the system' });
    },
  });
  return uses;
}
