import type { Json } from '../../histories/index.ts';
import { inWords } from '../shared/words.ts';
import { keyInWords } from '../transactions/transaction-words.ts';

export function microInWords([f, key, value]: readonly Json[]): string {
  return f === 'append'
    ? `append ${inWords(value!)} to ${keyInWords(key!)}`
    : `read ${keyInWords(key!)}${value == null ? ' = []' : ` = ${listInWords(value as readonly Json[])}`}`;
}

/** `[1 2 3]`; of a long list the beginning and the end. */
export function listInWords(elements: readonly Json[], length = elements.length): string {
  const words = (from: number, to: number): string => elements.slice(from, to).map(inWords).join(' ');
  return length <= 12 ? `[${words(0, length)}]` : `[${words(0, 4)} ... ${words(length - 6, length)}]`;
}
