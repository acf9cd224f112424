import type { Json } from '../../histories/index.ts';
import { inWords } from '../shared/words.ts';
import { keyInWords } from '../transactions/transaction-words.ts';

export function microInWords([f, key, value]: readonly Json[], known: boolean): string {
  const x = keyInWords(key!);
  if (f === 'w') return `write ${x} = ${valueInWords(value ?? null)}`;
  return known ? `read ${x} = ${valueInWords(value ?? null)}` : `read ${x}`;
}

export function valueInWords(value: Json): string {
  return value === null ? 'nil' : inWords(value);
}
