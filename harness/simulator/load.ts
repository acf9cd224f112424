import type { Nanos } from '../contract/index.ts';
import type { Action } from './event-queue.ts';
import { EventCode } from './kernel.ts';
import type { Machine } from './machine.ts';
import type { Process, ProcessTask } from './process.ts';

/** Meaningless requests at a steady rate: each takes a place in the queue and CPU time, and nothing else. */
export class LoadSource implements Action, ProcessTask {
  readonly bytes = 0;
  readonly droppable = true;
  private readonly machine: Machine;
  private readonly gap: Nanos;
  private readonly cost: Nanos;
  private stopped = false;
  sent = 0;
  served = 0;

  constructor(machine: Machine, perSecond: number, cost: Nanos) {
    if (!(perSecond > 0))
      throw new RangeError(`load: expected more than 0 requests per second, got ${perSecond}`);
    this.machine = machine;
    this.gap = Math.max(1, Math.round(1e9 / perSecond));
    this.cost = cost;
  }

  start(): void {
    const { kernel, index } = this.machine;
    kernel.schedule(kernel.now + this.gap, EventCode.load, index, 0, this);
  }

  stop(): void {
    this.stopped = true;
  }

  fire(): void {
    if (this.stopped) return;
    const { process, powered, frozen } = this.machine;
    this.sent++;
    if (powered && !frozen) process?.enqueue(this);
    this.start();
  }

  run(process: Process): void {
    this.served++;
    process.spend(this.cost);
  }
}
