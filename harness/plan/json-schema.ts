import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../contract/index.ts';
import { PlanError } from './plan-error.ts';
import type { Schema } from './schema.ts';

const ajv = new Ajv2020({
  useDefaults: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictTuples: false,
  verbose: true,
});

/**
 * A copy of the value with the schema's defaults filled in. The caller names the type that the schema describes.
 * @throws PlanError at the first place that does not fit, below this pointer; Error if the schema itself is broken.
 */
export function conform<T = Json>(schema: Schema, value: Json, pointer: string): T {
  const validate = ajv.compile<T>(schema);
  const copy = structuredClone(value);
  if (validate(copy)) return copy;
  throw asPlanError(validate.errors![0]!, pointer);
}

function asPlanError(error: ErrorObject, pointer: string): PlanError {
  const at = pointer + error.instancePath;
  const params = error.params as { readonly [name: string]: Json };
  switch (error.keyword) {
    case 'required':
      return new PlanError('schema', `${at}/${params.missingProperty}`, 'this property', undefined);
    case 'additionalProperties': {
      const properties = (error.parentSchema?.properties ?? {}) as object;
      const name = String(params.additionalProperty);
      const known = Object.keys(properties);
      const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'no properties';
      return new PlanError('schema', `${at}/${name}`, expected, name);
    }
    case 'enum':
      return new PlanError('schema', at, `one of ${JSON.stringify(params.allowedValues)}`, error.data);
    case 'const':
      return new PlanError('schema', at, JSON.stringify(params.allowedValue), error.data);
    default: {
      const description = error.parentSchema?.description;
      const what = typeof description === 'string' ? ` (${description})` : '';
      return new PlanError('schema', at, `a value that ${error.message}${what}`, error.data);
    }
  }
}
