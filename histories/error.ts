import type { Json } from './operation.ts';

/**
 * What can be wrong with a history, by stable name.
 *
 * The file: `not-found`, `not-a-file`, `unreadable`, `unwritable`, `empty`, `empty-line`, `gzip`, `binary`, `unknown-format`, `line-too-long`.
 * Its text: `not-json`, `not-edn`, `not-a-log`, `not-csv`, `not-finite`, `inexact-number`, `too-deep`, `missing-header`, `newer-version`.
 * One line: `wrong-type` (a value is not of the form that the schema asks for), `unknown-property`, `missing-property`.
 * Between lines: `index`, `time`, `open-invocation` (a second one while the first is open), `no-invocation`,
 * `duplicate-completion`, `retired-process`, `mismatch` (a completion that differs from its invocation in `f`, `key` or
 * `id`), `after-footer`, `damaged` (the digest or the number of events differs from the footer).
 * Use: `finished` (an event was handed to a writer after its footer), `not-keyed`, `not-expressible`, `bad-mapping`.
 */
export type HistoryErrorCode =
  | 'not-found'
  | 'not-a-file'
  | 'unreadable'
  | 'unwritable'
  | 'empty'
  | 'empty-line'
  | 'gzip'
  | 'binary'
  | 'unknown-format'
  | 'line-too-long'
  | 'not-json'
  | 'not-edn'
  | 'not-a-log'
  | 'not-csv'
  | 'not-finite'
  | 'inexact-number'
  | 'too-deep'
  | 'missing-header'
  | 'newer-version'
  | 'wrong-type'
  | 'unknown-property'
  | 'missing-property'
  | 'index'
  | 'time'
  | 'open-invocation'
  | 'no-invocation'
  | 'duplicate-completion'
  | 'retired-process'
  | 'mismatch'
  | 'after-footer'
  | 'damaged'
  | 'finished'
  | 'not-keyed'
  | 'not-expressible'
  | 'bad-mapping';

/** Where in which file. Lines and columns count from 1; `pointer` is a JSON pointer (RFC 6901) into the line. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly pointer?: string;
}

/** A defect without its place: what a rule found out about a value. */
export interface Fault {
  readonly code: HistoryErrorCode;
  /** Empty for the whole line. */
  readonly pointer: string;
  /** A clause such as `expected an integer from 0, got "x"`. */
  readonly message: string;
}

/** A history that cannot be read, written or paired. The message names place, expectation and value. */
export class HistoryError extends Error {
  readonly code: HistoryErrorCode;
  /** The message without the place. */
  readonly reason: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly pointer: string | undefined;

  constructor(code: HistoryErrorCode, message: string, place: Place = {}) {
    super(describe(place) + message);
    this.name = 'HistoryError';
    this.code = code;
    this.reason = message;
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.pointer = place.pointer;
  }

  /** The same defect, its place completed by what the caller knows. */
  within(place: Place): HistoryError {
    const { file = place.file, line = place.line, column = place.column, pointer = place.pointer } = this;
    return new HistoryError(this.code, this.reason, { file, line, column, pointer });
  }
}

/** Throws the fault, if it is one, with its place. */
export function refuse(fault: Fault | undefined, place: Place = {}): void {
  if (fault !== undefined)
    throw new HistoryError(fault.code, fault.message, { ...place, pointer: fault.pointer });
}

function describe({ file, line, column, pointer }: Place): string {
  let where = file ?? '';
  if (line !== undefined) where += where === '' ? `line ${line}` : `:${line}`;
  if (column !== undefined)
    where += line !== undefined && file === undefined ? `, column ${column}` : `:${column}`;
  if (pointer) where += where === '' ? pointer : `: ${pointer}`;
  return where === '' ? '' : `${where}: `;
}

/** A value as JSON for a message: at most about 60 characters of it. Absent values are `nothing`. */
export function abbreviate(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}... (${text.length} characters)`;
}
