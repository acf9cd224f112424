import type { Expression } from './ast.ts';

/** How an error message names what an expression is. */
export function nameOf(expression: Expression): string {
  switch (expression.type) {
    case 'local':
      return `local '${expression.local.name}'`;
    case 'upvalue':
      return `upvalue '${expression.name}'`;
    case 'global':
      return `global '${expression.name}'`;
    case 'index':
      return expression.key.type === 'string' ? `field '${expression.key.value}'` : "field '?'";
    case 'method':
      return `method '${expression.name}'`;
    default:
      return '';
  }
}
