import fc, { type Arbitrary } from 'fast-check';
import { type Json, MILLISECOND, type Nanos } from '../harness/contract/index.ts';

/** Parameters of a nemesis: plain data by name. */
export type Parameters = { readonly [name: string]: Json };

type Schema = { readonly [keyword: string]: Json };

/** The schema of an object with exactly these properties, none of them required: each has a default. */
export function parametersSchema(properties: { readonly [name: string]: Schema }): Schema {
  return { type: 'object', properties, additionalProperties: false };
}

export const NO_PARAMETERS: Schema = parametersSchema({});

export function share(description: string, byDefault: number): Schema {
  return { type: 'number', minimum: 0, maximum: 1, default: byDefault, description };
}

export function duration(description: string, byDefault: Nanos, maximum = 3_600_000 * MILLISECOND): Schema {
  return {
    type: 'integer',
    minimum: 0,
    maximum,
    default: byDefault,
    description,
    $comment: 'duration',
  };
}

export function signedDuration(description: string, byDefault: Nanos, furthest: Nanos): Schema {
  return {
    type: 'integer',
    minimum: -furthest,
    maximum: furthest,
    default: byDefault,
    description,
    $comment: 'duration',
  };
}

export function count(description: string, minimum: number, maximum: number, byDefault: number): Schema {
  return { type: 'integer', minimum, maximum, default: byDefault, description };
}

export function number(description: string, minimum: number, maximum: number, byDefault: number): Schema {
  return { type: 'number', minimum, maximum, default: byDefault, description };
}

/** One of these words, the mildest first. */
export function choice(description: string, words: readonly string[], byDefault: string): Schema {
  return { enum: words, default: byDefault, description };
}

/** A share in hundredths, from 0.01 up; shrinks towards less. */
export function shareArbitrary(most = 1): Arbitrary<number> {
  return fc.integer({ min: 1, max: Math.round(most * 100) }).map((hundredths) => hundredths / 100);
}

/** A duration in whole milliseconds; every power of ten up to the longest is about as frequent. Shrinks towards shorter. */
export function durationArbitrary(longest: Nanos): Arbitrary<Nanos> {
  const milliseconds = Math.max(1, Math.floor(longest / MILLISECOND));
  const ranges: Arbitrary<number>[] = [];
  for (let max = 10; ; max *= 10) {
    ranges.push(fc.integer({ min: 1, max: Math.min(max, milliseconds) }));
    if (max >= milliseconds) break;
  }
  return fc.oneof(...ranges).map((length) => length * MILLISECOND);
}
