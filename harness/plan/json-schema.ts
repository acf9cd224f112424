import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from '../contract/index.ts';
import { PlanError } from './plan-error.ts';

type Schema = { readonly [keyword: string]: Json };

const ajv = new Ajv2020({ allErrors: false, useDefaults: true, allowUnionTypes: true, verbose: true });
const compiled = new WeakMap<Schema, ValidateFunction>();

/**
 * A copy of the value with the schema's defaults filled in.
 * @throws PlanError at the first place that does not fit, below this pointer.
 */
export function conform<T extends Json>(schema: Schema, value: T, pointer: string): T {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
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
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const properties = (error.parentSchema?.properties ?? {}) as object;
      const name = String(params.additionalProperty ?? params.unevaluatedProperty);
      return new PlanError(
        'schema',
        `${at}/${name}`,
        `one of ${Object.keys(properties).join(', ') || 'no properties'}`,
        name,
      );
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
