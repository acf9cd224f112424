import { type AnyNode, type CallExpression, type Expression, type Pattern, parse, type Super } from 'acorn';
import { ancestor } from 'acorn-walk';
import { type Declaration, Scopes, targetsOf } from './scopes.ts';

/** A variable of a module that functions change: it would outlive incarnations, hosts and runs. Offsets into the code. */
export interface ModuleState {
  readonly name: string;
  readonly declaredAt: number;
  readonly changedAt: number;
}

/** Methods that change their receiver, of arrays and views: nothing else is called so. */
const CERTAIN =
  /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set(Big)?(Ui|I)nt\d+|setFloat\d+)$/;
/** Those of maps and sets, whose names pure functions have, too (`vector.add(a, b)`). */
const POSSIBLE = new Set(['set', 'add', 'delete', 'clear']);
const CONTAINERS = /^(Map|Set|WeakMap|WeakSet|Array|\w+Array)$/;
/** Functions of `Object` and `Reflect` that change their first argument. */
const CHANGING = /^(assign|defineProperty|defineProperties|setPrototypeOf|set|deleteProperty)$/;

/**
 * Finds variables of a module that code inside functions assigns to or mutates. Static and therefore incomplete (an
 * alias escapes it); what it misses shows as a difference under `verify`.
 * @param code One JavaScript module, as esbuild bundles it.
 */
export function findModuleState(code: string): ModuleState[] {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const scopes = new Scopes();
  const found = new Map<string, ModuleState>();
  const changed = (
    target: Expression | Pattern | Super,
    ancestors: readonly AnyNode[],
    counts: (declaration: Declaration, steps: number) => boolean = () => true,
  ): void => {
    const { root, steps } = rootOf(target);
    const state =
      root.type === 'ThisExpression'
        ? stateOfThis(ancestors)
        : root.type === 'Identifier'
          ? stateOfName(root.name, ancestors, scopes)
          : undefined;
    if (state === undefined || !counts(state, steps)) return;
    // esbuild calls a class that mentions itself `_Name`.
    const name = state.kind === 'class' ? state.name.replace(/^_(?=[A-Z])/, '') : state.name;
    const key = `${name} ${state.at}`;
    if (!found.has(key)) found.set(key, { name, declaredAt: state.at, changedAt: target.start });
  };
  ancestor(program, {
    AssignmentExpression({ left }, _, ancestors) {
      for (const target of targetsOf(left)) changed(target, ancestors);
    },
    UpdateExpression({ argument }, _, ancestors) {
      changed(argument, ancestors);
    },
    UnaryExpression({ operator, argument }, _, ancestors) {
      if (operator === 'delete') changed(argument, ancestors);
    },
    ForOfStatement({ left }, _, ancestors) {
      if (left.type !== 'VariableDeclaration')
        for (const target of targetsOf(left)) changed(target, ancestors);
    },
    ForInStatement({ left }, _, ancestors) {
      if (left.type !== 'VariableDeclaration')
        for (const target of targetsOf(left)) changed(target, ancestors);
    },
    CallExpression(call, _, ancestors) {
      const { callee } = call;
      if (callee.type !== 'MemberExpression') return;
      const method = callee.property.type === 'Identifier' && !callee.computed ? callee.property.name : '';
      const owner = callee.object.type === 'Identifier' ? callee.object.name : '';
      const [first] = call.arguments;
      if ((owner === 'Object' || owner === 'Reflect') && CHANGING.test(method)) {
        if (first && first.type !== 'SpreadElement') changed(first, ancestors);
      } else if (CERTAIN.test(method) || POSSIBLE.has(method)) {
        changed(callee.object, ancestors, (declaration, steps) =>
          mayChange(declaration, steps, method, isDropped(call, ancestors)),
        );
      }
    },
  });
  return [...found.values()].sort((a, b) => a.changedAt - b.changedAt);
}

/** The `a` of `a.b[c].d`, and how many steps lead from it. */
function rootOf(target: Expression | Pattern | Super): {
  readonly root: Expression | Pattern | Super;
  readonly steps: number;
} {
  let root = target;
  let steps = 0;
  for (;;) {
    if (root.type === 'MemberExpression') {
      root = root.object;
      steps++;
    } else if (root.type === 'ChainExpression' || root.type === 'ParenthesizedExpression')
      root = root.expression;
    else return { root, steps };
  }
}

type Named = Declaration & { readonly name: string };

function stateOfName(name: string, ancestors: readonly AnyNode[], scopes: Scopes): Named | undefined {
  const at = scopes.resolve(name, ancestors);
  if (at < 0) {
    const isGlobal = name === 'globalThis' || name === 'global';
    return isGlobal && runsLater(ancestors, 0) ? { name, kind: 'variable', at: 0 } : undefined;
  }
  // Declared once for the module, and changed by something that is called later.
  if (runsLater(ancestors.slice(0, at + 1), 0) || !runsLater(ancestors, at + 1)) return undefined;
  return { name, ...scopes.declaredBy(ancestors[at]!).get(name)! };
}

/** `this` in a static method, or in a method of an object that the module has once. */
function stateOfThis(ancestors: readonly AnyNode[]): Named | undefined {
  let at = ancestors.length - 1;
  while (
    at >= 0 &&
    ancestors[at]!.type !== 'FunctionExpression' &&
    ancestors[at]!.type !== 'FunctionDeclaration' &&
    ancestors[at]!.type !== 'PropertyDefinition'
  )
    at--;
  const owner = ancestors[at - 1];
  if (owner === undefined || runsLater(ancestors.slice(0, at), 0)) return undefined;
  const parent = ancestors[at - (owner.type === 'MethodDefinition' ? 3 : 2)];
  if (owner.type === 'MethodDefinition' && owner.static && owner.kind !== 'constructor') {
    const id = parent && 'id' in parent && parent.id?.type === 'Identifier' ? parent.id : undefined;
    return { name: id?.name ?? 'a class', kind: 'class', at: (id ?? owner).start };
  }
  if (owner.type === 'Property' && parent?.type === 'ObjectExpression') {
    const holder = ancestors[at - 3];
    const name =
      holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id.name : 'an object';
    return { name, kind: 'variable', at: parent.start };
  }
  return undefined;
}

/** True if one of the nodes from this position on is a function that is not called right where it stands. */
function runsLater(ancestors: readonly AnyNode[], from: number): boolean {
  for (let i = from; i < ancestors.length; i++) {
    const node = ancestors[i]!;
    if (node.type === 'PropertyDefinition' && !node.static && i < ancestors.length - 1) return true;
    if (
      node.type !== 'FunctionDeclaration' &&
      node.type !== 'FunctionExpression' &&
      node.type !== 'ArrowFunctionExpression'
    )
      continue;
    const parent = ancestors[i - 1];
    if (parent?.type === 'CallExpression' && parent.callee === node) continue;
    if (isModuleWrapper(ancestors[i - 3])) continue;
    return true;
  }
  return false;
}

/** esbuild's `__commonJS({"file.js"() {...}})`: the function is the top level of a module. */
function isModuleWrapper(node: AnyNode | undefined): boolean {
  return (
    node?.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    /^__(commonJS|commonJSMin|esm|esmMin)\d*$/.test(node.callee.name)
  );
}

/** Whether calling this method on what is declared so changes it. */
function mayChange({ kind, init }: Declaration, steps: number, method: string, dropped: boolean): boolean {
  if (kind === 'import') return false;
  if (steps > 0) return CERTAIN.test(method) || dropped;
  // The methods of a class, or of an object written here, are the user's own.
  if (kind !== 'variable' || init?.type === 'ObjectExpression') return false;
  const isContainer =
    init?.type === 'ArrayExpression' ||
    (init?.type === 'NewExpression' &&
      init.callee.type === 'Identifier' &&
      CONTAINERS.test(init.callee.name));
  return isContainer || CERTAIN.test(method) || dropped;
}

/** Nobody uses what it returns: it is called for its effect. */
function isDropped(call: CallExpression, ancestors: readonly AnyNode[]): boolean {
  return ancestors.at(-1) === call && ancestors.at(-2)?.type === 'ExpressionStatement';
}
