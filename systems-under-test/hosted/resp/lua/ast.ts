/** A local variable: its slot in the frame of its function, and whether an inner function uses it. */
export interface Local {
  readonly name: string;
  readonly slot: number;
  captured: boolean;
}

/** Where a function finds a variable of an outer one when it is made: in the frame around it, or among that one's own captured ones. */
export type Capture = { readonly local: Local } | { readonly upvalue: number };

export interface FunctionBody {
  readonly name: string;
  readonly line: number;
  readonly parameters: readonly Local[];
  readonly isVararg: boolean;
  readonly block: readonly Statement[];
  readonly captures: readonly Capture[];
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '..'
  | '=='
  | '~='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or';
export type UnaryOperator = '-' | 'not' | '#';

export type Expression =
  | { readonly type: 'nil' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vararg' }
  | { readonly type: 'function'; readonly body: FunctionBody }
  | { readonly type: 'local'; readonly local: Local }
  | { readonly type: 'upvalue'; readonly index: number; readonly name: string }
  | { readonly type: 'global'; readonly name: string; readonly line: number }
  | { readonly type: 'index'; readonly object: Expression; readonly key: Expression; readonly line: number }
  | {
      readonly type: 'call';
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly line: number;
    }
  | {
      readonly type: 'method';
      readonly object: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly line: number;
    }
  | { readonly type: 'table'; readonly items: readonly TableItem[]; readonly line: number }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | {
      readonly type: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly line: number;
    }
  /** One value of a call or of `...`. */
  | { readonly type: 'parenthesis'; readonly inner: Expression };

/** Without a key: the next place of the list. */
export interface TableItem {
  readonly key: Expression | null;
  readonly value: Expression;
}

export type Assignable = Extract<Expression, { type: 'local' | 'upvalue' | 'global' | 'index' }>;

export interface Branch {
  readonly condition: Expression;
  readonly block: readonly Statement[];
}

export type Statement =
  | { readonly type: 'local'; readonly locals: readonly Local[]; readonly values: readonly Expression[] }
  | {
      readonly type: 'assign';
      readonly targets: readonly Assignable[];
      readonly values: readonly Expression[];
    }
  | { readonly type: 'call'; readonly call: Expression }
  | { readonly type: 'do'; readonly block: readonly Statement[] }
  | { readonly type: 'while'; readonly condition: Expression; readonly block: readonly Statement[] }
  | { readonly type: 'repeat'; readonly block: readonly Statement[]; readonly until: Expression }
  | { readonly type: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
  | {
      readonly type: 'for';
      readonly local: Local;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression | null;
      readonly block: readonly Statement[];
      readonly line: number;
    }
  | {
      readonly type: 'for-in';
      readonly locals: readonly Local[];
      readonly values: readonly Expression[];
      readonly block: readonly Statement[];
      readonly line: number;
    }
  | { readonly type: 'local-function'; readonly local: Local; readonly body: FunctionBody }
  | { readonly type: 'return'; readonly values: readonly Expression[] }
  | { readonly type: 'break' };
