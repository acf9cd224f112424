/**
 * - `not-json`: the text is not JSON; `schema`: a value has the wrong type, is missing or out of range; `unknown-name`: a fault, system,
 *   host ... nobody knows; `not-tolerated`: a fault outside the system's table; `target`: a fault cannot be aimed at that;
 * - `operations`: a workload needs operations that the system does not have;
 * - `not-applicable`: nothing in this topology to aim at; `lever`: the world lacks one; `no-such-file`: a file that is named; `tolerance`: a table that makes no sense.
 */
export type PlanErrorCode =
  | 'not-json'
  | 'schema'
  | 'unknown-name'
  | 'not-tolerated'
  | 'operations'
  | 'target'
  | 'not-applicable'
  | 'lever'
  | 'no-such-file'
  | 'tolerance';

/** What is wrong with a plan, or with the request for one. The message names place, expectation and value. */
export class PlanError extends Error {
  readonly code: PlanErrorCode;
  /** JSON pointer into the plan, `` for the whole; or the name of the option that asked for it. */
  readonly pointer: string;
  readonly expected: string;
  /** What was found, as JSON text cut to a readable length; `nothing` if it was missing. */
  readonly found: string;

  constructor(code: PlanErrorCode, pointer: string, expected: string, value: unknown) {
    const found = shown(value);
    super(`${pointer === '' ? 'the plan' : pointer}: expected ${expected}, found ${found}`);
    this.name = 'PlanError';
    this.code = code;
    this.pointer = pointer;
    this.expected = expected;
    this.found = found;
  }
}

const SHOWN_LENGTH_MAX = 120;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON would show these as null.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}...`;
}
