import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { abbreviate, type Fault } from './error.ts';
import { type Claims, FORMAT_VERSION, type HistoryFooter, type HistoryHeader } from './history.ts';
import { objectivesSchema } from './objectives.ts';
import type { Json, NemesisOperation, Observation, Operation } from './operation.ts';

/** A JSON schema as plain data (draft 2020-12). */
export interface JsonSchema {
  readonly [keyword: string]: Json;
}

const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const text = { type: 'string' };
const word = { type: 'string', minLength: 1 };
const share = { type: 'number', minimum: 0, maximum: 1 };
const anything = {};

/** A closed object: a property that the type has and the schema lacks does not compile. */
function closed<T>(
  title: string,
  properties: { readonly [name in keyof Required<T>]: JsonSchema },
  required: readonly (keyof T & string)[],
): JsonSchema {
  return { title, type: 'object', properties: { ...properties }, required, additionalProperties: false };
}

const claims = closed<Claims>(
  'What the system promises',
  {
    consistency: word,
    durability: { type: 'boolean' },
    recoveryWithin: count,
    stalenessWithin: count,
    convergesWithin: count,
    availability: share,
  },
  ['consistency', 'durability', 'recoveryWithin'],
);

export const headerSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed<HistoryHeader>(
    'First line of a history file',
    {
      sixways: { const: FORMAT_VERSION },
      world: { enum: ['simulator', 'live', 'imported'] },
      plan: anything,
      system: word,
      source: word,
      claims,
      objectives: objectivesSchema,
      checkers: {
        type: 'array',
        items: closed<{ name: string; options?: Json }>('A checker', { name: word, options: anything }, [
          'name',
        ]),
      },
      versions: closed<NonNullable<HistoryHeader['versions']>>(
        'Who recorded it',
        { sixways: word, node: word },
        ['sixways', 'node'],
      ),
      code: word,
      realtime: { const: false },
    },
    ['sixways', 'world'],
  ),
};

export const operationSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed<Operation>(
    'One line of a client',
    {
      index: count,
      time: count,
      process: count,
      type: { enum: ['invoke', 'ok', 'fail', 'info'] },
      f: word,
      key: { type: ['string', 'number'] },
      value: anything,
      error: anything,
      id: { type: 'array', prefixItems: [count, count], items: false, minItems: 2 },
      node: text,
      phase: text,
    },
    ['index', 'time', 'process', 'type', 'f', 'value'],
  ),
};

export const nemesisOperationSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed<NemesisOperation>(
    'A fault applied or healed, or a phase beginning',
    {
      index: count,
      time: count,
      process: { enum: ['nemesis', 'controller'] },
      type: { const: 'info' },
      f: word,
      value: anything,
    },
    ['index', 'time', 'process', 'type', 'f', 'value'],
  ),
};

export const observationSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed<Observation>(
    'What a system said about itself',
    {
      index: count,
      time: count,
      type: { enum: ['note', 'always', 'sometimes', 'uncaught'] },
      host: word,
      kind: text,
      data: anything,
    },
    ['index', 'time', 'type', 'host', 'kind', 'data'],
  ),
};

export const footerSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed<HistoryFooter>(
    'Last line of a history file',
    { events: count, digest: word, content: word, verdict: anything, ended: word, harness: anything },
    ['events', 'content'],
  ),
};

/** How strictly Ajv reads these schemas. */
export const SCHEMA_DIALECT = { strictNumbers: true, allowUnionTypes: true } as const;

/**
 * Compiled when it is first asked for: whoever imports this library should not wait for what he may not need. The schemas are ours, and tests
 * hold them against the meta-schema; doing that in every process would cost more than all the rest.
 */
function compiled<T>(schema: JsonSchema): () => ValidateFunction<T> {
  let validate: ValidateFunction<T> | undefined;
  return () => {
    validate ??= new Ajv2020({ ...SCHEMA_DIALECT, verbose: true, validateSchema: false }).compile<T>(schema);
    return validate;
  };
}

const validHeader = compiled<HistoryHeader>(headerSchema);
const validFooter = compiled<HistoryFooter>(footerSchema);

/** What is wrong with a header, in one sentence; undefined if nothing. */
export function headerFault(value: unknown): Fault | undefined {
  const valid = validHeader();
  return valid(value) ? undefined : faultOf(valid.errors![0]!);
}

/** What is wrong with a footer, in one sentence; undefined if nothing. */
export function footerFault(value: unknown): Fault | undefined {
  const valid = validFooter();
  return valid(value) ? undefined : faultOf(valid.errors![0]!);
}

function faultOf({ keyword, instancePath, params, data }: ErrorObject): Fault {
  if (keyword === 'required') {
    const pointer = `${instancePath}/${escapePointer(params.missingProperty)}`;
    return { code: 'missing-property', pointer, message: 'expected this property, got nothing' };
  }
  if (keyword === 'additionalProperties') {
    const pointer = `${instancePath}/${escapePointer(params.additionalProperty)}`;
    return { code: 'unknown-property', pointer, message: 'this property is not part of the format' };
  }
  return {
    code: 'wrong-type',
    pointer: instancePath,
    message: `expected ${expectation(keyword, params)}, got ${abbreviate(data as Json)}`,
  };
}

function expectation(keyword: string, params: ErrorObject['params']): string {
  switch (keyword) {
    case 'type':
      return `a value of type ${params.type}`;
    case 'const':
      return JSON.stringify(params.allowedValue);
    case 'enum':
      return `one of ${params.allowedValues.map((one: Json) => JSON.stringify(one)).join(', ')}`;
    case 'minLength':
      return 'a text that is not empty';
    default:
      return `a number ${params.comparison} ${params.limit}`;
  }
}

/** A name as one step of a JSON pointer (RFC 6901). */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
