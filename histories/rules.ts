import { abbreviate, type Fault, type HistoryErrorCode } from './error.ts';
import { type HistoryEvent, isOperation, type Operation } from './operation.ts';

/** What a process is up to. Indices of events; -1 for none. */
interface ProcessState {
  open: Operation | undefined;
  invoked: number;
  completed: number;
  retired: boolean;
}

/**
 * The rules between events: indices without gaps, time that never goes back, and for each process invocation and
 * completion in turn, until an `info` retires it. The form of each event is taken for granted.
 * Cost: constant per event; memory linear in the number of processes.
 */
export class HistoryRules {
  private index = 0;
  private time = 0;
  private readonly processes = new Map<number, ProcessState>();

  /** How many events were accepted. */
  get events(): number {
    return this.index;
  }

  /** The rule that the next event breaks; undefined, and the event counts, if none. */
  accept(event: HistoryEvent): Fault | undefined {
    if (event.index !== this.index) {
      return fault('index', '/index', `expected ${this.index}, the next index, got ${event.index}`);
    }
    if (event.time < this.time) {
      return fault(
        'time',
        '/time',
        `expected at least ${this.time}, the time of the event before, got ${event.time}`,
      );
    }
    if (isOperation(event)) {
      const broken = event.type === 'invoke' ? this.invoke(event) : this.complete(event);
      if (broken !== undefined) return broken;
    }
    this.index++;
    this.time = event.time;
    return undefined;
  }

  private invoke(event: Operation): Fault | undefined {
    const state = this.processes.get(event.process);
    if (state === undefined) {
      this.processes.set(event.process, { open: event, invoked: event.index, completed: -1, retired: false });
      return undefined;
    }
    if (state.open !== undefined) {
      const message = `expected a process without an open operation, got process ${event.process} whose operation ${state.invoked} is still open`;
      return fault('open-invocation', '/process', message);
    }
    if (state.retired) {
      const message = `expected a new process, got process ${event.process} which ended with info at index ${state.completed}`;
      return fault('retired-process', '/process', message);
    }
    state.open = event;
    state.invoked = event.index;
    return undefined;
  }

  private complete(event: Operation): Fault | undefined {
    const state = this.processes.get(event.process);
    if (state === undefined) {
      const message = `expected an invocation of process ${event.process} before its completion, got none`;
      return fault('no-invocation', '/process', message);
    }
    const { open } = state;
    if (open === undefined) {
      const message = `expected one completion of operation ${state.invoked} of process ${event.process}, got a second one after that at index ${state.completed}`;
      return fault('duplicate-completion', '/process', message);
    }
    if (event.f !== open.f) return mismatch('f', event.f, open.f, open);
    if (event.key !== open.key) return mismatch('key', event.key, open.key, open);
    if (event.id !== undefined || open.id !== undefined) {
      if (event.id?.[0] !== open.id?.[0] || event.id?.[1] !== open.id?.[1])
        return mismatch('id', event.id, open.id, open);
    }
    state.open = undefined;
    state.completed = event.index;
    state.retired = event.type === 'info';
    return undefined;
  }
}

function mismatch(
  name: 'f' | 'key' | 'id',
  actual: Operation['id' | 'key'],
  expected: Operation['id' | 'key'],
  open: Operation,
): Fault {
  const message = `expected ${abbreviate(expected)} as in the invocation at index ${open.index}, got ${abbreviate(actual)}`;
  return fault('mismatch', `/${name}`, message);
}

function fault(code: HistoryErrorCode, pointer: string, message: string): Fault {
  return { code, pointer, message };
}
