import { type History, isOperation, type Operation } from '../../histories/index.ts';

/**
 * Who is who: a client goes on under a new process number after an indeterminate operation. Histories of sixways carry the client's
 * number; elsewhere only the end of a process is known, and whoever begins after that may be the same client.
 */
export class Clients {
  /** By process: index of the invocation that became indeterminate. */
  private readonly retired = new Map<number, number>();
  private readonly began = new Map<number, number>();
  /** What is open when all events have been taken was never completed: indeterminate, too. */
  private readonly open = new Map<number, number>();

  /** Cost: linear in the events. */
  static of({ events }: History): Clients {
    const clients = new Clients();
    for (const event of events) if (isOperation(event)) clients.event(event);
    return clients;
  }

  /** Takes the next operation. All that is asked about indices is right only after the last one. */
  event({ process, type, index }: Operation): void {
    if (type === 'invoke') {
      if (!this.began.has(process)) this.began.set(process, index);
      this.open.set(process, index);
    } else {
      if (type === 'info') this.retired.set(process, this.open.get(process) ?? index);
      this.open.delete(process);
    }
  }

  /** One text for each client, as far as it can be told: the number that it carries, or its process. */
  nameOf({ id, process }: Pick<Operation, 'id' | 'process'>): string {
    return id === undefined ? `process ${process}` : `client ${id[0]}`;
  }

  /** The index from which on the client may act under another number; infinity if it carries its own number, or never does. */
  untraceableFrom({ id, process }: Pick<Operation, 'id' | 'process'>): number {
    if (id !== undefined) return Number.POSITIVE_INFINITY;
    return this.open.get(process) ?? this.retired.get(process) ?? Number.POSITIVE_INFINITY;
  }

  /** Whether two operations may be by the same client. */
  maybeSame(a: Operation, b: Operation): boolean {
    if (this.nameOf(a) === this.nameOf(b)) return true;
    if (a.id !== undefined && b.id !== undefined) return false;
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
