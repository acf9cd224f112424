import { type History, isOperation, type Operation } from '../histories/index.ts';

/**
 * Who is who: a client goes on under a new process number after an indeterminate operation. Histories of sixways carry the client's
 * number; elsewhere only the end of a process is known, and whoever begins after that may be the same client.
 */
export class Clients {
  /** By process: index of the invocation that became indeterminate, or was never completed. */
  private readonly retired = new Map<number, number>();
  private readonly began = new Map<number, number>();

  /** Cost: linear in the events. */
  constructor(history: History) {
    const open = new Map<number, number>();
    for (const event of history.events) {
      if (!isOperation(event)) continue;
      const { process, type, index } = event;
      if (type === 'invoke') {
        if (!this.began.has(process)) this.began.set(process, index);
        open.set(process, index);
      } else {
        if (type === 'info') this.retired.set(process, open.get(process) ?? index);
        open.delete(process);
      }
    }
    for (const [process, index] of open) this.retired.set(process, index);
  }

  /** One text for each client, as far as it can be told: the number that it carries, or its process. */
  nameOf({ id, process }: Pick<Operation, 'id' | 'process'>): string {
    return id === undefined ? `process ${process}` : `client ${id[0]}`;
  }

  /** The index from which on the client may act under another number; infinity if it carries its own number, or never does. */
  untraceableFrom({ id, process }: Pick<Operation, 'id' | 'process'>): number {
    return id === undefined
      ? (this.retired.get(process) ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY;
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
