import { type Node, parse } from 'acorn';
import { ancestor } from 'acorn-walk';

/** A variable of a module that functions change: it would outlive incarnations, hosts and runs. */
export interface ModuleState {
  readonly name: string;
}

/** Methods that change their receiver. */
const MUTATORS = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
]);

interface Identifier extends Node {
  readonly type: 'Identifier';
  readonly name: string;
}

type Loose = Node & { readonly [property: string]: unknown };

/** Names that the module's top level declares by `let`, `var` or `const`. */
function topLevelNames(program: Loose): Set<string> {
  const names = new Set<string>();
  for (const statement of program.body as Loose[]) {
    const declaration = (
      statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    ) as Loose | null;
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const declarator of declaration.declarations as Loose[]) {
      const id = declarator.id as Loose;
      if (id.type === 'Identifier') names.add((id as unknown as Identifier).name);
    }
  }
  return names;
}

function isFunction(node: Node): boolean {
  return /Function/.test(node.type) || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
}

/** The variable at the root of `a.b[c].d`, if there is one. */
function rootName(node: Loose): string | undefined {
  let at = node;
  while (at.type === 'MemberExpression') at = at.object as Loose;
  return at.type === 'Identifier' ? (at as unknown as Identifier).name : undefined;
}

/** True if a function on the way declares the name itself, as a parameter or a variable. */
function shadowed(name: string, ancestors: readonly Node[], code: string): boolean {
  return ancestors.some((node) => {
    if (!isFunction(node)) return false;
    const text = code.slice(node.start, node.end);
    const parameters = ((node as Loose).params as Loose[] | undefined) ?? [];
    if (
      parameters.some((parameter) =>
        new RegExp(`\\b${name}\\b`).test(code.slice(parameter.start, parameter.end)),
      )
    )
      return true;
    return new RegExp(`\\b(?:let|const|var)\\s+(?:\\{[^}]*|\\[[^\\]]*)?\\b${name}\\b`).test(text);
  });
}

/**
 * Finds variables of a module that code inside functions assigns to or mutates. Static and therefore incomplete (an
 * alias escapes it); what it misses shows as a difference under `--verify`.
 * @param code One JavaScript module.
 */
export function findModuleState(code: string): ModuleState[] {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const names = topLevelNames(program as unknown as Loose);
  const found = new Set<string>();
  const consider = (target: Loose, ancestors: readonly Node[]): void => {
    const name = rootName(target);
    if (name === undefined || !names.has(name)) return;
    if (!ancestors.some(isFunction) || shadowed(name, ancestors, code)) return;
    found.add(name);
  };
  ancestor(program, {
    AssignmentExpression(node, _state, ancestors) {
      consider((node as unknown as Loose).left as Loose, ancestors);
    },
    UpdateExpression(node, _state, ancestors) {
      consider((node as unknown as Loose).argument as Loose, ancestors);
    },
    CallExpression(node, _state, ancestors) {
      const callee = (node as unknown as Loose).callee as Loose;
      if (callee.type !== 'MemberExpression') return;
      const property = callee.property as Loose;
      if (property.type === 'Identifier' && MUTATORS.has((property as unknown as Identifier).name)) {
        consider(callee.object as Loose, ancestors);
      }
    },
  });
  return [...found].sort().map((name) => ({ name }));
}
