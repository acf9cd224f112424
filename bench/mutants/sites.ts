import ts from 'typescript';

/** What a mutant takes away. */
export type SiteKind = 'sync' | 'comparison' | 'duplicate';

/** A place in the source where something that a protocol needs can be taken away. */
export interface Site {
  readonly kind: SiteKind;
  /** Line, from 1. */
  readonly line: number;
  /** Name of the function or method that it stands in; '' at the top. With the source it names the site wherever that moves to. */
  readonly within: string;
  /** The source that is replaced, on one line. */
  readonly source: string;
  /** What it is replaced by: each is a mutant. */
  readonly mutants: readonly string[];
  /** Where it stands: offsets of its first character and after its last. */
  readonly from: number;
  readonly to: number;
}

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

const CONSTANTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
]);

/** Names of what tells an old state of affairs from a new one. */
const AGES =
  /(epoch|term|version|ballot|view|generation|configuration|token|incarnation|timestamp|lease|position|dot)s?$/i;
/** Names of functions that compare two such, and say yes or no. */
const PREDICATE =
  /^(is)?(same(epoch|term|version|ballot|view|position|dot)|newer|later|older)$|^(covers|supersedes|precedes)$/i;
/** Names of sets of what was seen before, and of the numbers of a session's requests and of what comes once. */
const SEEN =
  /(seen|applied|known|done|answered|handled|processed|duplicates?|requests?|session|sequence|nth)$/i;
/** Statements of a system about itself, and what only decides how often a loop goes round. */
const STATEMENTS = /^(always|sometimes|note)$/;

/**
 * Finds each sync of a disk (`x.sync(...)`, `{sync: true}`), each comparison of an epoch, term, version or the like, and each check
 * for duplicates (`seen.has(...)`, comparisons of a session's numbers). Statements by `always` and `sometimes` are no part of the protocol.
 * @param text TypeScript.
 */
export function findSites(file: string, text: string): Site[] {
  const program = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const sites: Site[] = [];
  const add = (kind: SiteKind, node: ts.Node, mutants: readonly string[]): void => {
    const from = node.getStart(program);
    const line = program.getLineAndCharacterOfPosition(from).line + 1;
    const source = node.getText(program).replace(/\s+/g, ' ');
    sites.push({ kind, line, within: functionAround(node), source, mutants, from, to: node.getEnd() });
  };
  const visit = (node: ts.Node): void => {
    if (isPlanted(node)) return;
    if (ts.isCallExpression(node)) {
      const called = nameOf(node.expression);
      if (STATEMENTS.test(called)) return;
      if (called === 'sync') add('sync', node, ['Promise.resolve()']);
      if (PREDICATE.test(called)) add('comparison', node, ['true', 'false']);
      if (called === 'has' && ts.isPropertyAccessExpression(node.expression)) {
        if (SEEN.test(nameOf(node.expression.expression))) add('duplicate', node, ['false']);
      }
    }
    if (ts.isPropertyAssignment(node) && node.name.getText(program) === 'sync') {
      if (node.initializer.kind !== ts.SyntaxKind.FalseKeyword) add('sync', node.initializer, ['false']);
    }
    if (ts.isShorthandPropertyAssignment(node) && node.name.text === 'sync')
      add('sync', node, ['sync: false']);
    if (ts.isBinaryExpression(node) && COMPARISONS.has(node.operatorToken.kind)) {
      const kind = comparisonOf(node);
      if (kind !== undefined && !boundsLoop(node)) add(kind, node, ['true', 'false']);
    }
    ts.forEachChild(node, visit);
  };
  visit(program);
  return sites;
}

/** The last name of `a.b.c`, of a call `a.b()` or of an element `a[0]`. */
function nameOf(node: ts.Node): string {
  // A bare `nth` counts hosts; `report.nth` is the number of a report.
  if (ts.isIdentifier(node)) return node.text === 'nth' ? '' : node.text;
  if (ts.isPropertyAccessExpression(node)) {
    // `view.number` is the number of a view, `session.number` that of a session's request.
    return /^(number|index|id)$/.test(node.name.text) ? nameOf(node.expression) : node.name.text;
  }
  if (ts.isCallExpression(node) || ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node))
    return nameOf(node.expression);
  if (ts.isElementAccessExpression(node)) return nameOf(node.expression);
  if (ts.isBinaryExpression(node)) return nameOf(node.left);
  return '';
}

function comparisonOf({ left, right }: ts.BinaryExpression): SiteKind | undefined {
  // Whether there is one at all, or what type a message has, is no comparison of two.
  if (ts.isCallExpression(left) && /^compare/.test(nameOf(left))) return 'comparison';
  for (const side of [left, right]) {
    const constant = ts.isLiteralExpression(side) || CONSTANTS.has(side.kind);
    if (constant || ts.isTypeOfExpression(side) || /^(undefined|length|size)$/.test(nameOf(side)))
      return undefined;
  }
  const names = [nameOf(left), nameOf(right)];
  if (names.some((name) => AGES.test(name))) return 'comparison';
  return names.some((name) => SEEN.test(name)) ? 'duplicate' : undefined;
}

/** `flaws.name && ...`: what only a flaw compares. */
function isPlanted(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken &&
    /\bflaws?\b/.test(node.left.getText()) &&
    !ts.isPrefixUnaryExpression(node.left)
  );
}

function boundsLoop(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isForStatement(parent) && parent.condition === node) ||
    (ts.isWhileStatement(parent) && parent.expression === node)
  );
}

/** The text with the site replaced. */
export function mutate(text: string, { from, to }: Site, mutant: string): string {
  return text.slice(0, from) + mutant + text.slice(to);
}

/** The name of the nearest function or method that has one. */
function functionAround(node: ts.Node): string {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return 'constructor';
    if (isNamedFunction(at)) return at.name!.getText();
  }
  return '';
}

function isNamedFunction(node: ts.Node): node is ts.NamedDeclaration {
  const named = ts.isVariableDeclaration(node) ? node.initializer : node;
  return named !== undefined && ts.isFunctionLike(named) && (node as ts.NamedDeclaration).name !== undefined;
}
