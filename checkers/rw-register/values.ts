import type { Json } from '../../histories/index.ts';
import { type Identity, identityOf } from '../shared/identity.ts';

/** Values as 32-bit integers, equal for equal values: integers from 0 are themselves, all others are numbered from -1 down. */
export class ValueCodes {
  private readonly codes = new Map<Identity, number>();
  private readonly others: Json[] = [];

  codeOf(value: Json): number {
    if (typeof value === 'number' && (value | 0) === value && value >= 0) return value;
    const identity = identityOf(value);
    let code = this.codes.get(identity);
    if (code === undefined) {
      code = -this.others.push(value);
      this.codes.set(identity, code);
    }
    return code;
  }

  valueOf(code: number): Json {
    return code >= 0 ? code : this.others[-1 - code]!;
  }
}
