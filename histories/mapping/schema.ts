import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { abbreviate, HistoryError } from '../error.ts';
import type { Json } from '../operation.ts';

/** Where a value stands in a row: a column of CSV by its heading, or a JSON pointer (RFC 6901). */
export interface Field {
  readonly from?: string;
  /** The value where the row has none, or where there is no `from`. */
  readonly default?: Json;
  /** How a text is read. Default: in CSV as JSON if it is JSON, else as text; in JSON as it is. */
  readonly as?: 'json' | 'text' | 'number';
  /** Replaces texts: `{"GET": "read"}`. */
  readonly map?: { readonly [text: string]: Json };
}

export type Unit = 'ns' | 'us' | 'ms' | 's' | 'iso';

export interface TimeField {
  readonly from: string;
  readonly unit: Unit;
}

/** Regular expressions by outcome, tried in the order ok, fail, info. What matches none is `info`: nobody knows. */
export interface StatusField {
  readonly from: string;
  readonly invoke?: readonly string[];
  readonly ok?: readonly string[];
  readonly fail?: readonly string[];
  readonly info?: readonly string[];
}

/** How rows of a log become operations. `README.md` explains it by examples. */
export interface Mapping {
  readonly format: 'csv' | 'jsonl' | 'otlp';
  /** `operations` (default): a row is an operation, from `start` to `end` (or for `duration`). `events`: a row is an invocation or a completion, at `time`. */
  readonly rows?: 'operations' | 'events';
  /** Of CSV. Default `,`. */
  readonly delimiter?: string;
  readonly process: string | Field;
  readonly f: string | Field;
  readonly key?: string | Field;
  /** The argument. */
  readonly value?: string | Field;
  /** What came back: the value of an `ok`, where the row has one. */
  readonly result?: string | Field;
  readonly error?: string | Field;
  readonly node?: string | Field;
  readonly start?: TimeField;
  readonly end?: TimeField;
  readonly duration?: TimeField;
  readonly time?: TimeField;
  readonly status?: StatusField;
  /** Rows whose function is none of these are passed over. Default: all are taken. */
  readonly only?: readonly string[];
  /** Clocks of different hosts may differ by so many nanoseconds: operations are taken to be longer by that at both ends. Default 0. */
  readonly clockError?: number;
}

const field = {
  anyOf: [
    { type: 'string', description: 'column or JSON pointer' },
    {
      type: 'object',
      properties: {
        from: { type: 'string' },
        default: {},
        as: { enum: ['json', 'text', 'number'] },
        map: { type: 'object' },
      },
      additionalProperties: false,
    },
  ],
};
const time = (units: readonly string[]) => ({
  type: 'object',
  properties: { from: { type: 'string' }, unit: { enum: units } },
  required: ['from', 'unit'],
  additionalProperties: false,
});
const patterns = { type: 'array', items: { type: 'string', format: 'regex' } };
const instant = time(['ns', 'us', 'ms', 's', 'iso']);

/** JSON schema (draft 2020-12) of a mapping file. */
export const mappingSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  description: 'How rows of CSV, JSON Lines or OpenTelemetry spans become operations of a history.',
  type: 'object',
  properties: {
    format: { enum: ['csv', 'jsonl', 'otlp'] },
    rows: { enum: ['operations', 'events'], default: 'operations' },
    delimiter: { type: 'string', minLength: 1, maxLength: 1, default: ',' },
    process: field,
    f: field,
    key: field,
    value: field,
    result: field,
    error: field,
    node: field,
    start: instant,
    end: instant,
    duration: time(['ns', 'us', 'ms', 's']),
    time: instant,
    status: {
      type: 'object',
      properties: {
        from: { type: 'string' },
        invoke: patterns,
        ok: patterns,
        fail: patterns,
        info: patterns,
      },
      required: ['from'],
      additionalProperties: false,
    },
    only: { type: 'array', items: { type: 'string' }, minItems: 1 },
    clockError: { type: 'integer', minimum: 0, default: 0, description: 'nanoseconds' },
  },
  required: ['format', 'process', 'f'],
  additionalProperties: false,
  if: { properties: { rows: { const: 'events' } }, required: ['rows'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
  then: { required: ['time', 'status'] },
  else: { required: ['start'] },
} as const;

let compiled: ValidateFunction<Mapping> | undefined;

/** Compiled when the first mapping comes: most programs have none. */
function validator(): ValidateFunction<Mapping> {
  compiled ??= new Ajv2020({
    verbose: true,
    allErrors: true,
    strictTypes: false,
    strictRequired: false,
    formats: { regex: isRegularExpression },
  }).compile<Mapping>(mappingSchema);
  return compiled;
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws HistoryError `bad-mapping` with the JSON pointer, the expectation and the value; `file` is the mapping's own name. */
export function parseMapping(text: string, file?: string): Mapping {
  let mapping: unknown;
  try {
    mapping = JSON.parse(text);
  } catch (error) {
    throw new HistoryError('bad-mapping', `expected a mapping as JSON: ${(error as Error).message}`, {
      file,
    });
  }
  const validate = validator();
  if (validate(mapping)) return mapping;
  // Of alternatives the last error tells most. What depends on the kind of rows comes after what is wrong by itself.
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if' && keyword !== 'anyOf');
  const byItself = errors.findLast(({ schemaPath }) => !/^#\/(then|else)\//.test(schemaPath));
  throw complaint(byItself ?? errors[0], file);
}

function complaint(error: ErrorObject | undefined, file: string | undefined): HistoryError {
  if (error === undefined) return new HistoryError('bad-mapping', 'expected a mapping', { file });
  const { instancePath, message = 'is not allowed', params, data, parentSchema } = error;
  const extra: unknown = params.additionalProperty;
  if (typeof extra === 'string') {
    const known = Object.keys((parentSchema?.properties ?? {}) as object).join(', ');
    return new HistoryError('bad-mapping', `expected one of ${known}, got ${JSON.stringify(extra)}`, {
      file,
      pointer: `${instancePath}/${extra}`,
    });
  }
  const allowed: unknown = params.allowedValues;
  const choice = Array.isArray(allowed) ? ` (${allowed.join(', ')})` : '';
  return new HistoryError('bad-mapping', `${message}${choice}, got ${abbreviate(data as Json)}`, {
    file,
    pointer: instancePath,
  });
}
