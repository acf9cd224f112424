import { type Json, parseDuration } from '../contract/index.ts';
import { PlanError } from './plan-error.ts';
import type { Schema } from './schema.ts';

/**
 * A copy in which durations written as text (`250ms`) are numbers of nanoseconds, wherever the schema has a property with
 * `$comment: 'duration'`. Everything else is left as it is, fitting or not.
 * @throws PlanError for a text that is no duration.
 */
export function inNanoseconds(schema: Schema, value: Json, pointer: string): Json {
  if (schema.$comment === 'duration' && typeof value === 'string') {
    try {
      return parseDuration(value);
    } catch {
      throw new PlanError('schema', pointer, 'a duration such as 250ms or 1.5s, or whole nanoseconds', value);
    }
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = schema.items as Schema | undefined;
    return items ? value.map((item, nth) => inNanoseconds(items, item, `${pointer}/${nth}`)) : value;
  }
  const properties = schema.properties as { readonly [name: string]: Schema } | undefined;
  if (!properties) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, property]): [string, Json] => {
      const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, inner ? inNanoseconds(inner, property, `${pointer}/${name}`) : property];
    }),
  );
}
