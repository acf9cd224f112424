import type { System } from '../../contract/index.ts';
import { UsageError } from '../usage-error.ts';
import { placeOfError } from './source-places.ts';

const REQUIRED: Readonly<Record<string, string>> = {
  name: 'string',
  summary: 'string',
  options: 'object',
  roles: 'function',
  start: 'function',
  client: 'function',
  claims: 'function',
  tolerance: 'function',
  flaws: 'object',
  operations: 'object',
  workload: 'function',
  checkers: 'function',
};

/** @throws UsageError if a module's export is no system, naming what is missing. */
export function checkShape(file: string, system: unknown): asserts system is System {
  if (typeof system !== 'object' || system === null) {
    const found = system === null ? 'null' : system === undefined ? 'none' : typeof system;
    throw new UsageError(
      'no-system',
      `${file}: expected a default export (or one named system) of type System, got ${found}`,
    );
  }
  for (const [property, type] of Object.entries(REQUIRED)) {
    const value: unknown = (system as Record<string, unknown>)[property];
    if (typeof value === type && value !== null) continue;
    const found = value === undefined ? 'nothing' : value === null ? 'null' : typeof value;
    throw new UsageError(
      'no-system',
      `${file}: expected the exported system to have ${property} (${type}), got ${found}`,
    );
  }
  const { operations } = system as { readonly operations: unknown };
  if (Array.isArray(operations) && operations.every((f) => typeof f === 'string')) return;
  throw new UsageError(
    'system-malformed',
    `${file}: expected operations to be names such as ["read", "write"], got ${JSON.stringify(operations)}`,
  );
}

/** What a declaration must look like, in words, and whether it does. */
const EXPECTED = {
  roles: [
    'an object of role names and how many hosts of each, such as {"server": 3}',
    (value: unknown) =>
      isObject(value) && Object.values(value).every((count) => Number.isInteger(count) && Number(count) >= 0),
  ],
  claims: [
    'claims such as {"consistency": "linearizable", "durability": true, "recoveryWithin": 5000000000}',
    (value: unknown) =>
      isObject(value) &&
      typeof value.consistency === 'string' &&
      typeof value.durability === 'boolean' &&
      Number(value.recoveryWithin) >= 0,
  ],
  tolerance: [
    'rows such as {"fault": "crash", "atOnce": 1}',
    (value: unknown) =>
      Array.isArray(value) && value.every((row) => isObject(row) && 'fault' in row && 'atOnce' in row),
  ],
  workload: [
    'a workload such as {"name": "register"}',
    (value: unknown) => isObject(value) && typeof value.name === 'string',
  ],
  checkers: [
    'checkers such as [{"name": "linearizable"}]',
    (value: unknown) =>
      Array.isArray(value) && value.every((item) => isObject(item) && typeof item.name === 'string'),
  ],
} as const;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A user's system whose declarations are errors of the user when they throw, or give something else than they should. What `start`
 * and `client` throw is no error: it is what is tested.
 */
export function guarded(file: string, system: System, module: string): System {
  const guard = <T, More extends readonly unknown[]>(
    property: keyof typeof EXPECTED,
    declare: (options: never, ...more: More) => T,
  ) => {
    const [expected, fits] = EXPECTED[property];
    return (options: never, ...more: More): T => {
      let value: T;
      try {
        value = declare.call(system, options, ...more);
      } catch (error) {
        const at = placeOfError(error, module);
        throw new UsageError(
          'system-threw',
          `${file}: ${property}() threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}${at && ` (${at})`}`,
        );
      }
      if (fits(value)) return value;
      throw new UsageError(
        'system-malformed',
        `${file}: expected ${property}() to return ${expected}, got ${JSON.stringify(value) ?? typeof value}`,
      );
    };
  };
  return {
    ...system,
    start: system.start.bind(system),
    client: system.client.bind(system),
    ...(system.topology && { topology: system.topology.bind(system) }),
    roles: guard('roles', system.roles),
    claims: guard('claims', system.claims),
    tolerance: guard('tolerance', system.tolerance),
    workload: guard('workload', system.workload),
    checkers: guard('checkers', system.checkers),
  };
}
