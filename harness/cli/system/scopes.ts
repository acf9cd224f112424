import type { AnyNode, Expression, Pattern, VariableDeclaration } from 'acorn';
import { base, simple } from 'acorn-walk';

/** What stands behind a name. */
export interface Declaration {
  readonly kind: 'variable' | 'class' | 'function' | 'parameter' | 'import';
  /** Offset of the name in the code. */
  readonly at: number;
  /** What a variable begins with. */
  readonly init?: Expression | null;
}

type Names = Map<string, Declaration>;

const NONE: Names = new Map();

/** Names that a node declares for what stands inside it, as ECMAScript's scopes have it. Each node is looked at once. */
export class Scopes {
  private readonly known = new Map<AnyNode, Names>();

  declaredBy(node: AnyNode): ReadonlyMap<string, Declaration> {
    let names = this.known.get(node);
    if (names === undefined) {
      names = namesOf(node);
      this.known.set(node, names);
    }
    return names;
  }

  /** The innermost of these nodes that declares the name, by its position; -1 if none does and the name is global. */
  resolve(name: string, ancestors: readonly AnyNode[]): number {
    for (let i = ancestors.length - 1; i >= 0; i--) if (this.declaredBy(ancestors[i]!).has(name)) return i;
    return -1;
  }
}

function namesOf(node: AnyNode): Names {
  const names: Names = new Map();
  switch (node.type) {
    case 'Program':
      hoisted(node, names);
      lexical(node.body, names);
      return names;
    case 'BlockStatement':
    case 'StaticBlock':
      lexical(node.body, names);
      return names;
    case 'SwitchStatement':
      for (const { consequent } of node.cases) lexical(consequent, names);
      return names;
    case 'ForStatement':
      if (node.init?.type === 'VariableDeclaration') variables(node.init, names);
      return names;
    case 'ForInStatement':
    case 'ForOfStatement':
      if (node.left.type === 'VariableDeclaration') variables(node.left, names);
      return names;
    case 'CatchClause':
      if (node.param) bound(node.param, names);
      return names;
    case 'ClassExpression':
      if (node.id) names.set(node.id.name, { kind: 'class', at: node.id.start });
      return names;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      if (node.type === 'FunctionExpression' && node.id)
        names.set(node.id.name, { kind: 'function', at: node.id.start });
      hoisted(node.body, names);
      for (const parameter of node.params) bound(parameter, names);
      return names;
    default:
      return NONE;
  }
}

/** `let`, `const`, classes, functions and imports of a list of statements. */
function lexical(statements: readonly AnyNode[], names: Names): void {
  for (const statement of statements) {
    switch (statement.type) {
      case 'VariableDeclaration':
        if (statement.kind !== 'var') variables(statement, names);
        break;
      case 'ClassDeclaration':
        if (statement.id) names.set(statement.id.name, { kind: 'class', at: statement.id.start });
        break;
      case 'FunctionDeclaration':
        if (statement.id) names.set(statement.id.name, { kind: 'function', at: statement.id.start });
        break;
      case 'ImportDeclaration':
        for (const { local } of statement.specifiers)
          names.set(local.name, { kind: 'import', at: local.start });
        break;
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        if (statement.declaration) lexical([statement.declaration], names);
        break;
    }
  }
}

/** Every `var` below a node, but for those of functions in it. */
function hoisted(node: AnyNode, names: Names): void {
  simple(
    node,
    {
      VariableDeclaration(declaration) {
        if (declaration.kind === 'var') variables(declaration, names);
      },
    },
    { ...base, Function: () => {} },
  );
}

function variables({ declarations }: VariableDeclaration, names: Names): void {
  for (const { id, init } of declarations) {
    if (id.type === 'Identifier') names.set(id.name, { kind: 'variable', at: id.start, init: init ?? null });
    else for (const { name, at } of boundNames(id)) names.set(name, { kind: 'variable', at });
  }
}

function bound(pattern: Pattern, names: Names): void {
  for (const { name, at } of boundNames(pattern)) names.set(name, { kind: 'parameter', at });
}

/** The names that a pattern binds. */
function boundNames(pattern: Pattern): { readonly name: string; readonly at: number }[] {
  return targetsOf(pattern).flatMap((target) =>
    target.type === 'Identifier' ? [{ name: target.name, at: target.start }] : [],
  );
}

/** What an assignment to this pattern assigns to: identifiers and members. */
export function targetsOf(pattern: Pattern): Pattern[] {
  switch (pattern.type) {
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        targetsOf(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? targetsOf(element) : []));
    case 'RestElement':
      return targetsOf(pattern.argument);
    case 'AssignmentPattern':
      return targetsOf(pattern.left);
    default:
      return [pattern];
  }
}
