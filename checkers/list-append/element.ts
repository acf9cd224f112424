import type { Json } from '../../histories/index.ts';
import { identityOf } from '../shared/identity.ts';

/** An element of a list as a key of a `Map`: itself if it is no structure. */
export type ElementKey = null | boolean | number | string;

export function elementKey(element: Json): ElementKey {
  return typeof element === 'object' && element !== null ? `\u0000${identityOf(element)}` : element;
}

export function sameElement(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return elementKey(a) === elementKey(b);
}
