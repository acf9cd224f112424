import type { Json } from '../contract/index.ts';
import type { Schema } from './schema.ts';

/** The mildest value of a numeric parameter: 0 or, where that is not allowed, the minimum. */
export function mildest(schema: Schema): number {
  return Math.max(0, typeof schema.minimum === 'number' ? schema.minimum : 0);
}

/** Whether a value of a parameter is this one or milder, in the sense of `Nemesis.parameters`. */
export function asMildAs(value: Json | undefined, bound: Json, schema: Schema): boolean {
  if (typeof value === 'number' && typeof bound === 'number') {
    const least = mildest(schema);
    const sameSide = value <= least === bound <= least || value === least;
    return sameSide && Math.abs(value - least) <= Math.abs(bound - least);
  }
  if (Array.isArray(schema.enum) && value !== undefined) {
    const place = schema.enum.indexOf(value);
    return place >= 0 && place <= schema.enum.indexOf(bound);
  }
  return JSON.stringify(value) === JSON.stringify(bound);
}
