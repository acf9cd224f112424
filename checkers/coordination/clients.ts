import { type History, isOperation, type Operation } from '../../histories/index.ts';

/**
 * Who is who: a client goes on under a new process number after an indeterminate operation. In histories of sixways the operations of the workload carry the client's
 * number, those of recovery and of final reads do not: there, as in histories from elsewhere, a process that carried the number before is known by it, and of another
 * one only the beginning is known. Whoever ended before that may be the same client.
 */
export class Clients {
  /** By process: index of the invocation that became indeterminate. */
  private readonly retired = new Map<number, number>();
  private readonly began = new Map<number, number>();
  /** What is open when all events have been taken was never completed: indeterminate, too. */
  private readonly open = new Map<number, number>();
  /** By process: the number of the client. */
  private readonly numbers = new Map<number, number>();
  /** By number: the last process that carried it. */
  private readonly latest = new Map<number, number>();
  private isEachNumbered = true;

  /** Cost: linear in the events. */
  static of({ events }: History): Clients {
    const clients = new Clients();
    for (const event of events) if (isOperation(event)) clients.event(event);
    return clients;
  }

  /** Takes the next operation. All that is asked about indices is right only after the last one. */
  event({ process, type, index, id }: Operation): void {
    if (type === 'invoke') {
      if (!this.began.has(process)) this.began.set(process, index);
      this.open.set(process, index);
    } else {
      if (type === 'info') this.retired.set(process, this.open.get(process) ?? index);
      this.open.delete(process);
    }
    if (id !== undefined) {
      this.numbers.set(process, id[0]);
      this.latest.set(id[0], process);
    } else if (type === 'invoke') this.isEachNumbered = false;
  }

  /** The client's number, where it is known. */
  numberOf({ id, process }: Pick<Operation, 'id' | 'process'>): number | undefined {
    return id?.[0] ?? this.numbers.get(process);
  }

  /** One text for each client, as far as it can be told: its number, or its process. */
  nameOf(operation: Pick<Operation, 'id' | 'process'>): string {
    const number = this.numberOf(operation);
    return number === undefined ? `process ${operation.process}` : `client ${number}`;
  }

  /** The index from which on the client may act without being known; infinity if it never does. */
  untraceableFrom(operation: Pick<Operation, 'id' | 'process'>): number {
    const number = this.numberOf(operation);
    if (number !== undefined && this.isEachNumbered) return Number.POSITIVE_INFINITY;
    const process = number === undefined ? operation.process : this.latest.get(number)!;
    return this.open.get(process) ?? this.retired.get(process) ?? Number.POSITIVE_INFINITY;
  }

  /** Whether two operations may be by the same client. */
  maybeSame(a: Operation, b: Operation): boolean {
    if (this.nameOf(a) === this.nameOf(b)) return true;
    if (this.numberOf(a) !== undefined && this.numberOf(b) !== undefined) return false;
    return this.follows(a, b) || this.follows(b, a);
  }

  /** Index of the first operation under this number. */
  beganAt({ process }: Pick<Operation, 'process'>): number {
    return this.began.get(process) ?? 0;
  }

  private follows(a: Operation, b: Operation): boolean {
    return this.untraceableFrom(a) < this.beganAt(b);
  }
}
