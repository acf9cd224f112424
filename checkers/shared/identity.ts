import type { Json } from '../../histories/index.ts';

/** A value as a key of a `Map`: equal for values that are equal as JSON, whatever the order of properties. */
export type Identity = string | number | boolean | null;

/** A value that is equal (`===`) for equal JSON. Cost: linear in the size of the value; primitives cost nothing. */
export function identityOf(value: Json): Identity {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  // The mark keeps the text of an array apart from a string that reads the same.
  return typeof value === 'string' ? `"${value}` : canonical(value);
}

/** JSON with sorted properties. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = value as { readonly [key: string]: Json };
  const entries = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key]!)}`);
  return `{${entries.join(',')}}`;
}
