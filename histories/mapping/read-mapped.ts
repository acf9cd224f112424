import { createHash } from 'node:crypto';
import { abbreviate, HistoryError } from '../error.ts';
import type { History } from '../history.ts';
import { HistoryBuilder } from '../imports/builder.ts';
import { type ForeignOperation, nothing } from '../imports/foreign-operation.ts';
import type { Json, OperationType } from '../operation.ts';
import { nanosOf } from './instants.ts';
import { type Row, rowsOf } from './rows.ts';
import type { Field, Mapping, StatusField, TimeField } from './schema.ts';

/** An operation of a row, its times still since whenever the log counts from. */
interface Draft {
  readonly line: number;
  readonly operation: ForeignOperation;
  readonly process: string;
  readonly start: bigint;
  /** Undefined: it never ended. */
  readonly end: bigint | undefined;
  readonly outcome: OperationType;
  readonly result: Json | undefined;
}

/** An invocation or a completion with its place in the order. */
interface Line {
  readonly time: bigint;
  /** 0 for invocations: at the same time they come first, so that what touches counts as concurrent. */
  readonly rank: number;
  readonly line: number;
  readonly operation: ForeignOperation;
}

/**
 * Reads a log of CSV, JSON Lines or OpenTelemetry spans by a mapping (see `README.md`). Rows may be in any order: they are sorted by time. Operations
 * that touch in time are taken to be concurrent. Those of one process that overlap are given to virtual processes, and so is what follows an
 * operation of unknown outcome; `notes` say how many. Cost: O(n log n); the operations are held in memory.
 *
 * @throws HistoryError with the file and the line of the row
 */
export async function readMapped(
  file: string,
  mapping: Mapping,
): Promise<{ readonly history: History; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const drafts: Draft[] = [];
  let passed = 0;
  const wanted = mapping.only && new Set<Json | undefined>(mapping.only);
  const draftOf = mapping.rows === 'events' ? eventOf : operationOf;
  const digest = createHash('sha256');
  for await (const row of rowsOf(file, mapping, digest)) {
    try {
      const draft = draftOf(row, mapping);
      if (wanted === undefined || wanted.has(draft.operation.f)) drafts.push(draft);
      else passed++;
    } catch (error) {
      throw error instanceof HistoryError ? error.within({ file, line: row.line }) : error;
    }
  }
  if (drafts.length === 0) throw new HistoryError('empty', 'expected operations, got none', { file });
  if (passed > 0) notes.push(`${passed} rows of other functions were passed over`);
  const lines = mapping.rows === 'events' ? numbered(drafts) : laidOut(drafts, notes);
  lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.rank - b.rank));
  const builder = new HistoryBuilder({ keyed: false });
  const first = lines[0]!.time;
  for (const { time, line, operation } of lines) {
    operation.time = Number(time - first);
    try {
      builder.add(operation);
    } catch (error) {
      throw error instanceof HistoryError ? error.within({ file, line }) : error;
    }
  }
  const history = builder.finish(`sha256:${digest.digest('hex')}`);
  return { history, notes: [...notes, ...builder.notes] };
}

function operationOf(row: Row, mapping: Mapping): Draft {
  const { start: from, end: to, duration, status, clockError = 0 } = mapping;
  const start = instant(row, from!);
  if (start === undefined) throw missing(from!.from, 'a time');
  const length = duration === undefined ? undefined : instant(row, duration);
  const end = to === undefined ? (length === undefined ? undefined : start + length) : instant(row, to);
  if (end !== undefined && end < start)
    throw new HistoryError(
      'time',
      `expected an end at or after the start, got one ${start - end} ns before it`,
    );
  const margin = BigInt(clockError);
  const outcome = status === undefined ? 'ok' : outcomeOf(row, status);
  return {
    ...common(row, mapping),
    start: start - margin,
    end: end === undefined ? undefined : end + margin,
    outcome: outcome === 'invoke' ? 'info' : outcome,
  };
}

function eventOf(row: Row, mapping: Mapping): Draft {
  const time = instant(row, mapping.time!);
  if (time === undefined) throw missing(mapping.time!.from, 'a time');
  return { ...common(row, mapping), start: time, end: undefined, outcome: outcomeOf(row, mapping.status!) };
}

function common(row: Row, mapping: Mapping): Pick<Draft, 'line' | 'operation' | 'process' | 'result'> {
  const value = (field: string | Field | undefined): Json | undefined =>
    field === undefined ? undefined : fieldOf(row, field, mapping.format === 'csv');
  const process = value(mapping.process);
  if (process === undefined) throw missing(nameOf(mapping.process), 'a process');
  const f = value(mapping.f);
  if (f === undefined) throw missing(nameOf(mapping.f), 'a function');
  const node = value(mapping.node);
  const operation: ForeignOperation = {
    ...nothing(),
    f: typeof f === 'string' ? f : JSON.stringify(f),
    key: value(mapping.key),
    value: value(mapping.value) ?? null,
    error: value(mapping.error),
    node: node === undefined || typeof node === 'string' ? node : JSON.stringify(node),
  };
  return { line: row.line, operation, process: JSON.stringify(process), result: value(mapping.result) };
}

/** Invocations and completions, each process on as many virtual ones as it has operations open at once. */
function laidOut(drafts: Draft[], notes: string[]): Line[] {
  drafts.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const lanes = new Map<string, { number: number; free: bigint | undefined }[]>();
  const lines: Line[] = [];
  let next = 0;
  let virtual = 0;
  for (const { line, operation, process, start, end, outcome, result } of drafts) {
    const of = lanes.get(process) ?? [];
    lanes.set(process, of);
    let lane = of.find(({ free }) => free !== undefined && free < start);
    if (lane === undefined) {
      if (of.length > 0) virtual++;
      lane = { number: next++, free: undefined };
      of.push(lane);
    }
    const { error, ...asked } = operation;
    const invocation = { ...asked, error: undefined, process: lane.number, type: 'invoke' };
    lines.push({ time: start, rank: 0, line, operation: invocation });
    lane.free = outcome === 'info' ? undefined : end;
    if (end === undefined) continue;
    const value = outcome === 'ok' && result !== undefined ? result : operation.value;
    const completion = {
      ...operation,
      process: lane.number,
      type: outcome,
      value,
      error: outcome === 'ok' ? undefined : error,
    };
    lines.push({ time: end, rank: 1, line, operation: completion });
  }
  if (virtual > 0) {
    notes.push(
      `${virtual} operations began while another of their process was open or of unknown outcome: each got a virtual process of its own, of ${next} in all`,
    );
  }
  return lines;
}

/** Events as they are, processes numbered in the order in which they appear. */
function numbered(drafts: readonly Draft[]): Line[] {
  const numbers = new Map<string, number>();
  return drafts.map(({ line, operation, process, start, outcome, result }) => {
    const number = numbers.get(process) ?? numbers.size;
    numbers.set(process, number);
    const value = outcome === 'ok' && result !== undefined ? result : operation.value;
    return { time: start, rank: 0, line, operation: { ...operation, process: number, type: outcome, value } };
  });
}

function outcomeOf(row: Row, status: StatusField): OperationType {
  const found = row.get(status.from);
  const text = found === undefined ? '' : typeof found === 'string' ? found : JSON.stringify(found);
  for (const type of ['invoke', 'ok', 'fail', 'info'] as const) {
    if (status[type]?.some((pattern) => new RegExp(pattern).test(text))) return type;
  }
  return 'info';
}

function fieldOf(row: Row, field: string | Field, isText: boolean): Json | undefined {
  const { from, default: otherwise, as, map }: Field = typeof field === 'string' ? { from: field } : field;
  const found = (from === undefined ? undefined : row.get(from)) ?? otherwise;
  if (found === undefined) return undefined;
  if (map !== undefined && typeof found === 'string' && Object.hasOwn(map, found)) return map[found];
  if (typeof found !== 'string' || as === 'text') return found;
  if (as === 'number') {
    const number = Number(found);
    if (!Number.isFinite(number))
      throw new HistoryError('wrong-type', `${from}: expected a number, got ${abbreviate(found)}`);
    return number;
  }
  if (as === undefined && !isText) return found;
  try {
    return JSON.parse(found) as Json;
  } catch {
    if (as === 'json') throw new HistoryError('not-json', `${from}: expected JSON, got ${abbreviate(found)}`);
    return found;
  }
}

function instant(row: Row, { from, unit }: TimeField): bigint | undefined {
  const found = row.get(from);
  if (found === undefined) return undefined;
  const nanos = nanosOf(found, unit);
  if (nanos === undefined)
    throw new HistoryError('wrong-type', `${from}: expected a time in ${unit}, got ${abbreviate(found)}`);
  return nanos;
}

function nameOf(field: string | Field): string {
  return typeof field === 'string' ? field : (field.from ?? 'default');
}

function missing(from: string, what: string): HistoryError {
  return new HistoryError('missing-property', `${from}: expected ${what}, got nothing`);
}
