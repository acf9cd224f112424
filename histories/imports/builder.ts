import { abbreviate, HistoryError, type HistoryErrorCode } from '../error.ts';
import type { History, HistoryFooter, HistoryHeader } from '../history.ts';
import {
  type HistoryEvent,
  isOperation,
  type Json,
  type NemesisOperation,
  type Operation,
  type OperationType,
} from '../operation.ts';
import type { ForeignOperation } from './foreign-operation.ts';
import { type Keyed, keyOf, splitTuples } from './keys.ts';

export interface ImportOptions {
  /**
   * Whether values are tuples `[key value]` of many independent objects. `auto`, the default, decides by the rule of
   * `looksKeyed`. Tuples that are marked by a tag, and operations with a key of their own, are taken as they are.
   */
  readonly keyed?: Keyed;
}

type Mutable<T> = { -readonly [name in keyof T]: T[name] };

/** A process of the file: the number it has here, and its open operation. */
interface ProcessState {
  number: number;
  open: Operation | undefined;
  /** Its key as the line said it: what was in a tuple is set later. */
  key: string | number | undefined;
  completed: boolean;
  retired: boolean;
}

/** New numbers of processes, where the largest of the file is not known yet. */
const FRESH_PROCESSES = 1_000_000_000;
const TUPLES = 'values are read as [key value] tuples';
const ANONYMOUS =
  'operations had no :process: each is taken for itself, their order claims nothing about real time';

const TYPES: readonly Json[] = ['invoke', 'ok', 'fail', 'info'] satisfies OperationType[];
const isType = (type: Json | undefined): type is OperationType => type !== undefined && TYPES.includes(type);

/**
 * Makes a history of ours out of operations that others wrote, in their order:
 * - `index` is the position; `time` is kept, where it exists, and raised to the time before where it goes back; where there is none at
 *   all it is the index;
 * - a process that goes on after an `info` gets a new number from there: what it left behind may still happen;
 * - operations without process belong to the completion that follows them at once, each pair to a process of its own, and
 *   their order claims nothing about real time (`realtime: false` in the header);
 * - a process with a name that invokes operations gets a number; whatever else a name is given for is an operation of the nemesis.
 * What had to be changed is told in `notes`. Cost: constant per operation.
 */
export class HistoryBuilder {
  readonly notes: string[] = [];
  private events: (Mutable<Operation> | NemesisOperation)[] = [];
  /** Events that were handed out already. */
  private given = 0;
  private readonly keys = new Map<number, string | number>();
  private keyed: Keyed;
  private readonly processes = new Map<number | string, ProcessState>();
  private nameless = true;
  /** Positions of events whose value is a marked tuple. */
  private readonly marked = new Set<number>();
  /** Positions whose `process` is still a count of new numbers, from 0. */
  private readonly renumbered: number[] = [];
  private fresh = 0;
  private largest = -1;
  private time = 0;
  private untimed = 0;
  private backward = 0;
  private anonymous: Operation | undefined;
  private anonymousKey: string | number | undefined;
  private anonymousCount = 0;
  private named = false;

  constructor(options: ImportOptions) {
    this.keyed = options.keyed ?? 'auto';
  }

  get size(): number {
    return this.given + this.events.length;
  }

  /** @throws HistoryError without place: where the line stands, the caller knows. */
  add(line: ForeignOperation): void {
    const { process } = line;
    if (typeof process === 'string' && !this.isClient(process, line.type)) {
      this.addNemesis(process, line);
      return;
    }
    if (!isType(line.type)) {
      throw refusal(line.type, ':type', 'one of :invoke, :ok, :fail, :info', 'wrong-type');
    }
    if (process === undefined || process === null) this.addAnonymous(line, line.type);
    else if (typeof process === 'string') this.addNamed(line, line.type, process);
    else if (typeof process === 'number' && Number.isSafeInteger(process) && process >= 0)
      this.addNamed(line, line.type, process);
    else throw refusal(process, ':process', 'an integer from 0 or a name such as :nemesis', 'wrong-type');
  }

  /** The header, as far as the operations read until now tell. */
  get header(): HistoryHeader {
    return this.anonymousCount === 0
      ? { sixways: 1, world: 'imported' }
      : { sixways: 1, world: 'imported', realtime: false };
  }

  /**
   * Hands out the events that were added since, for who reads a file in pieces. What can only be known of the whole is then decided by the first
   * piece: whether values are tuples (an operation that contradicts it later is refused); new numbers of processes begin at 10^9; the times
   * of operations before the first one with a time are their positions.
   */
  take(): HistoryEvent[] {
    const { events, given } = this;
    if (this.largest >= FRESH_PROCESSES)
      throw refusal(this.largest, ':process', `below ${FRESH_PROCESSES}`, 'wrong-type');
    for (const index of this.renumbered)
      (events[index - given] as Mutable<Operation>).process += FRESH_PROCESSES;
    const split = splitTuples(events, this.marked, this.keyed, this.keys);
    if (this.keyed === 'auto' && events.some(isOperation)) {
      this.keyed = split;
      if (split) this.note(TUPLES);
    }
    this.given += events.length;
    this.events = [];
    this.marked.clear();
    this.renumbered.length = 0;
    return events;
  }

  /** Ends the reading in pieces, after the last `take`. */
  close(content: string): HistoryFooter {
    this.noteTimes();
    if (this.fresh > 0) this.noteProcesses(FRESH_PROCESSES);
    if (this.anonymousCount > 0) this.note(ANONYMOUS);
    return { events: this.given, content };
  }

  /** The whole. `content` is the digest of the file. @throws HistoryError */
  finish(content: string): History {
    const { events, header } = this;
    this.noteTimes();
    if (this.renumbered.length > 0) {
      const first = this.largest + 1;
      for (const at of this.renumbered) (events[at] as Mutable<Operation>).process += first;
      this.noteProcesses(first);
    }
    if (splitTuples(events, this.marked, this.keyed, this.keys)) this.note(TUPLES);
    if (this.anonymousCount > 0) this.note(ANONYMOUS);
    return { header, events, footer: { events: events.length, content } };
  }

  private noteTimes(): void {
    if (this.untimed < this.size && this.untimed > 0)
      this.note(`${this.untimed} operations had no :time and got that before them`);
    if (this.backward > 0)
      this.note(`${this.backward} operations had a :time before the one above them and got that`);
  }

  private noteProcesses(first: number): void {
    const which = this.nameless ? 'processes' : 'processes with names, and those';
    this.note(`${which} that went on after :info got new numbers, ${first} to ${first + this.fresh - 1}`);
  }

  /** Somebody who invokes and completes operations. The nemesis, under whatever name, only says what it did. */
  private isClient(process: string, type: Json | undefined): boolean {
    if (process === 'controller' || process.startsWith('nemesis')) return false;
    return (isType(type) && type !== 'info') || this.processes.get(process)?.open !== undefined;
  }

  private note(text: string): void {
    this.notes.push(text);
  }

  private addNemesis(process: string, line: ForeignOperation): void {
    const { f = 'nemesis', value = null } = line;
    this.push({
      index: this.size,
      time: this.timeOf(line),
      process: process === 'controller' ? 'controller' : 'nemesis',
      type: 'info',
      f: typeof f === 'string' && f !== '' ? f : JSON.stringify(f),
      value,
    });
  }

  private addNamed(line: ForeignOperation, type: OperationType, process: number | string): void {
    if (this.anonymousCount > 0)
      throw refusal(process, ':process', 'none, as in the operations above', 'wrong-type');
    this.named = true;
    if (typeof process === 'number') this.largest = Math.max(this.largest, process);
    let state = this.processes.get(process);
    if (state === undefined) {
      if (typeof process === 'string') this.nameless = false;
      const number = typeof process === 'number' ? process : -1 - this.fresh++;
      state = { number, open: undefined, key: undefined, completed: false, retired: false };
      this.processes.set(process, state);
    }
    if (type === 'invoke') {
      if (state.open !== undefined) {
        const message = `expected a process without an open operation, got process ${process} which invoked operation ${state.open.index}`;
        throw new HistoryError('open-invocation', message);
      }
      if (state.retired) {
        state.number = -1 - this.fresh++;
        state.retired = false;
      }
      state.open = this.pushOperation(line, type, state.number, undefined, undefined);
      state.key = state.open.key;
      return;
    }
    if (state.open === undefined) {
      throw state.completed
        ? new HistoryError(
            'duplicate-completion',
            `expected one completion of each operation of process ${process}, got a second one (:${type})`,
          )
        : new HistoryError(
            'no-invocation',
            `expected an invocation of process ${process} before its completion (:${type}), got none`,
          );
    }
    this.pushOperation(line, type, state.number, state.open, state.key);
    state.open = undefined;
    state.completed = true;
    state.retired = type === 'info';
  }

  private addAnonymous(line: ForeignOperation, type: OperationType): void {
    if (this.named)
      throw refusal(
        line.process,
        ':process',
        'an integer from 0 as in the operations above',
        'missing-property',
      );
    const { anonymous } = this;
    if (type === 'invoke') {
      this.anonymous = this.pushOperation(line, type, this.anonymousCount++, undefined, undefined);
      this.anonymousKey = this.anonymous.key;
      return;
    }
    if (anonymous === undefined) {
      const message = `expected an invocation just before a completion (:${type}) without :process, got none`;
      throw new HistoryError('no-invocation', message);
    }
    this.pushOperation(line, type, anonymous.process, anonymous, this.anonymousKey);
    this.anonymous = undefined;
  }

  /** Adds an invocation, or the completion of one. A negative process counts new numbers: -1, -2, ... */
  private pushOperation(
    line: ForeignOperation,
    type: OperationType,
    process: number,
    invocation: Operation | undefined,
    invokedKey: string | number | undefined,
  ): Operation {
    const f = nameOf(line, invocation);
    const index = this.size;
    const operation: Mutable<Operation> = {
      index,
      time: this.timeOf(line),
      process,
      type,
      f,
      value: line.value ?? null,
    };
    const key = line.key === undefined ? undefined : keyOf(line.key);
    if (key !== undefined) operation.key = key;
    if (invocation !== undefined && key !== invokedKey) {
      if (key !== undefined || type === 'ok')
        throw refusal(key, ':key', `${abbreviate(invokedKey)} as in its invocation`, 'mismatch');
      operation.key = invokedKey;
    }
    if (line.error !== undefined && line.error !== null) operation.error = line.error;
    if (typeof line.node === 'string') operation.node = line.node;
    if (typeof line.phase === 'string') operation.phase = line.phase;
    if (isId(line.id)) operation.id = line.id;
    if (process < 0) {
      operation.process = -1 - process;
      this.renumbered.push(index);
    }
    if (line.tuple) this.marked.add(index);
    this.push(operation);
    // The state of a process keeps the number as it was counted: it is made final at the end.
    return process < 0 ? { ...operation, process } : operation;
  }

  private push(event: Mutable<Operation> | NemesisOperation): void {
    this.events.push(event);
  }

  private timeOf({ time }: ForeignOperation): number {
    if (time === undefined || time === null) {
      this.untimed++;
      if (this.untimed === this.size + 1) this.time = this.size;
      return this.time;
    }
    if (typeof time !== 'number' || !Number.isInteger(time)) {
      throw refusal(time, ':time', 'nanoseconds as an integer', 'wrong-type');
    }
    // The first time that is told begins the count anew: those before it were positions.
    if (this.untimed === this.size && this.untimed > 0 && this.given === 0) {
      for (const event of this.events as Mutable<HistoryEvent>[]) event.time = 0;
      this.time = 0;
    }
    if (time < this.time) this.backward++;
    else this.time = time;
    return this.time;
  }
}

function nameOf({ f, value }: ForeignOperation, invocation: Operation | undefined): string {
  if (typeof f === 'string' && f !== '') {
    if (invocation !== undefined && f !== invocation.f) {
      throw refusal(
        f,
        ':f',
        `${abbreviate(invocation.f)} as in its invocation (operation ${invocation.index})`,
        'mismatch',
      );
    }
    return f;
  }
  if (f !== undefined && f !== null) throw refusal(f, ':f', 'a name such as :read', 'wrong-type');
  if (invocation !== undefined) return invocation.f;
  if (isTransaction(value)) return 'txn';
  throw refusal(f, ':f', 'a name such as :read', 'missing-property');
}

/** A list of micro-operations `[f key value]`. */
function isTransaction(value: Json | undefined): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one: Json) => Array.isArray(one) && one.length >= 2 && typeof one[0] === 'string')
  );
}

function isId(id: Json | undefined): id is readonly [number, number] {
  return Array.isArray(id) && id.length === 2 && id.every((part) => Number.isSafeInteger(part) && part >= 0);
}

function refusal(
  value: Json | undefined,
  name: string,
  expected: string,
  code: HistoryErrorCode,
): HistoryError {
  const actual = value === undefined && code === 'wrong-type' ? 'missing-property' : code;
  return new HistoryError(actual, `expected ${name} to be ${expected}, got ${abbreviate(value)}`);
}
