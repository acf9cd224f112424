import type {
  Assignable,
  BinaryOperator,
  Branch,
  Expression,
  FunctionBody,
  Local,
  Statement,
  TableItem,
  UnaryOperator,
} from './ast.ts';
import { type Token, tokenize } from './lexer.ts';
import { FunctionScope } from './scope.ts';
import { LuaError } from './values.ts';

/** How strongly operators bind to the left and to the right (Lua 5.1 manual, 2.5.6). */
const BINDING: Readonly<Record<BinaryOperator, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};
const UNARY_BINDING = 8;
const NESTING_MAX = 200;
const BLOCK_ENDS = ['else', 'elseif', 'end', 'until'];

/** Parses a chunk (Lua 5.1) as the body of a function with variable arguments. @throws LuaError with Lua's own message */
export function parse(source: string, chunk: string): FunctionBody {
  return new Parser(tokenize(source, chunk), chunk).chunk();
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly chunkName: string;
  private at = 0;
  private depth = 0;
  private scope = new FunctionScope(null);

  constructor(tokens: readonly Token[], chunkName: string) {
    this.tokens = tokens;
    this.chunkName = chunkName;
  }

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private fail(what: string, token = this.token): LuaError {
    return new LuaError(`${this.chunkName}:${token.line}: ${what} near '${token.text}'`, token.line);
  }

  /** Whether the next token is this keyword or symbol. */
  private is(text: string): boolean {
    const { token } = this;
    return token.text === text && (token.kind === 'symbol' || token.kind === 'keyword');
  }

  private take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw this.fail(`'${text}' expected`);
  }

  /** The end of what another token began on a line. */
  private close(text: string, opened: string, line: number): void {
    if (this.take(text)) return;
    if (line === this.token.line) throw this.fail(`'${text}' expected`);
    throw this.fail(`'${text}' expected (to close '${opened}' at line ${line})`);
  }

  private name(): string {
    if (this.token.kind !== 'name') throw this.fail("'<name>' expected");
    return this.tokens[this.at++]!.text;
  }

  private deeper<T>(parse: () => T): T {
    if (++this.depth > NESTING_MAX)
      throw new LuaError(
        `${this.chunkName}:${this.token.line}: chunk has too many syntax levels`,
        this.token.line,
      );
    const result = parse();
    this.depth--;
    return result;
  }

  chunk(): FunctionBody {
    this.scope.isVararg = true;
    const block = this.block();
    if (this.token.kind !== 'end') throw this.fail("'<eof>' expected");
    return { name: 'main chunk', line: 0, parameters: [], isVararg: true, block, captures: [] };
  }

  private block(): Statement[] {
    return this.scope.block(() => this.statements());
  }

  private statements(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      if (this.token.kind === 'end' || BLOCK_ENDS.some((word) => this.is(word))) return statements;
      const isLast = this.is('return') || this.is('break');
      const statement = this.deeper(() => this.statement());
      if (statement !== null) statements.push(statement);
      this.take(';');
      if (isLast) return statements;
    }
  }

  private statement(): Statement | null {
    const { line } = this.token;
    if (this.take('if')) return this.ifStatement(line);
    if (this.take('while')) {
      const condition = this.expression();
      this.expect('do');
      const block = this.loop(() => this.block());
      this.close('end', 'while', line);
      return { type: 'while', condition, block };
    }
    if (this.take('do')) {
      const block = this.block();
      this.close('end', 'do', line);
      return { type: 'do', block };
    }
    if (this.take('for')) return this.scope.block(() => this.forStatement(line));
    if (this.take('repeat'))
      return this.scope.block(() => {
        const block = this.loop(() => this.statements());
        this.close('until', 'repeat', line);
        return { type: 'repeat', block, until: this.expression() };
      });
    if (this.take('function')) return this.functionStatement(line);
    if (this.take('local')) return this.take('function') ? this.localFunction(line) : this.localStatement();
    if (this.take('return')) {
      const ends = this.token.kind === 'end' || this.is(';') || BLOCK_ENDS.some((word) => this.is(word));
      return { type: 'return', values: ends ? [] : this.expressions() };
    }
    if (this.is('break')) {
      if (this.scope.loops === 0) {
        this.at++;
        throw this.fail('no loop to break');
      }
      this.at++;
      return { type: 'break' };
    }
    return this.expressionStatement();
  }

  private loop<T>(parse: () => T): T {
    this.scope.loops++;
    const result = parse();
    this.scope.loops--;
    return result;
  }

  private ifStatement(line: number): Statement {
    const branches: Branch[] = [];
    const branch = (): void => {
      const condition = this.expression();
      this.expect('then');
      branches.push({ condition, block: this.block() });
    };
    branch();
    while (this.take('elseif')) branch();
    const otherwise = this.take('else') ? this.block() : [];
    this.close('end', 'if', line);
    return { type: 'if', branches, otherwise };
  }

  private forStatement(line: number): Statement {
    const names = [this.name()];
    if (this.take('=')) {
      const from = this.expression();
      this.expect(',');
      const to = this.expression();
      const step = this.take(',') ? this.expression() : null;
      this.expect('do');
      const local = this.scope.declare(names[0]!);
      const block = this.loop(() => this.block());
      this.close('end', 'for', line);
      return { type: 'for', local, from, to, step, block, line };
    }
    while (this.take(',')) names.push(this.name());
    if (!this.take('in')) throw this.fail("'=' or 'in' expected");
    const values = this.expressions();
    this.expect('do');
    const locals = names.map((name) => this.scope.declare(name));
    const block = this.loop(() => this.block());
    this.close('end', 'for', line);
    return { type: 'for-in', locals, values, block, line };
  }

  private functionStatement(line: number): Statement {
    let target: Assignable = this.scope.resolve(this.name(), line);
    let isMethod = false;
    while (this.is('.') || this.is(':')) {
      isMethod = this.take(':');
      if (!isMethod) this.expect('.');
      target = { type: 'index', object: target, key: { type: 'string', value: this.name() }, line };
      if (isMethod) break;
    }
    const body = this.body('function', line, isMethod);
    return { type: 'assign', targets: [target], values: [{ type: 'function', body }] };
  }

  private localFunction(line: number): Statement {
    const name = this.name();
    const local = this.scope.declare(name);
    return { type: 'local-function', local, body: this.body(name, line, false) };
  }

  private localStatement(): Statement {
    const names = [this.name()];
    while (this.take(',')) names.push(this.name());
    const values = this.take('=') ? this.expressions() : [];
    const locals = names.map((name) => this.scope.make(name));
    for (const local of locals) this.scope.show(local);
    return { type: 'local', locals, values };
  }

  private expressionStatement(): Statement {
    const first = this.suffixed();
    if (!this.is('=') && !this.is(',')) {
      if (first.type === 'call' || first.type === 'method') return { type: 'call', call: first };
      throw this.fail("'=' expected");
    }
    const targets = [this.assignable(first)];
    while (this.take(',')) targets.push(this.assignable(this.suffixed()));
    this.expect('=');
    return { type: 'assign', targets, values: this.expressions() };
  }

  private assignable(expression: Expression): Assignable {
    if (
      expression.type === 'local' ||
      expression.type === 'upvalue' ||
      expression.type === 'global' ||
      expression.type === 'index'
    )
      return expression;
    throw this.fail('syntax error');
  }

  private body(name: string, line: number, isMethod: boolean): FunctionBody {
    const scope = new FunctionScope(this.scope);
    this.scope = scope;
    const parameters: Local[] = isMethod ? [scope.declare('self')] : [];
    this.expect('(');
    if (!this.is(')'))
      do {
        if (this.take('...')) {
          scope.isVararg = true;
          break;
        }
        if (this.token.kind !== 'name') throw this.fail("<name> or '...' expected");
        parameters.push(scope.declare(this.name()));
      } while (this.take(','));
    this.expect(')');
    const block = this.statements();
    this.close('end', 'function', line);
    this.scope = scope.parent!;
    return { name, line, parameters, isVararg: scope.isVararg, block, captures: scope.captures };
  }

  private expressions(): Expression[] {
    const list = [this.expression()];
    while (this.take(',')) list.push(this.expression());
    return list;
  }

  private expression(limit = 0): Expression {
    return this.deeper(() => {
      let left = this.operand();
      for (;;) {
        const { token } = this;
        const binding =
          token.kind === 'symbol' || token.kind === 'keyword'
            ? BINDING[token.text as BinaryOperator]
            : undefined;
        if (binding === undefined || binding[0] <= limit) return left;
        this.at++;
        const right = this.expression(binding[1]);
        left = { type: 'binary', operator: token.text as BinaryOperator, left, right, line: token.line };
      }
    });
  }

  private operand(): Expression {
    const { token } = this;
    if (this.is('not') || this.is('-') || this.is('#')) {
      this.at++;
      const operand = this.expression(UNARY_BINDING);
      if (token.text === '-' && operand.type === 'number') return { type: 'number', value: -operand.value };
      return { type: 'unary', operator: token.text as UnaryOperator, operand, line: token.line };
    }
    if (token.kind === 'number' || token.kind === 'string') {
      this.at++;
      return token.kind === 'number'
        ? { type: 'number', value: token.number }
        : { type: 'string', value: token.text };
    }
    if (this.take('nil')) return { type: 'nil' };
    if (this.take('true')) return { type: 'boolean', value: true };
    if (this.take('false')) return { type: 'boolean', value: false };
    if (this.is('...')) {
      if (!this.scope.isVararg) throw this.fail("cannot use '...' outside a vararg function");
      this.at++;
      return { type: 'vararg' };
    }
    if (this.is('{')) return this.table();
    if (this.take('function')) return { type: 'function', body: this.body('anonymous', token.line, false) };
    return this.suffixed();
  }

  private table(): Expression {
    const { line } = this.token;
    this.expect('{');
    const items: TableItem[] = [];
    while (!this.is('}')) {
      const following = this.tokens[this.at + 1];
      if (this.token.kind === 'name' && following?.kind === 'symbol' && following.text === '=') {
        const key: Expression = { type: 'string', value: this.name() };
        this.expect('=');
        items.push({ key, value: this.expression() });
      } else if (this.take('[')) {
        const key = this.expression();
        this.expect(']');
        this.expect('=');
        items.push({ key, value: this.expression() });
      } else items.push({ key: null, value: this.expression() });
      if (!this.take(',') && !this.take(';')) break;
    }
    this.close('}', '{', line);
    return { type: 'table', items, line };
  }

  /** A name or a parenthesis, and the indices and calls behind it. */
  private suffixed(): Expression {
    let expression = this.primary();
    for (;;) {
      const { token } = this;
      if (this.take('.'))
        expression = {
          type: 'index',
          object: expression,
          key: { type: 'string', value: this.name() },
          line: token.line,
        };
      else if (this.take('[')) {
        const key = this.expression();
        this.expect(']');
        expression = { type: 'index', object: expression, key, line: token.line };
      } else if (this.take(':')) {
        const name = this.name();
        expression = { type: 'method', object: expression, name, args: this.args(), line: token.line };
      } else if (this.is('(') || this.is('{') || token.kind === 'string')
        expression = { type: 'call', callee: expression, args: this.args(), line: token.line };
      else return expression;
    }
  }

  private primary(): Expression {
    const { token } = this;
    if (token.kind === 'name') return this.scope.resolve(this.name(), token.line);
    if (!this.take('(')) throw this.fail('unexpected symbol');
    const inner = this.expression();
    this.close(')', '(', token.line);
    return inner.type === 'call' || inner.type === 'method' || inner.type === 'vararg'
      ? { type: 'parenthesis', inner }
      : inner;
  }

  private args(): Expression[] {
    const { token } = this;
    if (token.kind === 'string') {
      this.at++;
      return [{ type: 'string', value: token.text }];
    }
    if (this.is('{')) return [this.table()];
    if (!this.take('(')) throw this.fail('function arguments expected');
    const args = this.is(')') ? [] : this.expressions();
    this.close(')', '(', token.line);
    return args;
  }
}
