import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventFault } from './event-form.ts';
import {
  footerSchema,
  headerSchema,
  nemesisOperationSchema,
  observationSchema,
  operationSchema,
  SCHEMA_DIALECT,
} from './schema.ts';

import { events, json } from './testing/arbitraries.ts';

// With the meta-schema, which the library itself does not ask.
const ajv = new Ajv2020(SCHEMA_DIALECT);
const validOperation = ajv.compile(operationSchema);
const validNemesisOperation = ajv.compile(nemesisOperationSchema);
const validObservation = ajv.compile(observationSchema);

const bySchema = (value: unknown): boolean =>
  validOperation(value) || validNemesisOperation(value) || validObservation(value);

const property = fc.constantFrom(
  'index',
  'time',
  'process',
  'type',
  'f',
  'value',
  'key',
  'error',
  'id',
  'node',
  'phase',
  'host',
  'kind',
  'data',
  'other',
  '__proto__',
);
const plausible = fc.oneof(
  json,
  fc.constantFrom(
    'nemesis',
    'controller',
    'invoke',
    'ok',
    'info',
    'note',
    'always',
    '',
    'read',
    -1,
    1.5,
    0,
    7,
    2 ** 53,
  ),
  fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 3 }),
);

describe('the form of an event, written by hand', () => {
  it('agrees with the schemas on every event of a history', () => {
    fc.assert(
      fc.property(events, (all) => {
        for (const event of all) expect([eventFault(event), bySchema(event)]).toEqual([undefined, true]);
      }),
    );
  });

  it('agrees with the schemas when a property is missing, changed or added', () => {
    fc.assert(
      fc.property(
        events,
        fc.array(fc.tuple(property, fc.option(plausible)), { minLength: 1, maxLength: 2 }),
        fc.nat(),
        (all, changes, nth) => {
          fc.pre(all.length > 0);
          const properties = new Map<string, unknown>(Object.entries(all[nth % all.length]!));
          for (const [name, value] of changes) {
            if (value === null) properties.delete(name);
            else properties.set(name, value);
          }
          const event: unknown = JSON.parse(JSON.stringify(Object.fromEntries(properties)));
          expect(eventFault(event) === undefined).toBe(bySchema(event));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('agrees with the schemas on any JSON value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(eventFault(value) === undefined).toBe(bySchema(value));
      }),
    );
  });
});

it('the schemas of headers and footers are schemas', () => {
  expect([headerSchema, footerSchema].map((schema) => ajv.validateSchema(schema))).toEqual([true, true]);
});
