import { describe, expect, it } from 'vitest';
import type { Json } from '../contract/index.ts';
import { asMildAs } from './mildness.ts';
import type { Schema } from './schema.ts';

const factor: Schema = { type: 'number', minimum: 1 };
const step: Schema = { type: 'integer', minimum: -100, maximum: 100 };
const unsynced: Schema = { enum: ['keep', 'draw', 'lose'] };

describe('asMildAs', () => {
  it.each<[Schema, Json | undefined, Json, boolean]>([
    [factor, 5, 10, true],
    [factor, 10, 10, true],
    [factor, 11, 10, false],
    [factor, undefined, 10, false],
    [step, -5, -10, true],
    [step, 0, -10, true],
    [step, 5, -10, false],
    [step, -11, -10, false],
    [unsynced, 'keep', 'draw', true],
    [unsynced, 'lose', 'draw', false],
    [{ type: 'string' }, 'log', 'log', true],
    [{ type: 'string' }, '', 'log', false],
  ])('under %j, %j against %j is %j', (schema, value, bound, expected) => {
    expect(asMildAs(value, bound, schema)).toBe(expected);
  });
});
